"""What a customer would use for an order besides money, as a request says it."""

from typing import Any

from rest_framework import serializers

from coupons.rules.stacking import MOST_TOGETHER


class CouponsField(serializers.ListField):
    child = serializers.SlugField(max_length=32)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_TOGETHER, **options)


class PointsField(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1_000_000_000, **options)
