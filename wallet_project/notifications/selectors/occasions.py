"""Occasions: who has one now, and whether it still is one when its time has come."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.selectors.sessions import last_seen, people_last_seen
from coupons.selectors.coupons import usable_coupon
from feedback.selectors.invitations import inbox_of
from payments.selectors.orders import unpaid_order, unpaid_orders
from wallet.selectors.budgets import BudgetProgress, budgets_of
from wallet_project.kit import clock
from wallet_project.notifications.rules.triggers import TriggerKind

Facts = Mapping[str, object]

# Nobody is reminded of what was long ago when a trigger is switched on.
_LOOKS_BACK = timedelta(days=3)


class Found(NamedTuple):
    user_id: int
    key: str
    since: datetime


def orders_waiting(*, at: datetime, wait: timedelta) -> Iterable[Found]:
    for order in unpaid_orders(at=at, placed_by=at - wait):
        if order.payer_id is not None:
            yield Found(order.payer_id, order.number, order.placed_at)


def people_not_seen(*, at: datetime, wait: timedelta) -> Iterable[Found]:
    for user_id, last in people_last_seen(since=at - wait - _LOOKS_BACK, until=at - wait):
        yield Found(user_id, clock.business_day(last).isoformat(), last)


FINDERS: dict[str, Callable[..., Iterable[Found]]] = {
    TriggerKind.ORDER_WAITING: orders_waiting,
    TriggerKind.NOT_SEEN: people_not_seen,
}
"""Of the others we hear by their events."""


def facts_of(kind: str, *, user_id: int, key: str, at: datetime) -> Facts | None:
    """What its notice says; None: it is not true any more. One query, of a budget two."""
    return _FACTS[kind](user_id, key, at)


def _coupon(user_id: int, serial: str, at: datetime) -> Facts | None:
    coupon = usable_coupon(user_id=user_id, serial=serial, at=at)
    return {"coupon": coupon.template.name, "until": coupon.valid_until} if coupon else None


def _budget(user_id: int, key: str, _at: datetime) -> Facts | None:
    """Of the highest level only: a refund may have taken it back, a purchase may have gone beyond it."""
    month, category, level = key.split(":")
    for budget in budgets_of(user_id, month=month):
        if (budget.category.pk if budget.category else "") == category and budget.level == int(level):
            return {
                "budget": _name(budget),
                "percent": budget.percent,
                "spent": int(budget.spent),
                "amount": int(budget.amount),
            }
    return None


def _name(budget: BudgetProgress) -> object:
    category = budget.category
    return lazy(lambda: category.label, str)() if category else _("全部支出")


def _survey(user_id: int, number: str, at: datetime) -> Facts | None:
    invitation = next((each for each in inbox_of(user_id, at=at) if each.pk == int(number)), None)
    return {"title": invitation.survey.title, "number": invitation.number} if invitation else None


def _order(user_id: int, number: str, at: datetime) -> Facts | None:
    order = unpaid_order(payer_id=user_id, number=number, at=at)
    if order is None:
        return None
    return {
        "amount": order.amount,
        "place": order.title,
        "until": order.expires_at,
        "order_no": order.number,
    }


def _absence(user_id: int, day: str, _at: datetime) -> Facts | None:
    last = last_seen(user_id)
    is_true = last is not None and clock.business_day(last) == date.fromisoformat(day)
    return {"since": day} if is_true else None


_FACTS: dict[str, Callable[[int, str, datetime], Facts | None]] = {
    TriggerKind.COUPON_EXPIRING: _coupon,
    TriggerKind.BUDGET_REACHED: _budget,
    TriggerKind.SURVEY_OPEN: _survey,
    TriggerKind.ORDER_WAITING: _order,
    TriggerKind.NOT_SEEN: _absence,
}
