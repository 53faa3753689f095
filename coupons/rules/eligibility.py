"""Whether an offer applies to a basket, and if not, why."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coupons.rules.baskets import Basket
from coupons.rules.offers import CouponKind, Offer, Terms, Who
from wallet_project.kit.money import ZERO, Fen

_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Reason(TextChoices):
    """Why an offer does not apply, in words for the customer."""

    FOR_FEES = "FOR_FEES", _("用于免手续费，付款时不能使用")
    NOT_YET = "NOT_YET", _("还没到使用时间")
    OVER = "OVER", _("已过有效期")
    NOT_THIS_DAY = "NOT_THIS_DAY", _("今天不能使用")
    NOT_THIS_HOUR = "NOT_THIS_HOUR", _("当前时段不能使用")
    NOT_THIS_KIND = "NOT_THIS_KIND", _("不适用于这类订单")
    NOT_HERE = "NOT_HERE", _("不适用于这家门店")
    NEW_CUSTOMERS = "NEW_CUSTOMERS", _("仅限新顾客使用")
    TIER = "TIER", _("仅限指定会员等级使用")
    AUDIENCE = "AUDIENCE", _("仅限受邀顾客使用")
    NO_ITEM = "NO_ITEM", _("没有适用的商品")
    BELOW_THRESHOLD = "BELOW_THRESHOLD", _("未达到使用门槛")
    EXCLUSIVE = "EXCLUSIVE", _("不能与其他优惠同时使用")
    SAME_GROUP = "SAME_GROUP", _("同类优惠只能使用一张")
    TOO_MANY = "TOO_MANY", _("已达到每单可用张数")
    NOTHING_LEFT = "NOTHING_LEFT", _("其他优惠已抵完全部金额")


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """`missing` fen of what it applies to, and it would apply; only where nothing else speaks against it."""

    reason: Reason
    missing: Fen = ZERO


def obstacle_to(offer: Offer, *, basket: Basket, who: Who, at: datetime) -> Obstacle | None:
    """What speaks against this offer for this basket, the hardest first; None: it applies."""
    reason = _when(offer, at=at) or _where(offer.terms, basket) or why_not_for(offer.terms, who)
    if reason:
        return Obstacle(reason=reason)
    amount = amount_in_scope(offer.terms, basket)
    if not amount:
        return Obstacle(reason=Reason.NO_ITEM)
    if amount < offer.terms.threshold:
        return Obstacle(reason=Reason.BELOW_THRESHOLD, missing=Fen(offer.terms.threshold - amount))
    return None


def why_not_for(terms: Terms, who: Who) -> Reason | None:
    """What an audience has against this person."""
    if terms.new_customers and not who.is_new:
        return Reason.NEW_CUSTOMERS
    if terms.tier and terms.tier != who.tier:
        return Reason.TIER
    if terms.segment_id is not None and terms.segment_id not in who.segments:
        return Reason.AUDIENCE
    return None


def amount_in_scope(terms: Terms, basket: Basket) -> Fen:
    """The fen of a basket that these terms are about: all of it, or its lines with the items."""
    if not terms.items:
        return basket.amount
    inside = sum(line.amount for line in basket.lines if line.sku in terms.items)
    return Fen(min(inside, basket.amount))


def _when(offer: Offer, *, at: datetime) -> Reason | None:
    if at < offer.valid_from:
        return Reason.NOT_YET
    if at >= offer.valid_until:
        return Reason.OVER
    terms, here = offer.terms, at.astimezone(_SHANGHAI)
    if here.date() in terms.blackout or (terms.weekdays and here.isoweekday() not in terms.weekdays):
        return Reason.NOT_THIS_DAY
    if not terms.hour_from <= here.hour < terms.hour_until:
        return Reason.NOT_THIS_HOUR
    return None


def _where(terms: Terms, basket: Basket) -> Reason | None:
    if terms.kind == CouponKind.FEE_FREE:
        return Reason.FOR_FEES
    if terms.kinds and basket.kind not in terms.kinds:
        return Reason.NOT_THIS_KIND
    if terms.places and basket.place not in terms.places:
        return Reason.NOT_HERE
    return None
