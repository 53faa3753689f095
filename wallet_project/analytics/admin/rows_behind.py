"""From a number to the rows that it counts: the list of the admin, narrowed to them."""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from django.apps import apps
from django.urls import reverse

from wallet.rules.kinds import JournalKind
from wallet_project.analytics.rules.periods import Period
from wallet_project.kit import clock
from wallet_project.kit.context import viewer_may


@dataclass(frozen=True, kw_only=True)
class Rows:
    """
    Rows of `model` whose `moment` or `day` is in the period, and that these filters of its list let through.
    `part`: the filter by which a part of the number is seen alone. Without a moment it is how they stand now.
    """

    model: str
    moment: str = ""
    day: str = ""
    fixed: dict[str, str] = field(default_factory=dict)
    part: str = ""


_PAID = Rows(model="payments.order", moment="paid_at")
_REFUNDED = Rows(model="payments.orderrefund", moment="accepted_at", part="reason__exact")
_STOPPED = Rows(
    model="payments.riskdecision",
    moment="at",
    fixed={"is_final__exact": "1", "outcome__in": "DELAY,HOLD,DENY"},
)


def _journals(*kinds: JournalKind) -> Rows:
    if not kinds:
        return Rows(model="wallet.journal", day="business_date", part="kind__exact")
    return Rows(model="wallet.journal", day="business_date", fixed={"kind__in": ",".join(kinds)})


ROWS: dict[str, Rows] = {
    "volume": _PAID,
    "orders_paid": _PAID,
    "orders_placed": Rows(model="payments.order", moment="placed_at"),
    "orders_placed_paid": Rows(model="payments.order", moment="placed_at", fixed={"state__exact": "PAID"}),
    "orders_lost": Rows(model="payments.order", moment="placed_at", fixed={"state__exact": "CLOSED"}),
    "attempts_refused": Rows(
        model="payments.payment",
        moment="created_at",
        fixed={"state__exact": "FAILED", "purpose": "order"},
    ),
    "refunds": _REFUNDED,
    "refunded": _REFUNDED,
    "top_ups": _journals(JournalKind.TOP_UP),
    "top_up_amount": _journals(JournalKind.TOP_UP),
    "top_ups_taken_back": _journals(JournalKind.TOP_UP_REFUND),
    "withdrawals_asked": Rows(model="wallet.withdrawal", moment="requested_at"),
    "withdrawals_asked_amount": Rows(model="wallet.withdrawal", moment="requested_at"),
    "payouts": _journals(JournalKind.PAYOUT),
    "payout_amount": _journals(JournalKind.PAYOUT),
    "payouts_arrived": _journals(JournalKind.PAYOUT_SETTLED),
    "payouts_returned": _journals(JournalKind.PAYOUT_RETURNED),
    "transfers": _journals(JournalKind.TRANSFER),
    "transfer_amount": _journals(JournalKind.TRANSFER),
    "red_packets": _journals(JournalKind.RED_PACKET_SENT),
    "red_packet_amount": _journals(JournalKind.RED_PACKET_SENT),
    "bills": _journals(JournalKind.BILL_PAYMENT),
    "bill_amount": _journals(JournalKind.BILL_PAYMENT),
    "wallets_in": _journals(),
    "wallets_out": _journals(),
    "wechat_in": _journals(),
    "wechat_out": _journals(),
    "new_people": Rows(model="accounts.user", moment="created_at"),
    "tickets_opened": Rows(
        model="feedback.ticket", moment="opened_at", fixed={"stage": "whole"}, part="kind__exact"
    ),
    "tickets_solved": Rows(model="feedback.ticket", moment="resolved_at", fixed={"stage": "whole"}),
    "tickets_waiting": Rows(model="feedback.ticket", fixed={"stage": "open"}),
    "complaints": Rows(model="feedback.complaint", moment="complained_at"),
    "risk_decisions": Rows(
        model="payments.riskdecision", moment="at", fixed={"is_final__exact": "1"}, part="outcome__exact"
    ),
    "risk_stopped": _STOPPED,
    "risk_stopped_amount": _STOPPED,
    "risk_cases_opened": Rows(model="payments.riskcase", moment="opened_at"),
    "risk_cases_closed": Rows(model="payments.riskcase", moment="closed_at"),
    "risk_cases_confirmed": Rows(
        model="payments.riskcase", moment="closed_at", fixed={"state__exact": "CONFIRMED"}
    ),
    "risk_cases_waiting": Rows(model="payments.riskcase", fixed={"open": "yes"}),
    "frozen_wallets": Rows(model="wallet.wallet", fixed={"status__in": "FROZEN,CREDIT_FROZEN,ALL_FROZEN"}),
}


def rows_behind(code: str, *, period: Period, part: str = "") -> str:
    """The address of their list; empty where a number has none, or the list is closed to whoever looks."""
    rows = ROWS.get(code)
    if rows is None or (part and not rows.part):
        return ""
    app, model = rows.model.split(".")
    if not viewer_may(f"{app}.view_{model}"):
        return ""
    asked = dict(rows.fixed)
    if rows.moment:
        until = clock.beginning_of(period.last + timedelta(days=1))
        asked[f"{rows.moment}__gte"] = clock.beginning_of(period.first).isoformat()
        asked[f"{rows.moment}__lt"] = until.isoformat()
    if rows.day:
        asked[f"{rows.day}__gte"] = period.first.isoformat()
        asked[f"{rows.day}__lt"] = (period.last + timedelta(days=1)).isoformat()
    if part:
        asked[rows.part] = part
    meta = apps.get_model(rows.model)._meta
    return f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}?{urlencode(asked)}"
