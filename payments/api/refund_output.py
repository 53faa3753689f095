"""A refund of an order, as its payer and its shop read it."""

from rest_framework import serializers

from payments.models import OrderRefundPart
from payments.rules.order_refunds import OrderRefundState, RefundOrigin, RefundReason
from payments.rules.refund_splits import Destination, SourceKind
from payments.rules.refund_words import expected_of
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField


class RefundPartOutput(OutputSerializer):
    paid_by = serializers.ChoiceField(source="source.kind", choices=SourceKind.choices)
    paid_by_name = serializers.CharField(source="source.get_kind_display", help_text="付款来源，可直接展示")
    goes_to = serializers.ChoiceField(choices=Destination.choices)
    goes_to_name = serializers.CharField(source="get_goes_to_display", help_text="去向，可直接展示")
    amount = FenField()
    arrived_at = TimeField(allow_null=True)
    expected = serializers.SerializerMethodField(help_text="何时到账，可直接展示")

    def get_expected(self, part: OrderRefundPart) -> str:
        return expected_of(part.going)


class RefundStepOutput(OutputSerializer):
    at = TimeField()
    code = serializers.CharField()
    name = serializers.CharField(help_text="可直接展示")


class OrderRefundOutput(OutputSerializer):
    number = serializers.CharField(help_text="退款单号")
    order_no = serializers.CharField(source="order.number")
    amount = FenField()
    origin = serializers.ChoiceField(choices=RefundOrigin.choices)
    reason = serializers.ChoiceField(choices=RefundReason.choices)
    reason_name = serializers.CharField(source="get_reason_display", help_text="可直接展示")
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderRefundState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    refusal = serializers.CharField(source="answer", help_text="未通过的原因")
    summary = serializers.CharField(help_text="各部分的去向，可直接展示")
    parts = RefundPartOutput(source="parts.all", many=True)
    timeline = RefundStepOutput(many=True)
    may_be_withdrawn = serializers.BooleanField(help_text="顾客可以撤回")
    requested_at = TimeField()
    accepted_at = TimeField(allow_null=True)
    ended_at = TimeField(allow_null=True)


class ShopRefundOutput(OrderRefundOutput):
    shop_refund_no = serializers.CharField(help_text="商城退款号；不是商城发起的为空")


_WECHAT_TAKES = "零钱几分钟内到账，银行卡 1–3 个工作日"
_TO_WALLET = {
    "paid_by": "principal",
    "paid_by_name": "余额 · 本金",
    "goes_to": "WALLET",
    "goes_to_name": "钱包余额",
    "amount": 517,
    "arrived_at": "2026-11-21T21:20:02+08:00",
    "expected": "已到账",
}
_TO_WECHAT = {
    "paid_by": "wechat",
    "paid_by_name": "微信支付",
    "goes_to": "WECHAT",
    "goes_to_name": "原微信支付方式",
    "amount": 483,
    "arrived_at": None,
    "expected": _WECHAT_TAKES,
}
_ASKED = {"at": "2026-11-21T21:15:30+08:00", "code": "REQUESTED", "name": "申请退款"}
REFUND_EXAMPLE = {
    "number": "D261121211530123Q7K0M2Z9XWDBV",
    "order_no": "O261121201530123Q7K0M2Z9XWDAX",
    "amount": 1000,
    "origin": "CUSTOMER",
    "reason": "DEFECTIVE",
    "reason_name": "质量问题",
    "note": "少了一杯",
    "state": "PROCESSING",
    "state_name": "退款中",
    "refusal": "",
    "summary": f"退回余额 ¥5.17（已到账），退回微信 ¥4.83（{_WECHAT_TAKES}）",
    "parts": [_TO_WALLET, _TO_WECHAT],
    "timeline": [
        _ASKED,
        {"at": "2026-11-21T21:20:02+08:00", "code": "ACCEPTED", "name": "退款通过"},
        {"at": "2026-11-21T21:20:02+08:00", "code": "ARRIVED_WALLET", "name": "退回余额 ¥5.17"},
    ],
    "may_be_withdrawn": False,
    "requested_at": "2026-11-21T21:15:30+08:00",
    "accepted_at": "2026-11-21T21:20:02+08:00",
    "ended_at": None,
}
WAITING_EXAMPLE = {
    **REFUND_EXAMPLE,
    "state": "REVIEW",
    "state_name": "待审核",
    "summary": f"退回余额 ¥5.17（立即到账），退回微信 ¥4.83（{_WECHAT_TAKES}）",
    "parts": [{**_TO_WALLET, "arrived_at": None, "expected": "立即到账"}, _TO_WECHAT],
    "timeline": [_ASKED],
    "may_be_withdrawn": True,
    "accepted_at": None,
}
WITHDRAWN_EXAMPLE = {
    **WAITING_EXAMPLE,
    "state": "WITHDRAWN",
    "state_name": "已撤回",
    "timeline": [_ASKED, {"at": "2026-11-21T21:18:00+08:00", "code": "WITHDRAWN", "name": "已撤回"}],
    "may_be_withdrawn": False,
    "ended_at": "2026-11-21T21:18:00+08:00",
}
SHOP_REFUND_EXAMPLE = {**REFUND_EXAMPLE, "origin": "SHOP", "shop_refund_no": "SR-20261121-0001"}
