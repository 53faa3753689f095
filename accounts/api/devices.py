"""My devices, my sessions, my logins."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.models import Device, LoginRecord
from accounts.models.login_records import LoginMethod, LoginOutcome
from accounts.models.sessions import RevokeReason
from accounts.selectors.devices import devices_of, login_records_of
from accounts.selectors.sessions import Holder
from accounts.services.devices import remove_device
from accounts.services.sessions import log_out_elsewhere
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.kit.masking import mask_ip


class DeviceOutput(OutputSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    platform = serializers.CharField()
    is_current = serializers.SerializerMethodField(help_text="正在使用的这台")
    is_logged_in = serializers.BooleanField()
    place = serializers.SerializerMethodField(help_text="最近一次使用的大致网络位置（隐去末段的 IP）")
    first_seen_at = TimeField()
    last_seen_at = TimeField()

    def get_is_current(self, device: Device) -> bool:
        return device.device_id == self.context["device_id"]

    def get_place(self, device: Any) -> str:
        return mask_ip(device.last_ip or "")


class LoginRecordOutput(OutputSerializer):
    at = TimeField()
    outcome = serializers.ChoiceField(choices=LoginOutcome.choices)
    method = serializers.ChoiceField(choices=LoginMethod.choices, allow_blank=True)
    reason = serializers.ChoiceField(
        choices=RevokeReason.choices, allow_blank=True, help_text="会话为何结束；登录时为空"
    )
    device_name = serializers.CharField()
    platform = serializers.CharField()
    is_new_device = serializers.BooleanField()
    place = serializers.SerializerMethodField(help_text="大致网络位置（隐去末段的 IP）")

    def get_place(self, record: LoginRecord) -> str:
        return mask_ip(record.ip)


_DEVICE = {
    "id": 12,
    "name": "小明的 iPhone",
    "platform": "ios",
    "is_current": True,
    "is_logged_in": True,
    "place": "39.144.10.*",
    "first_seen_at": "2026-11-01T09:12:00+08:00",
    "last_seen_at": "2026-11-21T20:15:30+08:00",
}
_RECORD = {
    "at": "2026-11-21T20:15:30+08:00",
    "outcome": "LOGGED_IN",
    "method": "WECHAT",
    "reason": "",
    "device_name": "小明的 iPhone",
    "platform": "ios",
    "is_new_device": True,
    "place": "39.144.10.*",
}


class MyDevices(Door):
    """What I have logged in from, last used first."""

    permission_classes = [Recognised]
    throttle_scope = "read"

    class Output(OutputSerializer):
        items = DeviceOutput(many=True)

    @extend_schema(
        summary="我的设备 My devices",
        tags=["账户 accounts"],
        responses=Output,
        examples=[OpenApiExample("设备", value={"items": [_DEVICE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        here = {"device_id": cast(Holder, request.auth).device_id}
        shown = DeviceOutput(devices_of(self.caller_id, at=clock.now()), many=True, context=here)
        return Response({"items": shown.data})


class MyDevice(Door):
    """Remove a device: it is logged out now, and if it comes back it is a new one."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (NotFound,)

    @extend_schema(summary="移除设备 Remove a device", tags=["账户 accounts"], responses={204: None})
    def delete(self, request: Request, device: int) -> Response:
        remove_device(user_id=self.caller_id, device_id=device)
        return Response(status=204)


class LogOutElsewhere(Door):
    """End all my sessions but this one."""

    permission_classes = [Recognised]
    throttle_scope = "write"

    class Output(OutputSerializer):
        ended = serializers.IntegerField(help_text="结束了几个会话")

    @extend_schema(
        summary="退出其他设备 Log out everywhere else",
        tags=["账户 accounts"],
        request=None,
        responses=Output,
        examples=[OpenApiExample("已退出", value={"ended": 2}, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        session_id = cast(Holder, request.auth).session_id
        ended = log_out_elsewhere(user_id=self.caller_id, session_id=session_id)
        return Response(self.Output.answer({"ended": ended}))


class MyLogins(Door):
    """My logins, the refused ones, and sessions that were ended; newest first."""

    permission_classes = [Recognised]
    throttle_scope = "read"

    @extend_schema(
        summary="登录记录 My logins",
        tags=["账户 accounts"],
        parameters=[PageQuery],
        responses=page_output(LoginRecordOutput, "LoginPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_RECORD], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        page = page_of(
            login_records_of(self.caller_id),
            output=LoginRecordOutput,
            query=query,
            purpose=f"logins:{self.caller_id}",
        )
        return Response(page)
