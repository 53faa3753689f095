"""What a coupon promises, by value."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import ZERO, Fen


class CouponKind(TextChoices):
    """
    AMOUNT and PERCENT take something off, GIFT one piece of an item. CASHBACK gives a share back after
    paying, FEE_FREE spares the fee of a transfer, withdrawal or bill.
    """

    AMOUNT = "AMOUNT", _("满减券")
    PERCENT = "PERCENT", _("折扣券")
    FEE_FREE = "FEE_FREE", _("免手续费券")
    CASHBACK = "CASHBACK", _("返现券")
    GIFT = "GIFT", _("礼品券")


BY_RATE = frozenset({CouponKind.PERCENT, CouponKind.CASHBACK})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """
    `amount` is the most that it can give, in fen; PERCENT and CASHBACK give `rate` basis points, up to it.
    Empty scopes and an empty audience exclude nobody; `weekdays` are 1 (Monday) to 7, hours of Shanghai from
    `hour_from` up to, not including, `hour_until`. Of one `group` a basket takes one; "" is a group, too.
    """

    kind: CouponKind
    amount: Fen
    rate: int = 0
    threshold: Fen = ZERO
    places: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    hour_from: int = 0
    hour_until: int = 24
    blackout: frozenset[date] = frozenset()
    tier: str = ""
    segment_id: int | None = None
    new_customers: bool = False
    group: str = ""
    exclusive: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """
    A coupon that somebody holds, or, without a `coupon_id`, a discount that needs none. It counts from
    `valid_from` until `valid_until`.
    """

    template_id: int
    name: str = ""
    serial: str = ""
    terms: Terms
    valid_from: datetime
    valid_until: datetime
    coupon_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Who:
    """What audiences ask of a person."""

    is_new: bool = False
    tier: str = ""
    segments: frozenset[int] = frozenset()
