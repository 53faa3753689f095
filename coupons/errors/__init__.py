"""Everything that can go wrong in coupons."""

from coupons.errors.agreed import TermsChanged
from coupons.errors.codes import CodesTakenAway, CodeUnknown, CodeUsed
from coupons.errors.coupons import (
    CouponNotForYou,
    CouponNotOffered,
    CouponNotUsable,
    CouponsGone,
    CouponTakenOften,
)

__all__ = [
    "CodeUnknown",
    "CodeUsed",
    "CodesTakenAway",
    "CouponNotForYou",
    "CouponNotOffered",
    "CouponNotUsable",
    "CouponTakenOften",
    "CouponsGone",
    "TermsChanged",
]
