"""How customers are helped and what is stopped, on a day of which everything is known."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.services.freezing import freeze_user
from accounts.tests.factories import logged_in
from feedback.models import Invitation, RootCause, SlaClock, SlaPolicy, Survey, Ticket
from feedback.rules.tickets import TicketState
from feedback.tests.complaints import complained
from feedback.tests.factories import opened
from payments.models import Order, RiskCase, RiskDecision
from payments.tests.factories import held_move, paid_order
from wallet.services.freezes import freeze_wallet
from wallet.services.wallets import open_wallet
from wallet_project.analytics.selectors.series import by_part, hourly, ratio, totals
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.kit import clock
from wallet_project.kit.serials import new_serial

DAY = date(2020, 2, 29)  # nothing else happened then
NOON = datetime(2020, 2, 29, 12, tzinfo=clock.SHANGHAI)

pytestmark = pytest.mark.django_db


def ticket(*, at: datetime, **columns) -> Ticket:
    made = opened(kind=columns.pop("kind", "REFUND"))
    Ticket.objects.filter(pk=made.pk).update(opened_at=at, **columns)
    return made


def test_tickets_their_pace_and_their_causes():
    cause = RootCause.objects.create(code="slow-bank", name="银行到账慢")
    ticket(at=NOON)
    ticket(at=NOON, state=TicketState.MERGED, merged_into=ticket(at=NOON - timedelta(days=1)), closed_at=NOON)
    ticket(
        at=NOON,
        kind="PAYMENT",
        state=TicketState.RESOLVED,
        first_replied_at=NOON + timedelta(minutes=10),
        resolved_at=NOON + timedelta(hours=2),
        cause=cause,
    )
    ticket(at=NOON + timedelta(days=1), resolved_at=NOON + timedelta(days=2))

    roll_up(day=DAY)

    assert totals(["tickets_opened", "tickets_solved", "tickets_replied", "tickets_waiting"], DAY, DAY) == {
        "tickets_opened": 2,
        "tickets_solved": 1,
        "tickets_replied": 1,
        "tickets_waiting": 2,
    }
    assert hourly("tickets_opened", DAY, DAY) == [(DAY, 12, 2)]
    assert by_part("tickets_opened", "ticket_kind", DAY, DAY) == {
        "ticket_kind:PAYMENT": 1,
        "ticket_kind:REFUND": 1,
    }
    assert by_part("tickets_solved", "cause", DAY, DAY) == {"cause:slow-bank": 1}
    assert ratio("time_to_reply", DAY, DAY) == 600
    assert ratio("time_to_solve", DAY, DAY) == 7_200


def test_promises_opinions_and_complaints():
    one, other = (ticket(at=NOON) for _ in range(2))
    SlaClock.objects.all().delete()
    kept = {"policy": SlaPolicy.objects.first(), "started_at": NOON, "met_at": NOON}
    SlaClock.objects.create(ticket=one, kind="FIRST_REPLY", **kept)
    SlaClock.objects.create(ticket=one, kind="SOLVE", **kept)
    SlaClock.objects.create(ticket=other, kind="SOLVE", **{**kept, "breached_at": NOON})
    SlaClock.objects.create(
        ticket=other, kind="FIRST_REPLY", **{**kept, "breached_at": NOON - timedelta(days=1)}
    )
    for kind, scores in {"CSAT": (5, 4, 3), "NPS": (10, 9, 8, 6, 0)}.items():
        for score in scores:
            answered(kind, score)
    complained(complained_at=NOON)
    for _ in range(4):
        paid_order(logged_in().user)
    Order.objects.update(paid_at=NOON)

    roll_up(day=DAY)

    assert ratio("sla_rate", DAY, DAY) == Decimal(2) / 3
    assert by_part("promises_kept", "clock", DAY, DAY) == {"clock:FIRST_REPLY": 1, "clock:SOLVE": 1}
    assert ratio("csat", DAY, DAY) == Decimal(2) / 3
    assert ratio("nps", DAY, DAY) == 0
    assert ratio("complaint_rate", DAY, DAY) == Decimal(1) / 4


def test_what_was_stopped_and_whether_that_was_right():
    user = logged_in().user
    confirmed, alarm, _open = (held_move(user, amount=amount) for amount in (1_000, 2_000, 4_000))
    RiskCase.objects.all().update(opened_at=NOON)
    for case, state in ((confirmed, "CONFIRMED"), (alarm, "FALSE_ALARM")):
        RiskCase.objects.filter(pk=case.pk).update(
            state=state, closed_at=NOON, closed_by=user.pk, conclusion="核实完毕"
        )
    held = list(RiskDecision.objects.order_by("pk"))
    for decision in held:
        decided(user, decision.outcome, amount=decision.amount, hits=decision.hits)
    decided(user, "ALLOW", amount=7)
    decided(user, "DENY", amount=9, is_final=False)
    freeze_user(user_id=user.pk, reason="盗号")
    freeze_wallet(wallet_id=open_wallet(user_id=logged_in().user.pk).pk, reason="公安协查")

    roll_up(day=DAY)
    roll_up(day=(today := clock.business_day(clock.now())))

    counts = totals(["risk_decisions", "risk_stopped", "risk_stopped_amount", "risk_hits"], DAY, DAY)
    assert counts == {
        "risk_decisions": 4,
        "risk_stopped": 3,
        "risk_stopped_amount": 7_000,
        "risk_hits": 3,
    }
    assert by_part("risk_decisions", "outcome", DAY, DAY) == {"outcome:HOLD": 3, "outcome:ALLOW": 1}
    assert by_part("risk_hits", "rule", DAY, DAY) == {"rule:mule_fan_in": 3}
    assert ratio("risk_precision", DAY, DAY) == Decimal(1) / 2
    assert totals(["risk_cases_opened", "risk_cases_waiting", "frozen_wallets"], DAY, DAY) == {
        "risk_cases_opened": 3,
        "risk_cases_waiting": 1,
        "frozen_wallets": None,  # of a day that is over nobody can tell any more
    }
    assert totals(["freezes", "frozen_wallets"], today, today) == {"freezes": 2, "frozen_wallets": 1}
    assert by_part("freezes", "freeze", today, today) == {"freeze:USER": 1, "freeze:WALLET": 1}


def decided(user, outcome: str, *, amount: int, hits=(), is_final: bool = True) -> None:
    RiskDecision.objects.create(
        number=new_serial("V", NOON),
        user=user,
        operation="wallet.transfer",
        amount=amount,
        is_final=is_final,
        outcome=outcome,
        score=0,
        cause="FUNDS",
        hits=list(hits),
        at=NOON,
    )


def answered(kind: str, score: int) -> None:
    survey = Survey.objects.filter(kind=kind).first() or Survey.objects.create(
        title=kind, kind=kind, trigger="TICKET_SOLVED" if kind == "CSAT" else "ORDER_PAID"
    )
    Invitation.objects.create(
        number=new_serial("I", NOON),
        survey=survey,
        user=logged_in().user,
        theme=kind,
        invited_at=NOON,
        opens_at=NOON,
        expires_at=NOON + timedelta(days=14),
        quiet_until=NOON + timedelta(days=90),
        answered_at=NOON,
        score=score,
    )
