"""My real name: the level I have, what the next one needs, and the way there."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import NameField, PhoneField
from accounts.api.permissions import LoggedIn
from accounts.errors import (
    ConsentRequired,
    KycAlreadyApplied,
    KycAlreadyReached,
    KycGuardianNeeded,
    KycNameNeeded,
    KycNoFaceUnderWay,
    KycNotForMinors,
    KycPhoneNeeded,
    KycProviderUnavailable,
    KycTooManyTries,
    KycTooYoung,
)
from accounts.rules.id_cards import NotAnIdNumber, birthday_of, latest_end, normalise_id_number
from accounts.rules.kyc import KycKind, KycLevel, KycState, Step
from accounts.selectors.kyc import KycOverview, kyc_of, missing_steps
from accounts.services.kyc import Guardian, apply_for_name, conclude_face, start_face, withdraw_application
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound, StateConflict

TAGS = ["实名 real name"]


class IdNumberField(StrictCharField):
    default_error_messages = {"id_number": _("身份证号有误，请核对 18 位号码")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return normalise_id_number(text, today=clock.business_day(clock.now()))
        except NotAnIdNumber:
            self.fail("id_number")


class ApplicationOutput(OutputSerializer):
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=KycKind.choices)
    state = serializers.ChoiceField(choices=KycState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    told = serializers.CharField(help_text="没有通过的原因，可直接展示；没有时为空")
    submitted_at = TimeField()
    decided_at = TimeField(allow_null=True)


class StepOutput(OutputSerializer):
    code = serializers.ChoiceField(choices=Step.choices)
    title = serializers.CharField()


class LevelOutput(OutputSerializer):
    level = serializers.ChoiceField(choices=KycLevel.choices)
    title = serializers.CharField()
    reached = serializers.BooleanField()
    missing = StepOutput(many=True, help_text="还差哪几步")


class OverviewOutput(OutputSerializer):
    level = serializers.ChoiceField(choices=KycLevel.choices)
    level_name = serializers.CharField(help_text="可直接展示")
    since = TimeField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="证件有效期至；长期或未实名时为 null")
    is_minor = serializers.BooleanField(help_text="未成年人，额度从严")
    name_masked = serializers.CharField(allow_null=True)
    id_number_masked = serializers.CharField(allow_null=True)
    levels = LevelOutput(many=True)
    application = ApplicationOutput(allow_null=True, help_text="最近一次申请")


_APPLICATION = {
    "number": "K261121201530123Q7K0M2Z9XWDAX",
    "kind": "NAME",
    "state": "APPROVED",
    "state_name": "已通过",
    "told": "",
    "submitted_at": "2026-11-21T20:15:30+08:00",
    "decided_at": "2026-11-21T20:15:31+08:00",
}
_WITHDRAWN = {**_APPLICATION, "state": "WITHDRAWN", "state_name": "已撤回"}
_FACE = {
    **_APPLICATION,
    "kind": "FACE",
    "state": "VERIFYING",
    "state_name": "核验中",
    "decided_at": None,
}
_OVERVIEW = {
    "level": 2,
    "level_name": "二类：已实名认证",
    "since": "2026-11-21T20:15:31+08:00",
    "valid_until": "2036-05-01",
    "is_minor": False,
    "name_masked": "张*",
    "id_number_masked": "110***********002X",
    "levels": [
        {
            "level": 3,
            "title": "三类：已人脸核身",
            "reached": False,
            "missing": [{"code": "VERIFY_FACE", "title": "完成人脸核身"}],
        }
    ],
    "application": _APPLICATION,
}


class MyKyc(Door):
    """My level, what every level needs, and my latest application. What they open: GET wallet/limits."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        summary="我的实名 My real name",
        tags=TAGS,
        responses=OverviewOutput,
        examples=[OpenApiExample("二类", value=_OVERVIEW, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(OverviewOutput.answer(_shown(kyc_of(self.caller_id))))


class ApplyForName(Door):
    """
    Name and ID number, compared with the bound phone. Mostly answered at once; VERIFYING and REVIEW end
    later, which GET me/kyc shows.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (
        ConsentRequired,
        KycPhoneNeeded,
        KycAlreadyApplied,
        KycAlreadyReached,
        KycTooManyTries,
        KycTooYoung,
        KycGuardianNeeded,
    )

    class Input(InputSerializer):
        class GuardianInput(InputSerializer):
            name = NameField(help_text="监护人姓名")
            phone = PhoneField(help_text="监护人手机号，审核时会致电确认")

        name = NameField(help_text="身份证上的姓名")
        id_number = IdNumberField(help_text="18 位身份证号")
        valid_until = serializers.DateField(allow_null=True, help_text="证件有效期至，长期为 null")
        guardian = GuardianInput(required=False, help_text="未满十八周岁时必填")

        def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
            today = clock.business_day(clock.now())
            latest = latest_end(birthday_of(wish["id_number"]), issued_by=today)
            _check_end(wish["valid_until"], today=today, latest=latest)
            return wish

    @extend_schema(
        summary="提交实名信息 Apply with name and ID number",
        tags=TAGS,
        request=Input,
        responses={201: ApplicationOutput},
        examples=[
            OpenApiExample(
                "成年人",
                value={"name": "张小明", "id_number": "11010519491231002X", "valid_until": None},
                request_only=True,
            ),
            OpenApiExample("通过", value=_APPLICATION, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        if guardian := wish.pop("guardian", None):
            wish["guardian"] = Guardian(**guardian)
        return Response(ApplicationOutput.answer(apply_for_name(user_id=self.caller_id, **wish)), status=201)


class WithdrawApplication(Door):
    """Take back an application that has not ended; what it said is erased."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, StateConflict)

    @extend_schema(
        summary="撤回实名申请 Withdraw an application",
        tags=TAGS,
        request=None,
        responses=ApplicationOutput,
        examples=[OpenApiExample("已撤回", value=_WITHDRAWN, response_only=True)],
    )
    def post(self, request: Request, number: str) -> Response:
        ended = withdraw_application(user_id=self.caller_id, number=number)
        return Response(ApplicationOutput.answer(ended))


class StartFace(Door):
    """A session of the face verification; open it in the mini-program, then ask POST me/kyc/face/result."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (
        ConsentRequired,
        KycNameNeeded,
        KycNotForMinors,
        KycAlreadyReached,
        KycAlreadyApplied,
        KycTooManyTries,
        KycProviderUnavailable,
        KycNoFaceUnderWay,
    )

    class Output(OutputSerializer):
        application = ApplicationOutput()
        token = serializers.CharField(help_text="交给人脸核身 SDK，两小时内有效")
        url = serializers.CharField(help_text="没有 SDK 时打开的页面")

    @extend_schema(
        summary="开始人脸核身 Start the face verification",
        tags=TAGS,
        request=None,
        responses=Output,
        examples=[
            OpenApiExample(
                "去刷脸",
                value={
                    "application": _FACE,
                    "token": "CE661F1A-0F1E-45BD-BE13-34C05CEA7681",
                    "url": "https://open.faceid.qq.com/v1/web/entry?token=…",
                },
                response_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        started = start_face(user_id=self.caller_id)
        return Response(self.Output.answer({"application": started.application, **asdict(started.session)}))


class ConcludeFace(Door):
    """The person has shown their face, or not: the provider is asked, nothing the client says counts."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (KycNoFaceUnderWay,)

    @extend_schema(
        summary="查询人脸核身结果 Conclude the face verification",
        tags=TAGS,
        request=None,
        responses=ApplicationOutput,
        examples=[OpenApiExample("还没有结果", value=_FACE, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        return Response(ApplicationOutput.answer(conclude_face(user_id=self.caller_id)))


def _check_end(valid_until: date | None, *, today: date, latest: date | None) -> None:
    if valid_until is None and latest is not None:
        wrong = _("未满四十六周岁的身份证不是长期有效")
    elif valid_until is not None and valid_until < today:
        wrong = _("证件已过期，请先换领")
    elif valid_until is not None and latest is not None and valid_until > latest:
        wrong = _("有效期有误，请核对证件背面")
    else:
        return
    raise serializers.ValidationError({"valid_until": [wrong]})


def _shown(overview: KycOverview) -> dict[str, Any]:
    standing = overview.standing
    levels = [
        {
            "level": level,
            "title": level.label,
            "reached": level <= standing.level,
            "missing": [
                {"code": step, "title": step.label} for step in missing_steps(level, standing=standing)
            ],
        }
        for level in KycLevel
    ]
    return {
        **asdict(standing),
        "level_name": standing.level.label,
        "name_masked": overview.name_masked,
        "id_number_masked": overview.id_number_masked,
        "levels": levels,
        "application": overview.application,
    }
