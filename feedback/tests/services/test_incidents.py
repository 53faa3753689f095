"""An emergency: one incident for all who report it, a checklist, an end with a finding."""

import pytest

from feedback.errors import IncidentEnded, IncidentItemDone, IncidentItemsOpen
from feedback.events import IncidentBegan, IncidentOver
from feedback.models import Escalation, Incident, IncidentStep, IncidentTicket, SlaClock
from feedback.rules.tickets import Priority
from feedback.services.escalations import watch_clocks
from feedback.services.incidents import (
    call_off_incident,
    do_item,
    end_incident,
    join_incident,
    lead_incident,
)
from feedback.services.tickets import reclassify
from feedback.tests.factories import opened
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

WHO = 7


@pytest.fixture
def incident(db, outbox):
    first = opened(kind="PAYMENT", priority=Priority.EMERGENCY, subject="全部付款失败", user_id=None)
    outbox.deliver()
    return IncidentTicket.objects.get(ticket=first).incident


def told(event, incident):
    return StoredEvent.objects.filter(name=event.name, payload__incident_id=incident.pk).count()


def test_it_begins_with_the_first_report_and_gathers_the_others(incident, outbox):
    raised = opened(kind="PAYMENT", priority=Priority.NORMAL, user_id=None)
    elsewhere = opened(kind="WITHDRAWAL", priority=Priority.EMERGENCY, user_id=None)
    outbox.deliver()
    assert IncidentTicket.objects.filter(incident=incident).count() == 1

    for _twice in range(2):
        reclassify(ticket_id=raised.pk, by_id=WHO, priority=Priority.EMERGENCY)
        outbox.deliver()

    assert incident.title.startswith("支付与余额（N")
    assert incident.items.count() == IncidentStep.objects.count() > 5
    assert IncidentTicket.objects.filter(incident=incident).count() == 2
    assert IncidentTicket.objects.get(ticket=elsewhere).incident != incident
    assert told(IncidentBegan, incident) == 1
    due = SlaClock.objects.get(ticket=elsewhere, kind="FIRST_REPLY")
    assert (due.due_at - due.started_at).total_seconds() == 15 * 60  # at night, too


def test_it_ends_when_every_item_is_done_and_not_before(incident):
    lead_incident(incident_id=incident.pk, leader_id=WHO)
    with pytest.raises(IncidentItemsOpen):
        end_incident(incident_id=incident.pk, by_id=WHO, finding="证书过期")
    incident.refresh_from_db()
    assert (incident.state, incident.leader_id) == ("OPEN", WHO)

    for item in incident.items.all():
        do_item(item_id=item.pk, by_id=WHO, remark="已完成")
    with pytest.raises(IncidentItemDone):
        do_item(item_id=incident.items.first().pk, by_id=8, remark="再来")
    end_incident(incident_id=incident.pk, by_id=WHO, finding="证书过期，已加监控")

    incident.refresh_from_db()
    assert (incident.state, incident.ended_by, incident.finding) == ("ENDED", WHO, "证书过期，已加监控")
    assert incident.items.first().done_by == WHO
    assert told(IncidentOver, incident) == 1


def test_a_false_alarm_is_over_at_once_and_the_next_report_begins_anew(incident, outbox):
    call_off_incident(incident_id=incident.pk, by_id=WHO, finding="顾客网络故障")
    with pytest.raises(IncidentEnded):
        do_item(item_id=incident.items.first().pk, by_id=WHO, remark="已完成")

    opened(kind="PAYMENT", priority=Priority.EMERGENCY, user_id=None)
    outbox.deliver()

    states = Incident.objects.filter(kind="PAYMENT").order_by("id").values_list("state", flat=True)
    assert list(states)[-2:] == ["FALSE_ALARM", "OPEN"]


@pytest.mark.committed
def test_many_reports_at_once_are_one_incident_and_two_watches_tell_once(committed_db, in_parallel, outbox):
    Incident.objects.filter(state="OPEN").update(state="ENDED", ended_at=clock.now(), finding="以前的")
    reports = [opened(kind="FAULT", priority=Priority.NORMAL, user_id=None) for _each in range(4)]
    outbox.deliver()
    type(reports[0]).objects.filter(pk__in=[each.pk for each in reports]).update(priority=0)

    in_parallel([lambda pk=each.pk: join_incident(ticket_id=pk) for each in reports])

    about = IncidentTicket.objects.filter(ticket__in=reports)
    assert about.count() == 4
    assert about.values("incident").distinct().count() == 1

    clocks = SlaClock.objects.filter(ticket__in=reports, kind="SOLVE")
    clocks.update(next_rung_at=clock.now())
    in_parallel([lambda: watch_clocks(at=clock.now(), limit=500)] * 3)

    assert sorted(Escalation.objects.filter(clock__in=clocks).values_list("clock", "rung")) == [
        (pk, 1) for pk in sorted(clocks.values_list("pk", flat=True))
    ]
