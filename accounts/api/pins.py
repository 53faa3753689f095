"""Set, change, reset my payment PIN."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import PinField
from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS, PinAlreadySet, PinTooWeak
from accounts.selectors.pins import pin_state_of
from accounts.selectors.sessions import Holder
from accounts.services.pins import change_pin, reset_pin, set_pin
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

_NEW_PIN = OpenApiExample("新密码", value={"pin": "318842"}, request_only=True)
_STATE = OpenApiExample(
    "已设置",
    value={"is_set": True, "tries_left": 5, "locked_until": None, "must_be_reset": False},
    response_only=True,
)


class PinStateOutput(OutputSerializer):
    is_set = serializers.BooleanField()
    tries_left = serializers.IntegerField(help_text="本设备还可尝试几次")
    locked_until = TimeField(allow_null=True)
    must_be_reset = serializers.BooleanField(help_text="错误过多，只能重置")


class _PinDoor(Door):
    permission_classes = [LoggedIn]
    throttle_scope = "proof"

    class Input(InputSerializer):
        pin = PinField()

    def who_and_what(self, request: Request) -> dict[str, Any]:
        return {
            "user_id": self.caller_id,
            "device_id": self.device_id,
            "pin": self.Input.read(request)["pin"],
            "grant": self.step_up_grant,
        }

    @property
    def session_id(self) -> int:
        return cast(Holder, self.request.auth).session_id

    def state(self) -> Response:
        found = pin_state_of(user_id=self.caller_id, device_id=self.device_id, at=clock.now())
        return Response(PinStateOutput.answer(found))


class Pin(_PinDoor):
    """My payment PIN: whether there is one, the first one, another one."""

    errors = (PinTooWeak, PinAlreadySet, *STEP_UP_ERRORS)

    @extend_schema(
        operation_id="show_pin",
        summary="支付密码状态 The state of my PIN",
        tags=["安全 security"],
        responses=PinStateOutput,
        examples=[_STATE],
    )
    def get(self, request: Request) -> Response:
        return self.state()

    @extend_schema(
        operation_id="set_pin",
        summary="设置支付密码 Set my PIN",
        tags=["安全 security"],
        request=_PinDoor.Input,
        responses=PinStateOutput,
        examples=[_NEW_PIN, _STATE],
    )
    def post(self, request: Request) -> Response:
        set_pin(**self.who_and_what(request))
        return self.state()

    @extend_schema(
        operation_id="change_pin",
        summary="修改支付密码 Change my PIN",
        tags=["安全 security"],
        request=_PinDoor.Input,
        responses=PinStateOutput,
        examples=[_NEW_PIN, _STATE],
    )
    def put(self, request: Request) -> Response:
        change_pin(**self.who_and_what(request), session_id=self.session_id)
        return self.state()


class ResetPin(_PinDoor):
    """Another PIN, for somebody who forgot theirs. Withdrawals rest for a day afterwards."""

    errors = (PinTooWeak, *STEP_UP_ERRORS)

    @extend_schema(
        operation_id="reset_pin",
        summary="重置支付密码 Reset my PIN",
        tags=["安全 security"],
        request=_PinDoor.Input,
        responses=PinStateOutput,
        examples=[_NEW_PIN, _STATE],
    )
    def post(self, request: Request) -> Response:
        reset_pin(**self.who_and_what(request), session_id=self.session_id)
        return self.state()
