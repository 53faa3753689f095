"""Pictures: send one before the message that it goes with, and see those of a conversation."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.sessions import Holder
from feedback.errors import PictureGone, PictureQuotaUsed, PictureRefused
from feedback.models import Attachment
from feedback.services.attachments import keep_picture, open_picture
from wallet.errors import DocumentLinkInvalid
from wallet.services.document_links import new_link, owner_of_link
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.downloads import picture_file
from wallet_project.kit.api.parsers import PictureParser
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import BodyTooLarge

TAGS = ["客服 support"]
PICTURE = {
    "token": "9f2c4e0b7d1a6f83c5e2904b18d7a6f3",
    "width": 1080,
    "height": 1920,
    "url": "/api/v1/feedback/attachments/9f2c4e0b7d1a6f83c5e2904b18d7a6f3?link=AQABq3…",
}


class PictureOutput(OutputSerializer):
    token = serializers.CharField(help_text="提交工单或留言时放在 attachments 中")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField(help_text="五分钟内有效，无需登录态")


def linked(pictures: Iterable[Attachment], *, holder: Holder) -> list[dict[str, Any]]:
    """Each with a link that opens it for whoever is asking, for a few minutes; may they see it, you know."""
    now = clock.now()
    return [
        {
            "token": picture.token,
            "width": picture.width,
            "height": picture.height,
            "url": f"/api/v1/feedback/attachments/{picture.token}?link="
            + new_link(
                _document(picture.token), user_id=holder.user_id, session_id=holder.session_id, now=now
            ),
        }
        for picture in pictures
    ]


class KeepPicture(Door):
    """
    A picture for a ticket or a message, one per request, at most thirty a day. What is kept is a picture of
    our own making, without the place and the device that the file may tell; unused, it is gone after a day.
    """

    permission_classes = [LoggedIn]
    parser_classes = [PictureParser]
    throttle_scope = "upload"
    errors = (PictureRefused, PictureQuotaUsed, BodyTooLarge)

    class Input(InputSerializer):
        file = serializers.FileField(help_text="JPEG、PNG 或 WebP，6 MB 以内；动图和 SVG 不收")

    @extend_schema(
        operation_id="upload_picture",
        summary="上传图片 Send a picture",
        tags=TAGS,
        request=Input,
        responses={201: PictureOutput},
        examples=[OpenApiExample("已上传", value=PICTURE, response_only=True, status_codes=["201"])],
    )
    def post(self, request: Request) -> Response:
        content = self.Input.read(request)["file"].read()
        kept = keep_picture(owner_id=self.caller_id, content=content)
        [shown] = linked([kept], holder=cast(Holder, request.auth))
        return Response(PictureOutput.answer(shown), status=201)


class OnePicture(Door):
    """The picture itself. The link says who may see it; with somebody else's token it does not open."""

    permission_classes = [Anyone]
    throttle_scope = "read"
    errors = (DocumentLinkInvalid, PictureGone)

    class Query(InputSerializer):
        link = StrictCharField(max_length=300, help_text="来自图片的 url")

    @extend_schema(
        operation_id="show_picture",
        summary="下载图片 Download a picture",
        tags=TAGS,
        parameters=[Query],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        link, asker = self.Query.read_query(request)["link"], cast(Any, request.user)
        owner_of_link(link, document=_document(token), asker_id=asker and asker.pk, now=clock.now())
        return picture_file(open_picture(token), name=token)


def _document(token: str) -> str:
    return f"picture:{token}"
