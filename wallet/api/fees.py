"""The fees, for everybody: what is charged, what will be, and what was."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from wallet.rules.fee_words import terms_in_words
from wallet.rules.kinds import MoveKind
from wallet.selectors.fees import published_fees
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

_EXAMPLE = {
    "kind": "withdraw",
    "kind_name": "提现",
    "tier": "",
    "version": 1,
    "text": "金额的 0.1%，最低 ¥0.10，最高 ¥25.00，每月 ¥1,000.00 以内免费",
    "flat": 0,
    "rate": 10,
    "least": 10,
    "most": 2_500,
    "free_amount": 100_000,
    "free_moves": 0,
    "published_at": "2025-12-25T00:00:00+08:00",
    "effective_from": "2026-01-01T00:00:00+08:00",
    "effective_until": None,
}


class FeeOutput(OutputSerializer):
    kind = serializers.ChoiceField(choices=MoveKind.choices)
    kind_name = serializers.CharField(help_text="可直接展示")
    tier = serializers.CharField(help_text="会员等级；空为所有人")
    version = serializers.IntegerField()
    text = serializers.CharField(help_text="可直接展示")
    flat = FenField(min_value=0, help_text="每笔固定")
    rate = serializers.IntegerField(help_text="费率，万分之一；10 即 0.1%")
    least = FenField(min_value=0, help_text="需要收费时最低")
    most = FenField(min_value=0, allow_null=True, help_text="最高；null 为不封顶")
    free_amount = FenField(min_value=0, help_text="每月免费额度，按上海时间")
    free_moves = serializers.IntegerField(help_text="每月免费次数，先于额度使用")
    published_at = TimeField()
    effective_from = TimeField()
    effective_until = TimeField(allow_null=True, help_text="由下一版取代的时间；未计划为 null")


class Fees(Door):
    """What everything costs, before anybody logs in; with what is coming and all that there was."""

    authentication_classes = []  # an old token in the header must not keep anybody from reading
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        in_force = FeeOutput(many=True)
        coming = FeeOutput(many=True, help_text="已公布，尚未生效")
        past = FeeOutput(many=True, help_text="新的在前")

    @extend_schema(
        operation_id="list_fees",
        summary="收费标准 Fees",
        tags=["费用 fees"],
        responses=Output,
        examples=[
            OpenApiExample(
                "收费标准", value={"in_force": [_EXAMPLE], "coming": [], "past": []}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        fees = published_fees(at=clock.now())
        return Response(
            self.Output.answer({standing: [_told(fee) for fee in found] for standing, found in fees.items()})
        )


def _told(schedule: Any) -> dict[str, Any]:
    return {
        "kind": schedule.kind,
        "kind_name": schedule.get_kind_display(),
        "tier": schedule.tier,
        "version": schedule.version,
        "text": terms_in_words(schedule.terms),
        **schedule.terms.columns,
        "published_at": schedule.made_at,
        "effective_from": schedule.effective_from,
        "effective_until": schedule.ends,
    }
