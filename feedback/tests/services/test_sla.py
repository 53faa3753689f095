"""Clocks of tickets, with the hands moved: over holidays, through pauses, under other promises."""

from datetime import datetime, timedelta
from itertools import count

import pytest
import time_machine

from accounts.services.staff import hire
from feedback.errors import CalendarRefused, ChangesNothing, EscalationSeen, SlaPolicyRefused
from feedback.events import TicketEscalated
from feedback.models import Escalation, SlaClock, SlaPolicy, SpecialDays
from feedback.rules.sla import Rung, SlaTerms
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.calendars import years_to_enter
from feedback.selectors.escalations import waiting_for
from feedback.selectors.sla import next_due
from feedback.services import tickets
from feedback.services.calendars import propose_hours, propose_year
from feedback.services.escalations import take_note, watch_clocks
from feedback.services.sla_policies import propose_policy
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

_numbers = count()
BEFORE_THE_HOLIDAY = (
    "2026-09-30 17:30"  # a Wednesday; 国庆节 is until the 7th, and the 10th is a Saturday at work
)


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.fixture
def it_is(outbox):
    """What happened until now is heard; then it is later."""
    with time_machine.travel(shanghai(BEFORE_THE_HOLIDAY), tick=False) as hands:

        def move(text):
            outbox.deliver()
            hands.move_to(shanghai(text))

        yield move


@pytest.fixture
def ticket(it_is, outbox):
    opened = asked()
    outbox.deliver()
    return opened


def asked(**wish):
    said = {
        "user_id": None,
        "kind": "REFUND",
        "channel": "PHONE",
        "subject": "退款没到",
        "body": "三天了还没到账",
        "source": f"test:sla:{next(_numbers)}",
        "priority": 2,
    }
    return tickets.open_ticket(**{**said, **wish})


def says(ticket, voice, body="请帮我看看"):
    return tickets.say(
        ticket_id=ticket.pk, voice=voice, body=body, client_id=f"m{next(_numbers)}", author_id=None
    )


def moves(ticket, state):
    tickets.move_ticket(ticket_id=ticket.pk, to=state, by_id=None)


def clock_of(ticket, kind):
    return SlaClock.objects.filter(ticket=ticket, kind=kind).order_by("-id")[0]


def due(ticket, kind):
    return clock_of(ticket, kind).due_at


@pytest.fixture
def leads():
    """Two who may agree on a policy."""

    def sit(name):
        staff, _password = hire(
            username=name, name=name, employee_no=f"E-{name}", password="three unusual words"
        )
        staff.groups.add(make_groups()["客服主管"])
        return staff

    return sit("li"), sit("zhou")


def agreed(leads):
    """What is proposed is approved by the other one."""
    maker, checker = leads
    proposal = Proposal.objects.latest("id")
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    return approve(proposal_id=proposal.pk, checker_id=checker.pk)


def test_time_runs_while_people_are_at_work(ticket):
    assert due(ticket, "FIRST_REPLY") == shanghai(
        "2026-10-08 10:30"
    )  # half an hour, and seven days later 1:30
    assert due(ticket, "SOLVE") == shanghai("2026-10-09 15:30")
    assert next_due([ticket.pk]) == {ticket.pk: shanghai("2026-10-08 10:30")}


def test_a_word_of_ours_ends_the_wait_for_it_and_the_next_question_begins_another(ticket, it_is, outbox):
    it_is("2026-10-08 09:30")
    says(ticket, Voice.SYSTEM)
    says(ticket, Voice.AGENT)
    it_is("2026-10-08 10:00")
    says(ticket, Voice.CUSTOMER)
    it_is("2026-10-08 10:05")
    says(ticket, Voice.CUSTOMER)
    it_is("2026-10-08 11:00")

    assert clock_of(ticket, "FIRST_REPLY").met_at == shanghai("2026-10-08 09:30")
    assert clock_of(ticket, "FIRST_REPLY").breached_at is None
    assert due(ticket, "NEXT_REPLY") == shanghai("2026-10-08 14:00")  # from the first of the two
    says(ticket, Voice.AGENT)
    outbox.deliver()
    assert clock_of(ticket, "NEXT_REPLY").met_at == shanghai("2026-10-08 11:00")
    assert SlaClock.objects.filter(ticket=ticket, kind="NEXT_REPLY").count() == 1


def test_the_solution_does_not_wait_while_the_customer_is_asked(ticket, it_is, outbox):
    it_is("2026-10-08 09:30")
    says(ticket, Voice.AGENT)  # and so waits for the customer
    it_is("2026-10-08 16:30")
    assert due(ticket, "SOLVE") is None

    says(ticket, Voice.CUSTOMER)
    outbox.deliver()

    assert due(ticket, "SOLVE") == shanghai(
        "2026-10-10 13:30"
    )  # seven hours more, the last on a Saturday at work


def test_who_reopens_goes_on_with_the_time_that_was_left(ticket, it_is, outbox):
    it_is("2026-10-08 10:00")
    moves(ticket, TicketState.RESOLVED)
    it_is("2026-10-12 10:00")
    kept = clock_of(ticket, "SOLVE")
    moves(ticket, TicketState.OPEN)
    outbox.deliver()

    assert (kept.met_at, kept.breached_at) == (shanghai("2026-10-08 10:00"), None)
    assert clock_of(ticket, "SOLVE").met_at is None
    assert due(ticket, "SOLVE") == shanghai("2026-10-13 15:30")  # 1:30 were used
    assert clock_of(ticket, "FIRST_REPLY").stopped_at == shanghai("2026-10-08 10:00")


def test_each_is_told_once_and_a_broken_promise_stays_broken(ticket, it_is, outbox):
    def watched(at):
        it_is(at)
        for _twice in range(2):
            watch_clocks(at=clock.now(), limit=10)
        return list(
            Escalation.objects.filter(clock__ticket=ticket, clock__kind="FIRST_REPLY")
            .order_by("id")
            .values_list("rung", flat=True)
        )

    assert watched("2026-10-08 09:59") == []
    assert watched("2026-10-08 10:00") == [Rung.AGENT]  # three quarters of two hours
    assert watched("2026-10-08 10:31") == [Rung.AGENT, Rung.LEAD]
    assert watched("2026-10-08 11:30") == [Rung.AGENT, Rung.LEAD, Rung.MANAGER]
    says(ticket, Voice.AGENT)
    outbox.deliver()

    late = clock_of(ticket, "FIRST_REPLY")
    assert (late.breached_at, late.met_at) == (shanghai("2026-10-08 10:30"), shanghai("2026-10-08 11:30"))
    assert watched("2026-10-20 11:30") == [Rung.AGENT, Rung.LEAD, Rung.MANAGER]
    told = StoredEvent.objects.filter(
        name=TicketEscalated.name, aggregate=f"ticket:{ticket.pk}", payload__clock="FIRST_REPLY"
    )
    assert told.count() == 3


def test_an_answer_that_the_relay_has_not_brought_yet_is_no_breach(ticket, it_is, outbox):
    it_is("2026-10-08 10:20")
    says(ticket, Voice.AGENT)

    watch_clocks(at=shanghai("2026-10-08 10:40"), limit=10)
    assert not Escalation.objects.filter(clock__kind="FIRST_REPLY").exists()
    outbox.deliver()

    assert clock_of(ticket, "FIRST_REPLY").breached_at is None


def test_who_was_told_says_once_what_is_done(ticket, it_is, leads):
    it_is("2026-10-08 10:31")
    watch_clocks(at=clock.now(), limit=10)
    row = Escalation.objects.get(clock__ticket=ticket, rung=Rung.LEAD)
    agents = Escalation.objects.get(clock=row.clock_id, rung=Rung.AGENT)
    assert list(waiting_for(leads[0]).filter(clock__ticket=ticket)) == [row]

    take_note(escalation_id=row.pk, by_id=leads[0].pk, remark="已改派给小王")

    with pytest.raises(EscalationSeen):
        take_note(escalation_id=row.pk, by_id=leads[1].pk, remark="我来")
    with pytest.raises(EscalationSeen):
        take_note(escalation_id=agents.pk, by_id=leads[1].pk, remark="我来")
    row.refresh_from_db()
    assert (row.seen_by, row.remark) == (leads[0].pk, "已改派给小王")
    assert not waiting_for(leads[0]).filter(clock__ticket=ticket).exists()


def test_another_urgency_is_another_promise_from_the_beginning(ticket, it_is, outbox, leads):
    it_is("2026-10-08 09:10")
    tickets.reclassify(ticket_id=ticket.pk, by_id=leads[0].pk, priority=1)
    outbox.deliver()
    assert due(ticket, "FIRST_REPLY") == shanghai(BEFORE_THE_HOLIDAY) + timedelta(minutes=30)
    watch_clocks(at=clock.now(), limit=10)
    assert clock_of(ticket, "FIRST_REPLY").breached_at == shanghai("2026-09-30 18:00")

    tickets.reclassify(ticket_id=ticket.pk, by_id=leads[0].pk, priority=3)
    outbox.deliver()

    assert due(ticket, "FIRST_REPLY") == shanghai("2026-10-08 16:30")
    assert clock_of(ticket, "FIRST_REPLY").breached_at == shanghai("2026-09-30 18:00")  # and stays broken


def test_a_complaint_is_counted_round_the_clock(it_is, outbox):
    complaint = asked(kind="COMPLAINT", channel="WECHAT")
    outbox.deliver()
    moves(complaint, TicketState.WAITING)
    outbox.deliver()

    assert due(complaint, "FIRST_REPLY") == shanghai("2026-10-01 17:30")
    assert due(complaint, "SOLVE") == shanghai("2026-10-03 17:30")


def test_a_policy_is_another_when_two_agree_and_counts_for_what_is_open(ticket, outbox, leads):
    terms = SlaTerms(calendar="always", first_reply=60, next_reply=60, solve=600, pauses=False)
    wish = {"kind": "REFUND", "priority": None, "tier": ""}
    propose_policy(**wish, terms=terms, reason="退款要快", maker_id=leads[0].pk)
    before = SlaPolicy.objects.count()
    agreed(leads)
    outbox.deliver()

    assert SlaPolicy.objects.count() == before + 1
    assert due(ticket, "FIRST_REPLY") == shanghai("2026-09-30 18:30")
    assert due(ticket, "SOLVE") == shanghai("2026-10-01 03:30")
    with pytest.raises(ChangesNothing):
        propose_policy(**wish, terms=terms, reason="再来一次", maker_id=leads[0].pk)
    with pytest.raises(SlaPolicyRefused):
        propose_policy(
            kind="",
            priority=None,
            tier="",
            terms=SlaTerms(**{**terms.columns, "in_use": False}),
            reason="停用",
            maker_id=leads[0].pk,
        )


def test_what_a_pause_is_follows_the_policy_that_counts(ticket, it_is, outbox, leads):
    it_is("2026-10-08 09:30")
    moves(ticket, TicketState.WAITING)
    outbox.deliver()
    assert due(ticket, "SOLVE") is None

    terms = SlaTerms(calendar="office", first_reply=120, next_reply=240, solve=960, pauses=False)
    propose_policy(
        kind="REFUND", priority=None, tier="", terms=terms, reason="不再暂停", maker_id=leads[0].pk
    )
    agreed(leads)
    outbox.deliver()

    assert due(ticket, "SOLVE") == shanghai("2026-10-09 15:30")


def test_a_year_is_entered_by_two_and_what_waits_counts_by_it(it_is, outbox, leads):
    it_is("2026-12-31 17:00")
    late = asked()
    outbox.deliver()
    assert due(late, "FIRST_REPLY") == shanghai("2027-01-01 10:00")
    assert years_to_enter(clock.business_day(clock.now())) == [2027]

    text = "元旦 2027-01-01 2027-01-03 休\n国庆节 2027-10-01 2027-10-07 休"
    propose_year(year=2027, text=text, reason="国务院通知", maker_id=leads[0].pk)
    assert not SpecialDays.objects.filter(year=2027).exists()
    agreed(leads)
    outbox.deliver()

    assert due(late, "FIRST_REPLY") == shanghai("2027-01-04 10:00")
    assert years_to_enter(clock.business_day(clock.now())) == []
    with pytest.raises(ChangesNothing):
        propose_year(year=2027, text=text, reason="又一次", maker_id=leads[0].pk)


def test_what_is_no_notice_is_refused_and_nothing_moves():
    for text in ("元旦 明天 休", "元旦 2026-12-31 休\n元旦 2026-12-31 休", "国庆节 2025-10-01 休"):
        with pytest.raises(CalendarRefused):
            propose_year(year=2027, text=text, reason="录入试试", maker_id=1)

    assert not Proposal.objects.exists()


def test_other_hours_are_agreed_upon_too(ticket, outbox, leads):
    calendar = SlaPolicy.objects.filter(calendar__code="office").first().calendar
    hours = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "opens": "08:00", "closes": "00:00", "keeps_holidays": False}
    propose_hours(calendar=calendar, hours=hours, reason="延长服务", maker_id=leads[0].pk)
    agreed(leads)
    outbox.deliver()

    assert due(ticket, "FIRST_REPLY") == shanghai("2026-09-30 19:30")
    assert due(ticket, "SOLVE") == shanghai("2026-10-01 17:30")


def test_nobody_waits_on_a_ticket_that_went_on_in_another(ticket, it_is, outbox):
    other = asked()
    it_is("2026-10-08 09:10")
    ticket.merged_into = other
    ticket.save(update_fields=["merged_into"])
    moves(ticket, TicketState.MERGED)
    outbox.deliver()

    watch_clocks(at=shanghai("2026-11-08 09:10"), limit=10)

    assert set(SlaClock.objects.filter(ticket=ticket).values_list("stopped_at", flat=True)) == {
        shanghai("2026-10-08 09:10")
    }
    assert not Escalation.objects.filter(clock__ticket=ticket).exists()
    assert next_due([ticket.pk]) == {}


def test_clocks_of_two_machines_may_differ(ticket, it_is, outbox):
    tickets.move_ticket(ticket_id=ticket.pk, to=TicketState.WAITING, by_id=None)
    it_is("2026-09-30 17:29:59")
    tickets.move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None)
    outbox.deliver()

    [pause] = SlaClock.objects.get(ticket=ticket, kind="SOLVE").pauses.all()
    assert pause.ended_at == pause.began_at
