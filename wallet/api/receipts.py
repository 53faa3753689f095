"""A receipt of one of my records, and how anybody checks it."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.sessions import Holder
from wallet.errors import DocumentLinkInvalid
from wallet.selectors.receipts import receipt_of, receipt_with
from wallet.selectors.records import record_for
from wallet.services.document_links import LINK_LIFE, new_link, owner_of_link
from wallet.services.receipt_papers import FORMS, address_of
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
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


class MyReceipt(Door):
    """Where to fetch the receipt of a record: as a PDF to keep, as a picture to share."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        pdf_url = serializers.CharField(help_text="wx.downloadFile 直接下载，无需登录态")
        image_url = serializers.CharField(help_text="可直接预览或分享的图片，带核验二维码")
        link_expires_in = serializers.IntegerField(help_text="两个链接的剩余秒数")
        verify_url = serializers.CharField(help_text="二维码所指的公开核验页面")

    @extend_schema(
        operation_id="show_receipt",
        summary="电子回单 The receipt of a record",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "回单",
                value={
                    "pdf_url": "/api/v1/wallet/records/2048/receipt/pdf?token=AQABq3…",
                    "image_url": "/api/v1/wallet/records/2048/receipt/png?token=AQABq3…",
                    "link_expires_in": 300,
                    "verify_url": "https://wallet.example.com/receipts/AQABk7…",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, record: int) -> Response:
        found = record_for(user_id=self.caller_id, record_id=record)
        session_id = cast(Holder, request.auth).session_id
        token = new_link(_document(record), user_id=self.caller_id, session_id=session_id, now=clock.now())
        here = f"/api/v1/wallet/records/{record}/receipt"
        links = {
            "pdf_url": f"{here}/pdf?token={token}",
            "image_url": f"{here}/png?token={token}",
            "link_expires_in": int(LINK_LIFE.total_seconds()),
            "verify_url": address_of(receipt_of(found.pk)),
        }
        return Response(links)


class DownloadReceipt(Door):
    """The receipt itself. The link says whose it is; with somebody else's token it does not open."""

    permission_classes = [Anyone]
    throttle_scope = "write"
    errors = (DocumentLinkInvalid,)

    class Query(InputSerializer):
        token = StrictCharField(max_length=300, help_text="来自 pdf_url 或 image_url")

    @extend_schema(
        operation_id="download_receipt",
        summary="下载电子回单 Download a receipt",
        tags=TAGS,
        parameters=[
            Query,
            OpenApiParameter("form", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(FORMS)),
        ],
        responses={(200, media): OpenApiTypes.BINARY for media, _draw in FORMS.values()},
    )
    def get(self, request: Request, record: int, form: str) -> HttpResponse:
        token = self.Query.read_query(request)["token"]
        asker: Any = request.user
        user_id = owner_of_link(
            token, document=_document(record), asker_id=asker and asker.pk, now=clock.now()
        )
        if form not in FORMS:
            raise NotFound
        media, draw = FORMS[form]
        found = record_for(user_id=user_id, record_id=record)
        headers = {"Content-Disposition": f'inline; filename="receipt-{record}.{form}"'}
        return HttpResponse(draw(receipt_of(found.pk)), content_type=media, headers=headers)


class CheckReceipt(Door):
    """Whether a receipt is genuine; and if it is, its amount, its time and, masked, its parties."""

    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        valid = serializers.BooleanField()
        amount = FenField(allow_null=True)
        at = TimeField(allow_null=True)
        payer = serializers.CharField(allow_null=True, help_text="个人已脱敏；没有时为空")
        payee = serializers.CharField(allow_null=True, help_text="个人已脱敏；没有时为空")

    @extend_schema(
        operation_id="check_receipt",
        summary="核验电子回单 Check a receipt",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "真实",
                value={
                    "valid": True,
                    "amount": 9_499,
                    "at": "2026-11-21T20:15:42+08:00",
                    "payer": "张*",
                    "payee": "人民路店",
                },
                response_only=True,
            ),
            OpenApiExample(
                "无效",
                value={"valid": False, "amount": None, "at": None, "payer": None, "payee": None},
                response_only=True,
            ),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        receipt = receipt_with(code, at=clock.now())
        said: dict[str, Any] = dict.fromkeys(self.Output().fields)
        if receipt is not None:
            said = {name: getattr(receipt, name, None) for name in said}
        return Response(self.Output.answer({**said, "valid": receipt is not None}))


def _document(record: int) -> str:
    return f"receipt:{record}"
