"""What a move will cost: asked before it is confirmed, and kept."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.errors import NotInThisMode
from wallet.models import Quote
from wallet.rules.fee_words import line_in_words
from wallet.rules.kinds import MoveKind
from wallet.rules.quotes import HAS_PAYEE
from wallet.selectors.limits import left_for
from wallet.selectors.quotes import means_for
from wallet.services.quotes import make_quote
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door

_EXAMPLE = {
    "id": "0f6c0f5e-8f0e-4b57-9a0e-6f4d8f1f2f11",
    "kind": "withdraw",
    "kind_name": "提现",
    "amount": 150_000,
    "fee": 50,
    "total": 150_050,
    "lines": [
        {"text": "¥1,000.00 在本月免费额度内", "amount": 0},
        {"text": "¥500.00 的 0.1%", "amount": 50},
    ],
    "arrival": "预计 2 小时内到账",
    "created_at": "2026-11-21T20:15:30+08:00",
    "expires_at": "2026-11-21T20:20:30+08:00",
    "spendable": 200_000,
    "is_covered": True,
    "limit_left": 500_000,
}


class QuoteLineOutput(OutputSerializer):
    text = serializers.CharField(help_text="可直接展示")
    amount = serializers.IntegerField(help_text="分；各行之和等于手续费，减免为负数")


class QuoteOutput(OutputSerializer):
    id = serializers.UUIDField(help_text="确认时带上，只能用一次")
    kind = serializers.ChoiceField(choices=MoveKind.choices)
    kind_name = serializers.CharField(help_text="可直接展示")
    amount = FenField(help_text="对方收到的金额")
    fee = FenField(min_value=0, help_text="手续费")
    total = FenField(help_text="扣款合计 = 金额 + 手续费")
    lines = QuoteLineOutput(many=True, help_text="手续费怎么算出来的；免费时为空")
    arrival = serializers.CharField(help_text="预计到账时间，可直接展示")
    created_at = TimeField()
    expires_at = TimeField(help_text="此前确认，手续费不变")
    spendable = FenField(min_value=0, allow_null=True, help_text="可用于此业务的余额；充值不用余额，为 null")
    is_covered = serializers.BooleanField(help_text="余额现在够付合计")
    limit_left = FenField(min_value=0, help_text="按限额，此业务现在一笔最多可以多少，不含手续费")


class Quotes(Door):
    """Ask what a move will cost; whoever confirms within five minutes pays exactly that."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode,)

    class Input(InputSerializer):
        kind = serializers.ChoiceField(choices=MoveKind.choices)
        amount = FenField()
        payee = StrictCharField(
            max_length=2000,
            required=False,
            help_text="转账填 payee_token，缴费填缴费账户号，与确认时相同；其他业务不填",
        )

        def validate(self, wish: dict) -> dict:
            """Whoever confirms names the same payee, or none."""
            has_payee = wish["kind"] in HAS_PAYEE
            if has_payee and "payee" not in wish:
                required = serializers.Field.default_error_messages["required"]
                raise serializers.ValidationError({"payee": [required]})
            if "payee" in wish and not has_payee:
                raise serializers.ValidationError({"payee": [_("这项业务没有收款方")]})
            return wish

    @extend_schema(
        operation_id="make_quote",
        summary="报价：手续费和到账时间 What a move will cost",
        tags=["费用 fees"],
        request=Input,
        responses={201: QuoteOutput},
        examples=[
            OpenApiExample("提现 1,500 元", value={"kind": "withdraw", "amount": 150_000}, request_only=True),
            OpenApiExample("报价", value=_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        payee = {"payee": wish["payee"]} if "payee" in wish else {}
        quote = make_quote(
            user_id=self.caller_id, kind=MoveKind(wish["kind"]), amount=wish["amount"], facts=payee
        )
        return Response(QuoteOutput.answer(_told(quote)), status=201)


def _told(quote: Quote) -> dict[str, Any]:
    means = means_for(quote.user_id, kind=quote.kind, at=quote.created_at)
    return {
        "id": quote.public_id,
        "kind": quote.kind,
        "kind_name": quote.get_kind_display(),
        "amount": quote.amount,
        "fee": quote.fee,
        "total": quote.total,
        "lines": [{"text": line_in_words(line), "amount": line["amount"]} for line in quote.breakdown],
        "arrival": quote.arrival,
        "created_at": quote.created_at,
        "expires_at": quote.expires_at,
        "spendable": means and means.amount,
        "is_covered": means is None or (means.amount >= quote.amount and means.total >= quote.total),
        "limit_left": left_for(quote.user_id, kind=MoveKind(quote.kind), at=quote.created_at),
    }
