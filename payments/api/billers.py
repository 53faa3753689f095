"""Who can be paid here."""

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from payments.rules.bills import BillerKind
from payments.selectors.billers import billers_offered
from wallet.errors import NotInThisMode
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet_project.kit.api.serializers import OutputSerializer
from wallet_project.kit.api.views import Door

TAGS = ["缴费 bills"]
BILLER_EXAMPLE = {"code": "power", "name": "城市供电公司", "kind": "ELECTRICITY", "kind_name": "电费"}


class BillerOutput(OutputSerializer):
    code = serializers.CharField(help_text="机构编号")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=BillerKind.choices, help_text="CREDIT_CARD 先绑卡；其余凭户号查询")
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")


class Billers(Door):
    """Everybody whose bills can be paid from the wallet."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotInThisMode,)

    class Output(OutputSerializer):
        items = BillerOutput(many=True)

    @extend_schema(
        operation_id="list_billers",
        summary="缴费机构 Billers",
        tags=TAGS,
        responses=Output,
        examples=[OpenApiExample("一家", value={"items": [BILLER_EXAMPLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        require_allowed(MoveKind.BILL, mode=settings.WALLET_MODE)
        return Response(self.Output.answer({"items": billers_offered()}))
