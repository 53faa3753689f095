"""The statement of a month: ask for it, see how far it is, download it; and how anybody checks one."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.selectors.sessions import Holder
from wallet.api.records import MONTH
from wallet.errors import (
    DocumentLinkInvalid,
    StatementExpired,
    StatementNotReady,
    StatementOutOfRange,
    StatementQuotaUsed,
)
from wallet.models import Statement
from wallet.rules.statements import MEDIA, Form, StatementState
from wallet.selectors.receipts import masked
from wallet.selectors.statements import statement_for, statement_with, statements_of
from wallet.services.document_links import LINK_LIFE, new_link, owner_of_link
from wallet.services.statements import fetch_file, request_statement
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

TAGS = ["钱包 wallet"]
STATEMENT = {
    "number": "S261201080000123Q7K0M2Z9XWDCX",
    "month": "2026-11",
    "since": "2026-11-01T00:00:00+08:00",
    "until": "2026-12-01T00:00:00+08:00",
    "is_provisional": False,
    "state": "READY",
    "state_name": "可下载",
    "percent": 100,
    "requested_at": "2026-12-01T08:00:00+08:00",
    "ready_at": "2026-12-01T08:00:02+08:00",
    "expires_at": "2026-12-08T08:00:02+08:00",
    "opening": 12_345,
    "closing": 7_000,
    "lines": 23,
    "checksum": "9f2c4e0b7d1a6f83c5e2904b18d7a6f3e0c95b427f1d8a36c4e7b092d5f81a60",
}


class StatementOutput(OutputSerializer):
    number = serializers.CharField()
    month = serializers.CharField()
    since = TimeField()
    until = TimeField(help_text="不含这一刻；暂定对账单为申请时间")
    is_provisional = serializers.BooleanField(help_text="月份尚未结束，内容之后还会变化")
    state = serializers.SerializerMethodField(help_text="QUEUED、RUNNING、READY、FAILED 或 EXPIRED")
    state_name = serializers.SerializerMethodField(help_text="可直接展示")
    percent = serializers.IntegerField(help_text="0–100")
    requested_at = TimeField()
    ready_at = TimeField(allow_null=True)
    expires_at = TimeField(allow_null=True)
    opening = FenField(allow_null=True, help_text="期初余额")
    closing = FenField(allow_null=True, help_text="期末余额")
    lines = serializers.IntegerField(help_text="笔数")
    checksum = serializers.CharField(help_text="内容的 SHA-256，同一账期内容相同则相同")

    def get_state(self, statement: Statement) -> str:
        return "EXPIRED" if statement.is_expired(clock.now()) else statement.state

    def get_state_name(self, statement: Statement) -> str:
        expired = statement.is_expired(clock.now())
        return str(StatementExpired.message if expired else statement.get_state_display())


class MyStatements(Door):
    """
    One month of my wallet with every line of it, made by a worker. A month that is over is the same whenever
    it is asked for; the current one is provisional, up to now.
    """

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (StatementOutOfRange, StatementQuotaUsed)
    Query = PageQuery

    class Input(InputSerializer):
        month = serializers.RegexField(rf"^{MONTH}\Z", help_text="2026-11，按上海时间")

    @extend_schema(
        operation_id="list_statements",
        summary="我的对账单 My statements",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_output(StatementOutput, "StatementPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [STATEMENT], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        mine = statements_of(self.caller_id)
        page = page_of(mine, output=StatementOutput, query=query, purpose=f"statements:{self.caller_id}")
        return Response(page)

    @extend_schema(
        operation_id="request_statement",
        summary="申请月度对账单 Ask for a month's statement",
        tags=TAGS,
        request=Input,
        responses={202: StatementOutput},
        examples=[
            OpenApiExample("十一月", value={"month": "2026-11"}, request_only=True),
            OpenApiExample(
                "已受理",
                value={
                    **STATEMENT,
                    "state": "QUEUED",
                    "state_name": "排队中",
                    "percent": 0,
                    **dict.fromkeys(["ready_at", "expires_at", "opening", "closing"]),
                    "lines": 0,
                    "checksum": "",
                },
                response_only=True,
                status_codes=["202"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        statement = request_statement(user_id=self.caller_id, month=wish["month"])
        return Response(StatementOutput.answer(statement), status=202)


class MyStatement(Door):
    """How far it is; when it is ready, a link for each form."""

    permission_classes = [Recognised]
    throttle_scope = "read"

    class Output(StatementOutput):
        class FileOutput(OutputSerializer):
            form = serializers.ChoiceField(choices=Form.choices)
            url = serializers.CharField(help_text="wx.downloadFile 直接下载，无需登录态")

        files = FileOutput(many=True)
        link_expires_in = serializers.IntegerField(allow_null=True, help_text="链接剩余秒数")

    @extend_schema(
        operation_id="show_statement",
        summary="对账单进度与下载链接 Show a statement",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "可下载",
                value={
                    **STATEMENT,
                    "files": [
                        {
                            "form": form,
                            "url": f"/api/v1/wallet/statements/{STATEMENT['number']}/{form}?token=AQABq3…",
                        }
                        for form in Form.values
                    ],
                    "link_expires_in": 300,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, number: str) -> Response:
        statement = statement_for(self.caller_id, number)
        return Response({**StatementOutput.answer(statement), **self._links(statement)})

    def _links(self, statement: Statement) -> dict[str, Any]:
        now = clock.now()
        if statement.state != StatementState.READY or statement.is_expired(now):
            return {"files": [], "link_expires_in": None}
        session_id = cast(Holder, self.request.auth).session_id
        token = new_link(_document(statement.number), user_id=self.caller_id, session_id=session_id, now=now)
        here = f"/api/v1/wallet/statements/{statement.number}"
        return {
            "files": [{"form": form, "url": f"{here}/{form}?token={token}"} for form in Form.values],
            "link_expires_in": int(LINK_LIFE.total_seconds()),
        }


class DownloadStatement(Door):
    """The file itself. The link says whose it is; with somebody else's token it does not open."""

    permission_classes = [Anyone]
    throttle_scope = "write"
    errors = (DocumentLinkInvalid, StatementNotReady, StatementExpired)

    class Query(InputSerializer):
        token = StrictCharField(max_length=300, help_text="来自 files 中的 url")

    @extend_schema(
        operation_id="download_statement",
        summary="下载对账单 Download a statement",
        tags=TAGS,
        parameters=[
            Query,
            OpenApiParameter("form", OpenApiTypes.STR, OpenApiParameter.PATH, enum=Form.values),
        ],
        responses={(200, media.partition(";")[0]): OpenApiTypes.BINARY for media in MEDIA.values()},
    )
    def get(self, request: Request, number: str, form: str) -> HttpResponse:
        token = self.Query.read_query(request)["token"]
        asker: Any = request.user
        user_id = owner_of_link(
            token, document=_document(number), asker_id=asker and asker.pk, now=clock.now()
        )
        if form not in Form.values:
            raise NotFound
        content = fetch_file(user_id=user_id, number=number, form=form)
        headers = {"Content-Disposition": f'attachment; filename="{number}.{form}"'}
        return HttpResponse(content, content_type=MEDIA[Form(form)], headers=headers)


class CheckStatement(Door):
    """Whether a statement is genuine; and if it is, what its first page must say."""

    permission_classes = [Anyone]
    throttle_scope = "read"

    class Query(InputSerializer):
        number = StrictCharField(max_length=32, help_text="对账单号")
        checksum = StrictCharField(max_length=64, help_text="印在对账单上的校验码")

    class Output(OutputSerializer):
        valid = serializers.BooleanField()
        month = serializers.CharField(allow_null=True)
        is_provisional = serializers.BooleanField(allow_null=True)
        holder = serializers.CharField(allow_null=True, help_text="已脱敏")
        opening = FenField(allow_null=True, help_text="期初余额")
        closing = FenField(allow_null=True, help_text="期末余额")
        lines = serializers.IntegerField(allow_null=True, help_text="笔数")

    @extend_schema(
        operation_id="check_statement",
        summary="核对对账单 Check a statement",
        tags=TAGS,
        parameters=[Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "真实",
                value={
                    "valid": True,
                    "month": "2026-11",
                    "is_provisional": False,
                    "holder": "张*",
                    "opening": 12_345,
                    "closing": 7_000,
                    "lines": 23,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        statement = statement_with(**self.Query.read_query(request))
        if statement is None:
            return Response({**dict.fromkeys(self.Output().fields), "valid": False})
        names = ("month", "is_provisional", "opening", "closing", "lines")
        said = {name: getattr(statement, name) for name in names}
        holder = masked(statement.wallet.user)
        return Response(self.Output.answer({**said, "valid": True, "holder": holder}))


def _document(number: str) -> str:
    return f"statement:{number}"
