"""What may be put right from a ticket by whom, and what there is to choose from."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User, UserStatus
from coupons.selectors.coupons import ended_unused, templates_to_give
from feedback.models import GoodwillDay, Ticket, TicketAction
from feedback.rules.actions import COUNTED, PERMISSIONS, ActionKind
from feedback.rules.tickets import OVER
from feedback.selectors.tickets import with_merged
from payments.selectors.order_refunds import refundable_orders_of
from payments.selectors.transfers import that_may_be_called_off
from wallet.selectors.freezes import stopped_wallet_of
from wallet.selectors.records import records_of
from wallet.selectors.withdrawals import withdrawals_of
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_AGO = timedelta(days=180)


def possible_for(ticket: Ticket, agent: User) -> list[ActionKind]:
    """What a page offers: what this agent may do, and there is something to do it to. A few small queries."""
    user_id = ticket.user_id
    if user_id is None or ticket.state in OVER or user_id in agent.own_user_ids:
        return []
    allowed = [kind for kind in ActionKind if agent.has_perm(PERMISSIONS[kind])]
    return [kind for kind in allowed if kind not in _THERE_IS or _THERE_IS[kind](user_id)]


def orders_to_refund(user_id: int) -> QuerySet[Any]:
    return refundable_orders_of(user_id, at=clock.now())


def withdrawals_to_return(user_id: int) -> QuerySet[Any]:
    return that_may_be_called_off(withdrawals_of(user_id)).order_by("-pk")


def coupons_to_give_again(user_id: int) -> QuerySet[Any]:
    """Not those that were given again before."""
    done = TicketAction.objects.filter(ticket__user=user_id, kind=ActionKind.RENEWAL, state__in=COUNTED)
    serials = [subject.partition(":")[2] for subject in done.values_list("subject", flat=True)]
    return ended_unused(user_id, since=clock.now() - _AGO).exclude(serial__in=serials)


def coupons_to_give() -> QuerySet[Any]:
    return templates_to_give(at=clock.now())


def lines_with_receipts(user_id: int) -> QuerySet[Any]:
    return records_of(user_id)


def goodwill_left(agent_id: int) -> Fen:
    """What this member of staff may still give today, in fen."""
    today = GoodwillDay.objects.filter(agent_id=agent_id, day=clock.business_day(clock.now())).first()
    return Fen(today.most - today.spent) if today else Fen(settings.GOODWILL_DAY_MAX)


def actions_of(ticket_id: int) -> QuerySet[TicketAction]:
    """What was done in it and in what was merged into it, the newest first."""
    return TicketAction.objects.filter(ticket__in=with_merged(ticket_id)).order_by("-pk")


def _is_frozen(user_id: int) -> bool:
    return User.objects.filter(pk=user_id, status=UserStatus.FROZEN).exists()


_THERE_IS: dict[ActionKind, Callable[[int], bool]] = {
    ActionKind.REFUND: lambda user_id: orders_to_refund(user_id).exists(),
    ActionKind.WITHDRAWAL: lambda user_id: withdrawals_to_return(user_id).exists(),
    ActionKind.RENEWAL: lambda user_id: coupons_to_give_again(user_id).exists(),
    ActionKind.COUPON: lambda _user_id: coupons_to_give().exists(),
    ActionKind.WALLET: lambda user_id: stopped_wallet_of(user_id) is not None,
    ActionKind.ACCOUNT: _is_frozen,
    ActionKind.RECEIPT: lambda user_id: lines_with_receipts(user_id).exists(),
}
