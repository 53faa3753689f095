"""What can go wrong between a coupon and its owner."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class CouponNotOffered(DomainError):
    """There is no such coupon to be had now."""

    code = "COUPON_NOT_OFFERED"
    status = 409
    message = _("这张优惠券现在不能领取")


class CouponsGone(DomainError):
    """All there were have been given."""

    code = "COUPONS_GONE"
    status = 409
    message = _("手慢了，优惠券已领完")


class CouponTakenOften(DomainError):
    """This person has had it `times` times, as often as anybody may."""

    code = "COUPON_TAKEN_OFTEN"
    status = 409
    message = _("已达到每人限领张数")
    facts = ("times",)


class CouponNotForYou(DomainError):
    """`reason` is a rules.eligibility.Reason: what its audience has against this person."""

    code = "COUPON_NOT_FOR_YOU"
    status = 403
    message = _("这张优惠券不是发给您的")
    facts = ("reason",)


class CouponNotUsable(DomainError):
    """`state` is what it is: another order has it, it was used, or its time is over."""

    code = "COUPON_NOT_USABLE"
    status = 409
    message = _("优惠券现在不能使用")
    facts = ("state",)
