"""What I agree to: see it, give it, take it back."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.agreements import DOCUMENT, TAGS, DocumentOutput, ShownAgreements
from accounts.api.permissions import Recognised
from accounts.errors import AgreementOutdated
from accounts.models import ConsentRecord
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import current_agreement, document
from accounts.selectors.consents import consents_of, has_consent, outstanding_for
from accounts.services.consents import accept_agreements, give_consent, withdraw_consent
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    TimeField,
)
from wallet_project.kit.api.views import Door

MARKETING = {"enabled": False, "document": {**DOCUMENT, "kind": "MARKETING", "title": "营销信息同意书"}}


class ConsentOutput(OutputSerializer):
    kind = serializers.CharField(source="agreement.kind")
    version = serializers.IntegerField(source="agreement.version")
    title = serializers.CharField(source="agreement.title")
    hash = serializers.CharField(source="sha256")
    act = serializers.ChoiceField(choices=ConsentRecord.Act.values, help_text="GIVEN 同意，WITHDRAWN 撤回")
    at = TimeField()


class OutstandingOutput(OutputSerializer):
    documents = DocumentOutput(many=True, help_text="还需同意的协议；为空即可正常使用")


class MyConsents(Door):
    """My history of consents, and the door that CONSENT_REQUIRED asks to come through."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (AgreementOutdated,)
    Query = PageQuery

    class Input(InputSerializer):
        agreements = ShownAgreements()

    @extend_schema(
        summary="我的同意记录 My consents",
        tags=TAGS,
        parameters=[PageQuery],
        responses=page_output(ConsentOutput, "ConsentPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            **{name: DOCUMENT[name] for name in ("kind", "version", "title", "hash")},
                            "act": "GIVEN",
                            "at": "2026-11-21T20:15:30+08:00",
                        }
                    ],
                    "next_cursor": None,
                    "has_more": False,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        purpose = f"consents:{self.caller_id}"
        return Response(
            page_of(consents_of(self.caller_id), output=ConsentOutput, query=query, purpose=purpose)
        )

    @extend_schema(
        summary="同意协议 Accept agreements",
        tags=TAGS,
        request=Input,
        responses=OutstandingOutput,
        examples=[
            OpenApiExample(
                "同意",
                value={"agreements": [{"kind": "PRIVACY", "version": 1, "hash": "9f2c6a…"}]},
                request_only=True,
            ),
            OpenApiExample("不再缺少", value={"documents": []}, response_only=True),
            OpenApiExample("还缺一份", value={"documents": [DOCUMENT]}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        accept_agreements(user_id=self.caller_id, shown=wish["agreements"])
        return Response(_outstanding(self.caller_id))


class WithdrawConsent(Door):
    """Take a consent back; the answer says what that means and what can be done."""

    permission_classes = [Recognised]
    throttle_scope = "write"

    class Input(InputSerializer):
        kind = serializers.ChoiceField(choices=AgreementKind.choices)

    class Output(OutputSerializer):
        effect = serializers.CharField(help_text="撤回之后会怎样，可直接展示")
        documents = DocumentOutput(many=True, help_text="要继续使用，需重新同意的协议")

    @extend_schema(
        summary="撤回同意 Withdraw a consent",
        tags=TAGS,
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample("撤回", value={"kind": "MARKETING"}, request_only=True),
            OpenApiExample(
                "营销", value={"effect": "我们不再向您发送营销信息。", "documents": []}, response_only=True
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        kind = AgreementKind(self.Input.read(request)["kind"])
        withdraw_consent(user_id=self.caller_id, kind=kind)
        return Response(self.Output.answer({"effect": _effect(kind), **_outstanding(self.caller_id)}))


class MyMarketing(Door):
    """Whether I want to hear of offers. Off until somebody turns it on, and off at once."""

    permission_classes = [Recognised]
    throttle_scope = "write"

    class Input(InputSerializer):
        enabled = StrictBooleanField()

    class Output(OutputSerializer):
        enabled = serializers.BooleanField()
        document = DocumentOutput(help_text="开关旁展示的同意书")

    @extend_schema(
        summary="营销信息开关 My marketing choice",
        tags=TAGS,
        responses=Output,
        examples=[OpenApiExample("已关闭", value=MARKETING, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self._choice())

    @extend_schema(
        summary="开启或关闭营销信息 Choose marketing",
        tags=TAGS,
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample("关闭", value={"enabled": False}, request_only=True),
            OpenApiExample("已关闭", value=MARKETING, response_only=True),
        ],
    )
    def put(self, request: Request) -> Response:
        change = give_consent if self.Input.read(request)["enabled"] else withdraw_consent
        change(user_id=self.caller_id, kind=AgreementKind.MARKETING)
        return Response(self._choice())

    def _choice(self) -> Any:
        text = current_agreement(AgreementKind.MARKETING, clock.now())
        enabled = has_consent(self.caller_id, purpose=AgreementKind.MARKETING)
        return self.Output.answer({"enabled": enabled, "document": document(text)})


def _outstanding(user_id: int) -> Any:
    found = outstanding_for(user_id, clock.now())
    return OutstandingOutput.answer({"documents": [document(version) for version in found]})


def _effect(kind: AgreementKind) -> str:
    if kind in MANDATORY:
        return _("您已撤回同意，我们无法继续为您提供服务。您可以重新同意，也可以导出个人信息或注销账户。")
    if kind == AgreementKind.REAL_NAME:
        return _("我们不再处理您的实名信息，账户等级将回到未实名。撤回之前已完成的处理依然有效。")
    return _("我们不再向您发送营销信息。")
