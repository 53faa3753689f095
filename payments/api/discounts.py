"""What a customer would use for an order besides money, as a request says it."""

from typing import Any

from rest_framework import serializers

from coupons.rules.redemptions import Wish
from coupons.rules.stacking import MOST_TOGETHER
from wallet_project.kit.api.serializers import InputSerializer

MOST_POINTS = 1_000_000_000


class WishInput(InputSerializer):
    coupons = serializers.ListField(
        child=serializers.SlugField(max_length=32),
        max_length=MOST_TOGETHER,
        default=list,
        help_text="使用的优惠券券号；自动优惠无需填写",
    )
    points = serializers.IntegerField(min_value=0, max_value=MOST_POINTS, default=0, help_text="使用的积分数")


def wish_in(said: dict[str, Any]) -> Wish:
    return Wish(coupons=frozenset(said["coupons"]), points=said["points"])
