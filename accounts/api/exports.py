"""Take along everything that is held about me."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.errors import (
    STEP_UP_ERRORS,
    ExportExpired,
    ExportLinkInvalid,
    ExportNotReady,
    ExportQuotaUsed,
    ExportRunning,
)
from accounts.models import DataExport
from accounts.rules.exports import LINK_LIFE, ExportState
from accounts.selectors.exports import export_for, exports_of
from accounts.selectors.sessions import Holder
from accounts.services.exports import fetch_archive, new_link, request_export
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door

TAGS = ["个人信息 personal data"]
EXPORT = {
    "number": "E261121201530123Q7K0M2Z9XWDBU",
    "state": "READY",
    "state_name": "可下载",
    "progress": 100,
    "size": 48213,
    "requested_at": "2026-11-21T20:15:30+08:00",
    "ready_at": "2026-11-21T20:15:36+08:00",
    "expires_at": "2026-11-28T20:15:36+08:00",
    "downloads": 0,
}


class ExportOutput(OutputSerializer):
    number = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="REQUESTED、BUILDING、READY、FAILED 或 EXPIRED")
    state_name = serializers.SerializerMethodField(help_text="可直接展示")
    progress = serializers.IntegerField(help_text="0–100")
    size = serializers.IntegerField(help_text="字节")
    requested_at = TimeField()
    ready_at = TimeField(allow_null=True)
    expires_at = TimeField(allow_null=True)
    downloads = serializers.IntegerField()

    def get_state(self, export: DataExport) -> str:
        return "EXPIRED" if export.is_expired(clock.now()) else export.state

    def get_state_name(self, export: DataExport) -> str:
        expired = export.is_expired(clock.now())
        return str(ExportExpired.message if expired else export.get_state_display())


class MyExports(Door):
    """Everything you hold about me, as one ZIP; put together by a worker, for me alone."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (ExportRunning, ExportQuotaUsed, *STEP_UP_ERRORS)
    Query = PageQuery

    @extend_schema(
        operation_id="list_exports",
        summary="我的导出 My exports",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_output(ExportOutput, "ExportPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [EXPORT], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        purpose = f"exports:{self.caller_id}"
        return Response(
            page_of(exports_of(self.caller_id), output=ExportOutput, query=query, purpose=purpose)
        )

    @extend_schema(
        operation_id="request_export",
        summary="申请导出个人信息 Export my personal data",
        tags=TAGS,
        request=None,
        responses={202: ExportOutput},
        examples=[
            OpenApiExample(
                "已受理",
                value={
                    **EXPORT,
                    "state": "REQUESTED",
                    "state_name": "排队中",
                    "progress": 0,
                    "size": 0,
                    "ready_at": None,
                    "expires_at": None,
                },
                response_only=True,
                status_codes=["202"],
            )
        ],
    )
    def post(self, request: Request) -> Response:
        export = request_export(user_id=self.caller_id, device_id=self.device_id, grant=self.step_up_grant)
        return Response(ExportOutput.answer(export), status=202)


class MyExport(Door):
    """How far it is; when it is ready, a link that works for this session for five minutes."""

    permission_classes = [Recognised]
    throttle_scope = "read"

    class Output(ExportOutput):
        archive_url = serializers.CharField(
            allow_null=True, help_text="带上 Authorization 用 wx.downloadFile 下载"
        )
        link_expires_in = serializers.IntegerField(allow_null=True, help_text="链接剩余秒数")

    @extend_schema(
        operation_id="show_export",
        summary="导出进度与下载链接 Show an export",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "可下载",
                value={
                    **EXPORT,
                    "archive_url": f"/api/v1/me/exports/{EXPORT['number']}/archive?token=1795310722.u8Y…",
                    "link_expires_in": 300,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, number: str) -> Response:
        export = export_for(self.caller_id, number)
        return Response({**ExportOutput.answer(export), **self._link(export)})

    def _link(self, export: DataExport) -> dict[str, Any]:
        now = clock.now()
        if export.state != ExportState.READY or export.is_expired(now):
            return {"archive_url": None, "link_expires_in": None}
        token = new_link(export=export, session_id=_session_of(self), now=now)
        return {
            "archive_url": f"/api/v1/me/exports/{export.number}/archive?token={token}",
            "link_expires_in": int(LINK_LIFE.total_seconds()),
        }


class MyExportArchive(Door):
    """The ZIP itself: a page to read, and every table as JSON and CSV."""

    permission_classes = [Recognised]
    throttle_scope = "read"
    errors = (ExportNotReady, ExportExpired, ExportLinkInvalid)

    class Query(InputSerializer):
        token = StrictCharField(max_length=300, help_text="来自 archive_url")

    @extend_schema(
        operation_id="download_export",
        summary="下载导出文件 Download an export",
        tags=TAGS,
        parameters=[Query],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        token = self.Query.read_query(request)["token"]
        archive = fetch_archive(
            user_id=self.caller_id, session_id=_session_of(self), number=number, token=token
        )
        headers = {"Content-Disposition": f'attachment; filename="{number}.zip"'}
        return HttpResponse(archive, content_type="application/zip", headers=headers)


def _session_of(door: Door) -> int:
    return cast(Holder, door.request.auth).session_id
