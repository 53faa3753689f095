"""What a customer's own money can leave by, now."""

from datetime import datetime

from django.conf import settings

from accounts.errors import WeChatNotLinked
from accounts.selectors.kyc import verified_name_of
from accounts.selectors.users import openid_of
from payments.errors import NameNeeded, WithdrawalNotCovered
from payments.models import Payment
from payments.rules.exits import Exits, Route, available, plan_route
from payments.rules.order_states import PaymentState
from payments.rules.payouts import OwnLot
from payments.rules.transfers import NAMED_FROM
from payments.selectors.payouts import refundable_top_ups
from wallet.errors import NotInThisMode
from wallet.rules.kinds import MoveKind
from wallet.rules.postings import UNSOURCED
from wallet.rules.withdrawals import WithdrawalWay
from wallet.selectors.balances import balance_of, own_money_of
from wallet.selectors.lots import lots_of, unsourced_of
from wallet_project.kit.money import ZERO, Fen

_UNNAMED_MOST = Fen(NAMED_FROM - 1)


def exits_of(user_id: int, *, at: datetime, most: Fen | None = None) -> Exits:
    """
    In nine queries at most. In a closed loop only a top-up that WeChat refunds no more is transferred: what
    was paid in goes back to whoever paid it, and to nobody else.

    `most` in place of what one transfer to this customer may carry.
    """
    sources = refundable_top_ups(user_id, at=at)
    carries = most_of_a_transfer(user_id) if most is None else most
    known = {source.lot_id for source in sources}
    return Exits(
        free=own_money_of(user_id, balance=balance_of(user_id), at=at).sendable,
        sources=sources,
        others=_other_lots(user_id, but=known) if carries else [],
        most=carries,
    )


def route_for(user_id: int, *, amount: Fen, way: str, at: datetime) -> Route:
    """
    :raises NotInThisMode: whoever keeps a prepaid wallet does not choose where its money goes
    :raises NameNeeded: it takes a transfer that WeChat makes to a verified name only
    :raises WithdrawalNotCovered: so much cannot leave this way
    """
    if way == WithdrawalWay.TRANSFER and settings.WALLET_MODE != "licensed":
        raise NotInThisMode(move=MoveKind.WITHDRAW.value)
    exits = exits_of(user_id, at=at)
    if route := plan_route(amount, exits, way):
        return route
    if exits.most == _UNNAMED_MOST:
        named = exits_of(user_id, at=at, most=Fen(settings.WECHAT_TRANSFERS["most"]))
        if plan_route(amount, named, way):
            raise NameNeeded(from_amount=NAMED_FROM)
    raise WithdrawalNotCovered(available=available(exits, way))


def most_of_a_transfer(user_id: int) -> Fen:
    """Zero where none can be made: our merchant has no scene for it, or the customer no WeChat."""
    if not settings.WECHAT_TRANSFERS["scene"]:
        return ZERO
    try:
        openid_of(user_id)
    except WeChatNotLinked:
        return ZERO
    most = Fen(settings.WECHAT_TRANSFERS["most"])
    return most if most < NAMED_FROM or verified_name_of(user_id) else _UNNAMED_MOST


def _other_lots(user_id: int, *, but: set[int]) -> list[OwnLot]:
    """
    Own money that WeChat does not refund, or not any more: too old, or refunded too often. What came with a
    gift is not among it: it leaves with its gift or not at all (top_up_refunds).
    """
    lots = list(lots_of(user_id).filter(account__code="principal").exclude(pk__in=but))
    numbers = [lot.source for lot in lots]
    paid = Payment.objects.filter(payer=user_id, state=PaymentState.PAID, top_up__number__in=numbers)
    packages = dict(paid.values_list("top_up__number", "top_up__package_id"))
    licensed = settings.WALLET_MODE == "licensed"
    others = [OwnLot(lot_id=UNSOURCED, left=unsourced_of(user_id))] if licensed else []
    for lot in lots:
        is_plain_top_up = lot.source in packages and packages[lot.source] is None
        if is_plain_top_up or (licensed and lot.source not in packages):
            others.append(OwnLot(lot_id=lot.pk, left=Fen(lot.remaining)))
    return others
