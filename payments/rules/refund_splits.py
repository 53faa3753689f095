"""A refund goes back to where the money came from, in the proportion in which it came."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet.rules.kinds import Colour
from wallet_project.kit.money import ZERO, Fen


class SourceKind(TextChoices):
    """What pays an order, in the order in which a leftover fen is given back."""

    COUPON = "coupon", _("优惠券")
    POINTS = "points", _("积分")
    PRINCIPAL = Colour.PRINCIPAL.value, _("余额 · 本金")
    BONUS = Colour.BONUS.value, _("余额 · 赠金")
    CASHBACK = Colour.CASHBACK.value, _("余额 · 返现")
    WECHAT = "wechat", _("微信支付")


# What the payer had themselves; the rest we had given them.
OWN_MONEY = (SourceKind.PRINCIPAL, SourceKind.WECHAT)


class Destination(TextChoices):
    """Where a part of a refund goes. A coupon's is nobody's money; it returns with the whole order."""

    COUPON = "COUPON", _("优惠券抵扣，不退现金")
    POINTS = "POINTS", _("积分账户")
    WALLET = "WALLET", _("钱包余额")
    WECHAT = "WECHAT", _("原微信支付方式")
    SUSPENSE = "SUSPENSE", _("账户已注销，待人工退还")


# Back to where it came from.
GOES_BACK_TO = {
    SourceKind.COUPON: Destination.COUPON,
    SourceKind.POINTS: Destination.POINTS,
    SourceKind.PRINCIPAL: Destination.WALLET,
    SourceKind.BONUS: Destination.WALLET,
    SourceKind.CASHBACK: Destination.WALLET,
    SourceKind.WECHAT: Destination.WECHAT,
}


@dataclass(frozen=True)
class Source:
    """So many fen of an order were paid from here; `returned` of them went back, or are about to."""

    paid: Fen
    returned: Fen = ZERO

    @property
    def left(self) -> Fen:
        return Fen(self.paid - self.returned)


def split_back(amount: Fen, over: Sequence[Source]) -> list[Fen]:
    """
    The part of each source in a refund of so much: they add up to it, and none gets back more than it gave.

    All that went back, with this, is within a fen of the proportion in which it was paid; so refunds that
    make up the whole give every source exactly what it gave, in whatever pieces they come.

    :raises ValueError: nothing, or more than is left
    """
    if not 0 < amount <= sum(source.left for source in over):
        raise ValueError("a refund is of something that was paid and is still here")
    paid = sum(source.paid for source in over)
    upto = sum(source.returned for source in over) + amount
    parts = [min(max(source.paid * upto // paid - source.returned, 0), source.left) for source in over]

    def behind(place: int) -> int:
        """How far a source is behind its share, in fen times `paid`."""
        return over[place].paid * upto - (over[place].returned + parts[place]) * paid

    while missing := amount - sum(parts):
        if missing > 0:
            open_places = [place for place, source in enumerate(over) if parts[place] < source.left]
            parts[max(open_places, key=behind)] += 1
        else:
            parts[min((place for place, part in enumerate(parts) if part), key=behind)] -= 1
    return [Fen(part) for part in parts]
