"""The code that I show to be paid."""

from typing import Any

import segno
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.errors import NotInThisMode, TextRefused
from wallet.services.payees import LONGEST_REMARK, ReceiveCode, receive_code
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door


class MyReceiveCode(Door):
    """A new code every time, good for five minutes; whoever scans it asks POST wallet/payees whose it is."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode, TextRefused)

    class Input(InputSerializer):
        amount = FenField(max_value=100_000_000, help_text="请对方付的金额")
        remark = StrictCharField(max_length=LONGEST_REMARK, required=False, allow_blank=True)

    class Output(OutputSerializer):
        code = serializers.CharField(help_text="二维码的内容")
        qr_svg = serializers.CharField(help_text="二维码，SVG")
        qr_png = serializers.CharField(help_text="二维码，可直接作为 image 的 src")
        amount = FenField(allow_null=True)
        remark = serializers.CharField()
        expires_at = TimeField(help_text="在此之前换一个新的")

    _EXAMPLE = OpenApiExample(
        "收 30 元",
        value={
            "code": "AQABx7…",
            "qr_svg": "<svg …></svg>",
            "qr_png": "data:image/png;base64,iVBORw0KGgo…",
            "amount": 3000,
            "remark": "午饭",
            "expires_at": "2026-11-21T20:20:30+08:00",
        },
        response_only=True,
    )

    @extend_schema(
        operation_id="show_receive_code",
        summary="我的收款码 The code that I show to be paid",
        tags=["转账 transfers"],
        responses=Output,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return self.answer(receive_code(user_id=self.caller_id))

    @extend_schema(
        operation_id="make_receive_code",
        summary="带金额的收款码 The same for an amount",
        tags=["转账 transfers"],
        request=Input,
        responses=Output,
        examples=[
            _EXAMPLE,
            OpenApiExample("午饭", value={"amount": 3000, "remark": "午饭"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        return self.answer(receive_code(user_id=self.caller_id, **self.Input.read(request)))

    def answer(self, shown: ReceiveCode) -> Response:
        qr_code: Any = segno.make(shown.code, error="m")
        svg = qr_code.svg_inline(scale=4, border=2, light="#fff")
        png = qr_code.png_data_uri(scale=6, border=2)
        facts = {"code": shown.code, "amount": shown.amount, "remark": shown.remark}
        return Response(self.Output.of(**facts, qr_svg=svg, qr_png=png, expires_at=shown.expires_at).data)
