"""Pay an order."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS, WeChatNotLinked
from coupons.errors import (
    CouponNotApplicable,
    CouponNotOffered,
    CouponNotUsable,
    CouponsGone,
    CouponTakenOften,
    PointsNotUsable,
    PointsShort,
)
from coupons.rules.redemptions import Wish
from payments.api.discounts import CouponsField, PointsField
from payments.api.orders import ORDER_EXAMPLE, OrderOutput
from payments.errors import (
    ChannelRefused,
    ChannelUnavailable,
    OrderAlreadyPaid,
    OrderExpired,
    OrderNotPayable,
    PaymentEnded,
)
from payments.models import Payment
from payments.rules.plans import PayMethod, Way
from payments.services.checkout import pay_order
from wallet.errors import InsufficientBalance, LimitExceeded, WalletFrozen
from wallet_project.kit import context
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class PayParams(OutputSerializer):
    """Hand these to wx.requestPayment as they are."""

    timeStamp = serializers.CharField()  # noqa: N815 - WeChat's own names
    nonceStr = serializers.CharField()  # noqa: N815
    package = serializers.CharField()
    signType = serializers.CharField()  # noqa: N815
    paySign = serializers.CharField()  # noqa: N815


PAY_PARAMS_EXAMPLE: dict[str, Any] = {
    "timeStamp": "1795263330",
    "nonceStr": "593BEC0C930BF1AFEB40B4A08C8FB242",
    "package": "prepay_id=wx21201530522009655522657a690389",
    "signType": "RSA",
    "paySign": "oR9d8PuhnIc…==",
}


class PayOrder(Door):
    """
    Start paying one of my orders, with coupons and points where I say so. What comes from the balance is
    proven first: 428, then once more.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        OrderNotPayable,
        OrderAlreadyPaid,
        OrderExpired,
        CouponNotUsable,
        CouponNotApplicable,
        CouponNotOffered,
        CouponsGone,
        CouponTakenOften,
        PointsShort,
        PointsNotUsable,
        InsufficientBalance,
        LimitExceeded,
        WalletFrozen,
        Paused,
        ChannelRefused,
        ChannelUnavailable,
        PaymentEnded,
        WeChatNotLinked,
        *STEP_UP_ERRORS,
    )

    class Input(InputSerializer):
        method = serializers.ChoiceField(
            choices=Payment.Method.choices,
            help_text="balance 余额；wechat 微信；combined 先余额，不足部分微信",
        )
        coupons = CouponsField(default=list, help_text="使用的优惠券券号；自动优惠无需填写")
        points = PointsField(default=0, help_text="使用的积分数")

    class Output(OutputSerializer):
        order = OrderOutput()
        payment_no = serializers.CharField(source="payment.number")
        from_coupons = FenField(source="payment.from_coupons")
        from_points = FenField(source="payment.from_points")
        from_balance = FenField(source="payment.from_balance")
        from_channel = FenField(source="payment.from_channel")
        pay_params = PayParams(allow_null=True)

    @extend_schema(
        operation_id="pay_order",
        summary="支付订单 Pay an order with balance, WeChat, or both",
        tags=["订单 orders"],
        request=Input,
        responses={200: Output},
        examples=[
            OpenApiExample("余额 + 微信", value={"method": "combined"}, request_only=True),
            OpenApiExample(
                "优惠券 + 积分 + 余额 + 微信",
                value={"method": "combined", "coupons": ["C261121201531456H3T8V1N6YBCE2"], "points": 300},
                request_only=True,
            ),
            OpenApiExample(
                "还需微信支付 28.00 元",
                value={
                    "order": {**ORDER_EXAMPLE, "state": "PAYING", "state_name": "支付中", "paid_at": None},
                    "payment_no": "P261121201531456H3T8V1N6YBCE2",
                    "from_coupons": 0,
                    "from_points": 0,
                    "from_balance": 3000,
                    "from_channel": 2800,
                    "pay_params": PAY_PARAMS_EXAMPLE,
                },
                response_only=True,
            ),
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        wish = self.Input.read(request)
        discounts = Wish(coupons=frozenset(wish["coupons"]), points=wish["points"])
        checkout = pay_order(
            payer_id=self.caller_id,
            device_id=self.device_id,
            order_no=number,
            way=Way(method=PayMethod(wish["method"]), discounts=discounts),
            grant=self.step_up_grant,
            client_ip=context.current().ip,
        )
        return Response(self.Output.answer(checkout))
