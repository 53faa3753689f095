"""Read the agreements: for everybody, before anybody logs in."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import AgreementVersion
from accounts.rules.agreement_texts import as_html
from accounts.rules.agreements import MANDATORY, AgreementKind, ChangeKind, changes_between
from accounts.selectors.agreements import current_agreements, document, kind_of, published_version
from accounts.services.consents import Shown
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.views import Door

TAGS = ["协议与同意 agreements"]
KIND = OpenApiParameter(
    "kind", str, OpenApiParameter.PATH, description="terms、privacy、fee-schedule、real-name、marketing"
)
DOCUMENT = {
    "kind": "PRIVACY",
    "version": 1,
    "title": "隐私政策",
    "hash": "9f2c6a…",
    "url": "https://pay.example.cn/agreements/privacy/1",
    "summary": "",
}

IN_FORCE = {**DOCUMENT, "is_mandatory": True, "effective_at": "2026-01-01T00:00:00+08:00"}


class DocumentOutput(OutputSerializer):
    kind = serializers.ChoiceField(choices=AgreementKind.choices)
    version = serializers.IntegerField()
    title = serializers.CharField()
    hash = serializers.CharField(help_text="正文指纹 SHA-256；同意时原样送回")
    url = serializers.CharField(help_text="给人看的页面，可在 web-view 中打开")
    summary = serializers.CharField(help_text="与上一版相比改了什么；首版为空")


class ShownInput(InputSerializer):
    """One text that was shown, as GET agreements or a CONSENT_REQUIRED answer named it."""

    kind = serializers.ChoiceField(choices=AgreementKind.choices)
    version = StrictIntegerField(min_value=1, max_value=32_000)
    hash = StrictCharField(min_length=64, max_length=64)


class ShownAgreements(serializers.ListField):
    """What was shown and accepted, as services.consents takes it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            child=ShownInput(),
            min_length=1,
            max_length=len(AgreementKind),
            help_text="用户看过并勾选同意的协议，原样送回 kind、version、hash",
            **options,
        )

    def to_internal_value(self, data: Any) -> list[Shown]:
        return [Shown(**claim) for claim in super().to_internal_value(data)]


class AgreementOutput(DocumentOutput):
    is_mandatory = serializers.BooleanField(help_text="不同意则无法使用服务")
    effective_at = TimeField()


class TextOutput(AgreementOutput):
    body = serializers.CharField(help_text="正文：标题、列表、表格用简单的 Markdown 标记")
    html = serializers.CharField(help_text="同一正文，已转义，可放进 rich-text")


class Agreements(Door):
    """The texts in force, to be shown beside the login button; those that are mandatory come first."""

    authentication_classes = []  # an old token in the header must not keep anybody from reading
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        items = AgreementOutput(many=True)

    @extend_schema(
        operation_id="list_agreements",
        summary="现行协议 Agreements in force",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "协议",
                value={"items": [IN_FORCE]},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found = current_agreements(clock.now())
        return Response(self.Output.answer({"items": [_facts(version) for version in found]}))


class AgreementText(Door):
    """One version, word for word; outdated ones too, because people agreed to them."""

    authentication_classes = []  # an old token in the header must not keep anybody from reading
    permission_classes = [Anyone]
    throttle_scope = "read"

    @extend_schema(
        operation_id="read_agreement",
        summary="协议正文 Read an agreement",
        tags=TAGS,
        parameters=[KIND],
        responses=TextOutput,
        examples=[
            OpenApiExample(
                "正文",
                value={
                    **IN_FORCE,
                    "body": "## 我们收集什么\n\n手机号，用于登录。",
                    "html": "<h2>我们收集什么</h2>\n<p>手机号，用于登录。</p>",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, kind: str, version: int) -> Response:
        found = published_version(kind_of(kind), version)
        return Response(TextOutput.answer({**_facts(found), "body": found.body, "html": as_html(found.body)}))


class AgreementChanges(Door):
    """What changed between two versions, paragraph by paragraph."""

    authentication_classes = []  # an old token in the header must not keep anybody from reading
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Query(InputSerializer):
        # `from` is a word of Python's, so the two are declared below.
        def get_fields(self) -> dict[str, serializers.Field]:
            return {
                "from": serializers.IntegerField(min_value=1, max_value=32_000, help_text="较早的版本"),
                "to": serializers.IntegerField(min_value=1, max_value=32_000, help_text="较新的版本"),
            }

    class Output(OutputSerializer):
        class Change(OutputSerializer):
            kind = serializers.ChoiceField(choices=[kind.value for kind in ChangeKind])
            before = serializers.CharField(help_text="新增时为空")
            after = serializers.CharField(help_text="删除时为空")

        summary = serializers.CharField(help_text="较新版本的变更说明")
        changes = Change(many=True)

    @extend_schema(
        operation_id="compare_agreements",
        summary="协议差异 Compare two versions",
        tags=TAGS,
        parameters=[KIND, Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "差异",
                value={
                    "summary": "提现手续费由 0.1% 降为 0",
                    "changes": [
                        {"kind": "changed", "before": "提现收取 0.1%。", "after": "提现免费。"},
                        {"kind": "added", "before": "", "after": "## 优惠说明"},
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, kind: str) -> Response:
        asked = self.Query.read_query(request)
        older, newer = (published_version(kind_of(kind), asked[end]) for end in ("from", "to"))
        changes = [asdict(change) for change in changes_between(older.body, newer.body)]
        return Response(self.Output.answer({"summary": newer.summary, "changes": changes}))


def _facts(version: AgreementVersion) -> dict[str, Any]:
    mandatory = version.kind in MANDATORY
    return {**document(version), "is_mandatory": mandatory, "effective_at": version.effective_at}
