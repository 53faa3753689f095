"""What payments' events mean to people. Nobody is tipped off: of what is looked into they hear nothing."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules.screening import SCREENED, Outcome
from accounts.rules.step_up import OperationKind
from payments.events import (
    BillFailed,
    BillPaid,
    BillReturned,
    MoveStopped,
    OrderPaid,
    OrderRefundEvent,
    RefundDelayed,
    RefundRejected,
    RefundSucceeded,
    RiskCaseClosed,
    TransferWaits,
)
from payments.rules.bills import FAILED_SOMEHOW, FAILURES
from payments.rules.risk_cases import RiskCaseState
from payments.selectors.billers import name_of_biller
from payments.selectors.orders import order_in_short
from payments.selectors.stopped_moves import released_move, stopped_move_of
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.selectors.news.register import news_of

_OUTCOMES = {
    Outcome.DENY: _("未获准进行"),
    Outcome.DELAY: _("已暂缓"),
    Outcome.HOLD: _("正在人工核实"),
}


@news_of(OrderPaid)
def paid(event: OrderPaid) -> Iterable[News]:
    order = order_in_short(event.order_no)
    yield News(
        user_id=event.payer_id,
        notice="payments.order_paid",
        facts={
            "amount": event.amount,
            "place": order.title,
            "at": order.paid_at,
            "order_no": event.order_no,
        },
        about=f"order:{event.order_no}",
    )


@news_of(RefundSucceeded)
def money_came_back(event: RefundSucceeded) -> Iterable[News]:
    yield _of_refund(event, "payments.refund_arrived")


@news_of(RefundDelayed)
def refund_is_late(event: RefundDelayed) -> Iterable[News]:
    yield _of_refund(event, "payments.refund_delayed")


@news_of(RefundRejected)
def no_refund(event: RefundRejected) -> Iterable[News]:
    yield _of_refund(event, "payments.refund_rejected", answer=event.answer)


@news_of(TransferWaits)
def withdrawal_waits(event: TransferWaits) -> Iterable[News]:
    """How it ends is told by the withdrawal that it is a part of."""
    yield News(
        user_id=event.user_id,
        notice="payments.withdrawal_waits",
        facts={"amount": event.amount, "until": event.until},
        about=f"transfer:{event.number}",
    )


@news_of(BillPaid)
def bill_paid(event: BillPaid) -> Iterable[News]:
    yield _of_bill(event, "payments.bill_paid")


@news_of(BillFailed)
def bill_failed(event: BillFailed) -> Iterable[News]:
    yield _of_bill(event, "payments.bill_failed", reason=FAILURES.get(event.reason, FAILED_SOMEHOW))


@news_of(BillReturned)
def bill_came_back(event: BillReturned) -> Iterable[News]:
    yield _of_bill(event, "payments.bill_returned")


@news_of(MoveStopped)
def move_stopped(event: MoveStopped) -> Iterable[News]:
    decision = stopped_move_of(event.user_id, event.number)
    yield News(
        user_id=event.user_id,
        notice="payments.move_stopped",
        facts={
            "at": decision.at,
            "operation": _operation(decision.operation),
            "outcome": _OUTCOMES[Outcome(event.outcome)],
            "number": event.number,
        },
        about=f"decision:{event.number}",
    )


@news_of(RiskCaseClosed)
def move_goes_on(event: RiskCaseClosed) -> Iterable[News]:
    decision = released_move(event.number) if event.state == RiskCaseState.FALSE_ALARM else None
    if decision is not None:
        yield News(
            user_id=event.user_id,
            notice="payments.move_released",
            facts={
                "at": decision.at,
                "operation": _operation(decision.operation),
                "number": decision.number,
            },
            about=f"decision:{decision.number}",
        )


def _of_refund(event: OrderRefundEvent, notice: str, **more: object) -> News:
    facts = {
        "amount": event.amount,
        "place": order_in_short(event.order_no).title,
        "order_no": event.order_no,
        **more,
    }
    return News(user_id=event.payer_id, notice=notice, facts=facts, about=f"order:{event.order_no}")


def _of_bill(event: BillPaid | BillFailed | BillReturned, notice: str, **more: object) -> News:
    facts = {
        "amount": event.amount,
        "biller": name_of_biller(event.biller),
        "number": event.number,
        **more,
    }
    return News(user_id=event.user_id, notice=notice, facts=facts, about=f"bill:{event.number}")


def _operation(code: str) -> str | Promise:
    return OperationKind(code).label if code in OperationKind.values else SCREENED[code]
