"""What can go wrong when an order is to be paid with coupons and points."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class CouponNotApplicable(DomainError):
    """`reason` is a rules.eligibility.Reason, `reason_name` says it; with `missing` more fen it applies."""

    code = "COUPON_NOT_APPLICABLE"
    status = 409
    message = _("优惠券不能用于这笔订单")
    facts = ("coupon", "reason", "reason_name", "missing")


class PointsNotUsable(DomainError):
    """This order may be paid with `least` to `most` points, with none where both are 0."""

    code = "POINTS_NOT_USABLE"
    status = 409
    message = _("这笔订单不能使用这么多积分")
    facts = ("least", "most")
