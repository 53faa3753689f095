"""Ask for another number when the old one is lost."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.api.phones import ProvenPhoneInput
from accounts.errors import CodeRefused, PhoneNotBound, PhoneRequestOpen
from accounts.models.phones import PhoneRequestState
from accounts.selectors.phone_requests import latest_request_of
from accounts.services.phone_requests import request_phone_change, withdraw_phone_request
from wallet_project.kit.api.serializers import OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import StateConflict


class PhoneRequestOutput(OutputSerializer):
    state = serializers.ChoiceField(choices=PhoneRequestState.choices)
    phone_masked = serializers.CharField(help_text="申请换成的号码")
    requested_at = TimeField()
    ended_at = TimeField(allow_null=True)
    reply = serializers.CharField(source="answer", help_text="未通过时的答复")


class LatestRequestOutput(OutputSerializer):
    request = PhoneRequestOutput(allow_null=True, help_text="没有申请过时为 null")


_VALUE = {
    "state": "OPEN",
    "phone_masked": "139****9000",
    "requested_at": "2026-11-21T20:15:30+08:00",
    "ended_at": None,
    "reply": "",
}
_REQUEST = OpenApiExample("审核中", value=_VALUE, response_only=True)


class MyPhoneRequest(Door):
    """My old number is lost: our staff look at it, two of them, and tell me."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (CodeRefused, PhoneNotBound, PhoneRequestOpen, StateConflict)

    class Input(ProvenPhoneInput):
        reason = StrictCharField(min_length=4, max_length=500, help_text="原号码为何无法使用")

    @extend_schema(
        summary="换绑申请进度 My request for another number",
        tags=["账户 accounts"],
        responses=LatestRequestOutput,
        examples=[OpenApiExample("审核中", value={"request": _VALUE}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(LatestRequestOutput.answer({"request": latest_request_of(self.caller_id)}))

    @extend_schema(
        summary="原号码丢失，申请换绑 Ask for another number",
        tags=["账户 accounts"],
        request=Input,
        responses={201: PhoneRequestOutput},
        examples=[
            _REQUEST,
            OpenApiExample(
                "申请",
                value={"phone": "13900139000", "code": "073521", "reason": "旧手机丢失，卡已注销"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        made = request_phone_change(user_id=self.caller_id, **wish)
        return Response(PhoneRequestOutput.answer(made), status=201)

    @extend_schema(
        summary="撤回换绑申请 Withdraw my request",
        tags=["账户 accounts"],
        responses=PhoneRequestOutput,
        examples=[_REQUEST],
    )
    def delete(self, request: Request) -> Response:
        return Response(PhoneRequestOutput.answer(withdraw_phone_request(user_id=self.caller_id)))
