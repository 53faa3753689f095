"""Prove what a 428 asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import CodeField, PinField
from accounts.api.permissions import Recognised
from accounts.errors import (
    ChallengeOver,
    CodeRefused,
    FactorNotAsked,
    FactorRefused,
    PinBlocked,
    PinLocked,
    PinNotSet,
    PinWrong,
    SmsTooOften,
    SmsUnavailable,
    WeChatCodeRefused,
    WeChatNotLinked,
    WeChatUnavailable,
)
from accounts.models import ChallengeState
from accounts.rules.step_up import read_factors
from accounts.selectors.step_up import challenge_for
from accounts.services.proofs import (
    Progress,
    prove_by_code,
    prove_by_pin,
    prove_by_soter,
    prove_by_wechat,
    send_proof_code,
)
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused

_EXAMPLE = {
    "challenge_id": "6c0f3a52-9f1e-4f0b-8a53-0f3c6f1f2b9d",
    "operation": "支付订单 ¥35.00 人民路店",
    "amount": 3500,
    "state": "PROVEN",
    "factors": [["PIN"]],
    "proven": ["PIN"],
    "expires_in": 120,
    "grant": "q3T…43 位",
}
_WAITING = {**_EXAMPLE, "state": "OPEN", "proven": [], "grant": None}
PROVEN = OpenApiExample("验证完成", value=_EXAMPLE, response_only=True)


class ChallengeOutput(OutputSerializer):
    challenge_id = serializers.UUIDField()
    operation = serializers.CharField(help_text="给用户看的操作内容")
    amount = serializers.IntegerField(help_text="分；不涉及金额时为 0")
    state = serializers.ChoiceField(choices=[*ChallengeState.values, "EXPIRED"])
    factors = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="任选一组，组内全部完成"
    )
    proven = serializers.ListField(child=serializers.CharField())
    expires_in = serializers.IntegerField(help_text="剩余秒数")
    grant = serializers.CharField(
        allow_null=True, help_text="完成后给出一次；放在 Step-Up-Grant 请求头中重发原请求"
    )

    @classmethod
    def of_progress(cls, progress: Progress, *, at: datetime) -> Any:
        challenge = progress.challenge
        seconds = max(int((challenge.expires_at - at).total_seconds()), 0)
        is_over = challenge.state != ChallengeState.SPENT and not seconds
        return cls.answer(
            {
                "challenge_id": challenge.public_id,
                "operation": challenge.operation.in_words,
                "amount": challenge.amount,
                "state": "EXPIRED" if is_over else challenge.state,
                "factors": [sorted(way) for way in read_factors(challenge.needed)],
                "proven": sorted(challenge.proven_factors),
                "expires_in": seconds,
                "grant": progress.grant,
            }
        )


class _Proof(Door):
    permission_classes = [Recognised]  # who agrees to nothing may still take their data along, and leave
    throttle_scope = "proof"

    def mine(self, challenge_id: UUID) -> dict[str, Any]:
        """Whose challenge, as every service here wants to know it."""
        return {"user_id": self.caller_id, "device_id": self.device_id, "challenge_id": challenge_id}

    def answer(self, progress: Progress) -> Response:
        return Response(ChallengeOutput.of_progress(progress, at=clock.now()))


class StepUp(_Proof):
    """How far a challenge of mine is."""

    @extend_schema(
        operation_id="show_step_up",
        summary="查看操作验证 One step-up challenge",
        tags=["安全 security"],
        responses=ChallengeOutput,
        examples=[OpenApiExample("待验证", value=_WAITING, response_only=True)],
    )
    def get(self, request: Request, challenge_id: UUID) -> Response:
        return self.answer(Progress(challenge_for(**self.mine(challenge_id)), None))


class ProveByPin(_Proof):
    """My payment PIN."""

    errors = (ChallengeOver, FactorNotAsked, PinWrong, PinLocked, PinBlocked, PinNotSet)

    class Input(InputSerializer):
        pin = PinField()

    @extend_schema(
        operation_id="prove_by_pin",
        summary="用支付密码验证 Prove by PIN",
        tags=["安全 security"],
        request=Input,
        responses=ChallengeOutput,
        examples=[PROVEN, OpenApiExample("密码", value={"pin": "318842"}, request_only=True)],
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        return self.answer(prove_by_pin(**self.mine(challenge_id), **self.Input.read(request)))


class SendProofCode(_Proof):
    """A code to my bound phone, good for this challenge alone."""

    errors = (ChallengeOver, FactorNotAsked, SmsTooOften, SmsUnavailable, Paused)

    class Output(OutputSerializer):
        phone_masked = serializers.CharField()
        expires_in = serializers.IntegerField(help_text="验证码有效秒数")
        resend_in = serializers.IntegerField(help_text="多少秒后可重新获取")

    @extend_schema(
        operation_id="send_step_up_code",
        summary="获取短信验证码 Send a code",
        tags=["安全 security"],
        request=None,
        responses=Output,
        examples=[
            OpenApiExample(
                "已发送",
                value={"phone_masked": "138****8000", "expires_in": 300, "resend_in": 60},
                response_only=True,
            )
        ],
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        return Response(self.Output.answer(send_proof_code(**self.mine(challenge_id))))


class ProveByCode(_Proof):
    """The code from the text message."""

    errors = (ChallengeOver, FactorNotAsked, CodeRefused)

    class Input(InputSerializer):
        code = CodeField()

    @extend_schema(
        operation_id="prove_by_code",
        summary="用短信验证码验证 Prove by text message",
        tags=["安全 security"],
        request=Input,
        responses=ChallengeOutput,
        examples=[PROVEN, OpenApiExample("验证码", value={"code": "294017"}, request_only=True)],
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        return self.answer(prove_by_code(**self.mine(challenge_id), **self.Input.read(request)))


class ProveBySoter(_Proof):
    """My fingerprint or face, signed by my device for this challenge."""

    errors = (ChallengeOver, FactorNotAsked, FactorRefused, WeChatUnavailable, WeChatNotLinked)

    class Input(InputSerializer):
        result_json = StrictCharField(
            max_length=4096, trim_whitespace=False, help_text="wx.startSoterAuthentication 的 resultJSON 原文"
        )
        signature = StrictCharField(max_length=1024, help_text="resultJSONSignature 原文")

    @extend_schema(
        operation_id="prove_by_soter",
        summary="用指纹或面容验证 Prove by fingerprint or face",
        tags=["安全 security"],
        request=Input,
        responses=ChallengeOutput,
        examples=[
            PROVEN,
            OpenApiExample(
                "设备的签名",
                value={"result_json": '{"raw":"kTx…","counter":123}', "signature": "oR9d8PuhnIc…"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        wish = self.Input.read(request)
        progress = prove_by_soter(
            **self.mine(challenge_id), result=wish["result_json"], signature=wish["signature"]
        )
        return self.answer(progress)


class ProveByWeChat(_Proof):
    """A fresh wx.login of mine."""

    errors = (
        ChallengeOver,
        FactorNotAsked,
        WeChatCodeRefused,
        WeChatUnavailable,
        WeChatNotLinked,
        FactorRefused,
    )

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="wx.login 得到的 code，只能用一次")

    @extend_schema(
        operation_id="prove_by_wechat",
        summary="用微信重新授权验证 Prove by a fresh WeChat login",
        tags=["安全 security"],
        request=Input,
        responses=ChallengeOutput,
        examples=[PROVEN, OpenApiExample("授权", value={"code": "0a3Xk…"}, request_only=True)],
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        return self.answer(prove_by_wechat(**self.mine(challenge_id), **self.Input.read(request)))
