"""What I am offered when I top up."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.selectors.top_up_packages import offers_for
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class TopUpPackages(Door):
    """Offers on sale now, and how often I may still take each."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class Item(OutputSerializer):
            id = serializers.IntegerField(source="package.pk")
            name = serializers.CharField(source="package.name")
            amount = FenField(source="package.amount")
            bonus = FenField(source="package.bonus", help_text="到账时赠送，不可提现、不可转赠")
            bonus_days = serializers.IntegerField(
                source="package.bonus_days", allow_null=True, help_text="赠金有效天数；null 为长期有效"
            )
            times_left = serializers.IntegerField(allow_null=True, help_text="还可购买几次；null 为不限")
            sold_until = TimeField(source="package.sold_until", allow_null=True)

        items = Item(many=True)

    @extend_schema(
        operation_id="list_top_up_packages",
        summary="充值套餐 Top-up packages",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "充 100 送 20",
                value={
                    "items": [
                        {
                            "id": 1,
                            "name": "充 100 送 20",
                            "amount": 10000,
                            "bonus": 2000,
                            "bonus_days": 90,
                            "times_left": 1,
                            "sold_until": None,
                        }
                    ]
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": offers_for(self.caller_id, at=clock.now())}))
