from coupons.models.agreed import Agreed, AgreedState
from coupons.models.codes import CodeBatch, CouponCode
from coupons.models.coupons import Coupon, CouponState
from coupons.models.grants import CouponGrant
from coupons.models.purchases import Purchase, PurchaseReturn
from coupons.models.templates import CouponCount, CouponStock, CouponTemplate, Giving

__all__ = [
    "Agreed",
    "AgreedState",
    "CodeBatch",
    "Coupon",
    "CouponCode",
    "CouponCount",
    "CouponGrant",
    "CouponState",
    "CouponStock",
    "CouponTemplate",
    "Giving",
    "Purchase",
    "PurchaseReturn",
]
