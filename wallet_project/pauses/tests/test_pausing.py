"""A flow stands still at once, and goes on when two people say so."""

import pytest
from django.db import transaction

from accounts.models import User
from wallet_project.approvals.errors import AlreadyProposed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import context
from wallet_project.kit.models import StoredEvent
from wallet_project.pauses.errors import AlreadyPaused, NotPaused, Paused
from wallet_project.pauses.models import Flow, Pause, PauseCause
from wallet_project.pauses.selectors import is_paused
from wallet_project.pauses.services import lift_pause, pause_flow, propose_lift, require_going, trip
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    """Two who may pause money and let it go on."""
    return [User.objects.create_superuser(name, "a long enough password") for name in ("chen", "zhou")]


def told_of(pause):
    published = StoredEvent.objects.filter(aggregate="flow:money", payload__pause_id=pause.pk)
    return list(published.values_list("name", flat=True).order_by("pk"))


def test_money_moves_until_somebody_stops_it():
    require_going(Flow.MONEY)

    with context.acting(actor="staff:3"):
        pause = pause_flow(flow=Flow.MONEY, reason="支付通道异常")

    with pytest.raises(Paused):
        require_going(Flow.MONEY)
    assert (pause.cause, pause.raised_by, pause.lifted_at) == ("staff", "staff:3", None)
    entry = AuditEntry.objects.get(action="pauses.flow.paused", subject=f"pause:{pause.pk}")
    assert entry.actor == "staff:3"
    assert told_of(pause) == ["pauses.flow.paused"]


def test_it_is_stopped_once_and_by_a_broken_ledger_in_silence():
    trip(flow=Flow.MONEY, reason="账户余额与分录不符", cause=PauseCause.DRIFT)

    trip(flow=Flow.MONEY, reason="试算不平衡", cause=PauseCause.DRIFT)
    with pytest.raises(AlreadyPaused):
        pause_flow(flow=Flow.MONEY, reason="支付通道异常")

    pause = Pause.objects.get(lifted_at=None)
    assert (pause.cause, pause.reason) == ("drift", "账户余额与分录不符")
    assert told_of(pause) == ["pauses.flow.paused"]


def test_two_people_let_it_move_again(staff):
    chen, zhou = staff
    pause = pause_flow(flow=Flow.MONEY, reason="支付通道异常")
    propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=chen.pk)
    with pytest.raises(AlreadyProposed):
        propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=zhou.pk)
    proposal = Proposal.objects.get(subject=f"pause:{pause.pk}")

    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=chen.pk)
    with pytest.raises(Paused):
        require_going(Flow.MONEY)
    approve(proposal_id=proposal.pk, checker_id=zhou.pk)

    require_going(Flow.MONEY)
    pause.refresh_from_db()
    assert (pause.lifted_by, pause.lifted_reason) == (f"staff:{zhou.pk}", "通道已恢复")
    assert told_of(pause) == ["pauses.flow.paused", "pauses.flow.resumed"]
    with pytest.raises(NotPaused):
        propose_lift(pause_id=pause.pk, reason="通道已恢复", maker_id=chen.pk)
    with pytest.raises(NotPaused), transaction.atomic():
        lift_pause(pause_id=pause.pk, reason="通道已恢复", checker_id=zhou.pk)


def test_moving_money_costs_no_query_most_of_the_time(django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(5):
            require_going(Flow.MONEY)


@pytest.mark.parametrize("flow", [Flow.TOP_UP, Flow.PAY, Flow.TRANSFER, Flow.REFUND, Flow.WITHDRAW])
def test_one_flow_stops_alone_and_with_all_money(flow):
    with paused(flow):
        assert is_paused(flow)
        assert [other for other in Flow if is_paused(other)] == [flow]
    with paused(Flow.MONEY):
        assert is_paused(flow)
        assert not is_paused(Flow.SMS)


def test_read_only_stops_money_and_keeps_callbacks():
    with paused(Flow.READ_ONLY):
        standing = {flow for flow in Flow if is_paused(flow)}

    assert standing == set(Flow) - {Flow.CALLBACKS, Flow.SMS, Flow.REGISTER}


def test_a_refusal_says_which_flow():
    with paused(Flow.WITHDRAW), pytest.raises(Paused) as refused:
        require_going(Flow.WITHDRAW)

    assert refused.value.detail == {"flow": "withdraw"}
