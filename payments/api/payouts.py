"""Take my money along when I leave."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.errors import STEP_UP_ERRORS, ClosureNotBegun
from payments.errors import NothingToPayOut
from payments.selectors.payouts import payout_of, payouts_of
from payments.services.payouts import pay_out_rest
from wallet.errors import InsufficientBalance, LotExhausted, PackageMoneyStays, WalletFrozen
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class ConfirmationOutput(OutputSerializer):
    """`wx.requestMerchantTransfer({mchId: mch_id, appId: app_id, package})`"""

    mch_id = serializers.CharField()
    app_id = serializers.CharField()
    package = serializers.CharField(help_text="原样传给 wx.requestMerchantTransfer，不要保存")
    expires_at = TimeField(help_text="到时未确认，钱退回钱包")


class PayoutOutput(OutputSerializer):
    class Item(OutputSerializer):
        number = serializers.CharField(help_text="F 开头是退款，D 开头是转入微信零钱")
        amount = FenField()
        state = serializers.CharField(help_text="SUCCESS 已到账；其余见 state_name")
        state_name = serializers.CharField(help_text="可直接展示")
        created_at = TimeField()
        confirm = ConfirmationOutput(allow_null=True, help_text="不为空时请顾客确认收款")

    items = Item(many=True)


_PAYOUTS = {
    "items": [
        {
            "number": "F261121201530123Q7K0M2Z9XWDBU",
            "amount": 2500,
            "state": "REQUESTED",
            "state_name": "已申请",
            "created_at": "2026-11-21T20:15:30+08:00",
            "confirm": None,
        }
    ]
}


class ClosurePayout(Door):
    """My own money goes back to WeChat: to the top-ups it came from, and what cannot, to my balance there."""

    permission_classes = [Recognised]
    throttle_scope = "pay"
    errors = (
        ClosureNotBegun,
        NothingToPayOut,
        InsufficientBalance,
        PackageMoneyStays,
        LotExhausted,
        WalletFrozen,
        Paused,
        *STEP_UP_ERRORS,
    )

    @extend_schema(
        operation_id="list_payouts",
        summary="余额退回进度 What became of my payouts",
        tags=["注销 closure"],
        responses=PayoutOutput,
        examples=[OpenApiExample("退回中", value=_PAYOUTS, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(PayoutOutput.answer({"items": payouts_of(self.caller_id, most=100)}))

    @extend_schema(
        operation_id="pay_out_rest",
        summary="余额原路退回 Pay the rest of my balance back to WeChat",
        tags=["注销 closure"],
        request=None,
        responses={201: PayoutOutput},
        examples=[
            OpenApiExample("退回中", value=_PAYOUTS, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        begun = pay_out_rest(user_id=self.caller_id, device_id=self.device_id, grant=self.step_up_grant)
        return Response(PayoutOutput.answer({"items": [payout_of(one) for one in begun]}), status=201)
