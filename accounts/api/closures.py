"""Leave: what keeps me, why I go, confirm, change my mind."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.errors import STEP_UP_ERRORS, ClosureBlocked, ClosureNotBegun, ClosureTermsChanged
from accounts.models import ClosureReason, OfferAnswer
from accounts.rules.closures import what_is_given_up, what_must_end
from accounts.selectors.closures import blockers_of, live_closure
from accounts.services.closures import answer_offer, begin_closure, cancel_closure, confirm_closure
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import StateConflict


class ClosureOutput(OutputSerializer):
    class BlockerOutput(OutputSerializer):
        code = serializers.CharField()
        title = serializers.CharField()
        how = serializers.CharField(help_text="怎样处理")
        where = serializers.CharField(help_text="查看或处理它的接口")
        kind = serializers.CharField(
            help_text="WAIT 须先了结；TAKE_ALONG 须先取走的余额；GIVE_UP 确认放弃后不再阻碍注销"
        )
        amount = FenField()

    class RequestOutput(OutputSerializer):
        class OfferOutput(OutputSerializer):
            title = serializers.CharField()
            text = serializers.CharField()
            action = serializers.CharField(
                help_text="接受后：STAY 保留账户，TALK 联系客服，READ 打开帮助文章"
            )
            article = serializers.CharField(help_text="action 为 READ 时帮助文章的网址名")

        state = serializers.CharField(help_text="OPEN 待确认，COOLING 冷静期")
        state_name = serializers.CharField(source="get_state_display")
        reason = serializers.CharField()
        began_at = TimeField()
        closes_at = TimeField(source="due_at", allow_null=True, help_text="冷静期结束、账户注销的时间")
        offer = OfferOutput(allow_null=True, help_text="挽留方案；没有时为 null")
        offer_answer = serializers.CharField(help_text="ACCEPTED、DECLINED，未答复时为空")

    request = RequestOutput(allow_null=True, help_text="进行中的注销；没有时为 null")
    blockers = BlockerOutput(many=True)
    can_confirm = serializers.BooleanField(help_text="除了要放弃的金额，没有什么阻碍注销")
    gives_up = FenField(help_text="现在注销需要放弃的金额，确认时原样带回")


_BONUS = {
    "code": "BONUS_LEFT",
    "title": "赠金",
    "how": "可以先消费，也可以在注销时确认放弃",
    "where": "/api/v1/wallet",
    "kind": "GIVE_UP",
    "amount": 500,
}
_BEGUN = {
    "state": "OPEN",
    "state_name": "待确认",
    "reason": "TROUBLE",
    "began_at": "2026-11-21T20:15:30+08:00",
    "closes_at": None,
    "offer": {
        "title": "让我们帮您解决",
        "text": "客服会在一个工作日内联系您，问题解决前账户保持不变。",
        "action": "TALK",
        "article": "",
    },
    "offer_answer": "",
}


def _example(name: str, **more: Any) -> OpenApiExample:
    whole = {"request": _BEGUN, "blockers": [_BONUS], "can_confirm": True, "gives_up": 500, **more}
    return OpenApiExample(name, value=whole, response_only=True)


_OPEN = _example("已说明原因，待确认")
_COOLING = _example(
    "冷静期",
    request={
        **_BEGUN,
        "state": "COOLING",
        "state_name": "冷静期",
        "closes_at": "2026-11-28T20:15:30+08:00",
        "offer_answer": "DECLINED",
    },
)
_STAYED = _example("没有进行中的注销", request=None)


def _standing(user_id: int) -> dict[str, Any]:
    blockers = blockers_of(user_id)
    return ClosureOutput.answer(
        {
            "request": live_closure(user_id),
            "blockers": blockers,
            "can_confirm": not what_must_end(blockers),
            "gives_up": what_is_given_up(blockers),
        }
    )


class Closure(Door):
    """What would keep me from leaving; and that I want to, and why."""

    permission_classes = [Recognised]
    throttle_scope = "write"

    class Input(InputSerializer):
        reason = serializers.ChoiceField(choices=ClosureReason.choices)
        comment = StrictCharField(max_length=500, required=False, help_text="补充说明，加密保存，注销后销毁")

    @extend_schema(
        operation_id="show_closure",
        summary="注销前检查 What keeps me from leaving",
        tags=["注销 closure"],
        responses=ClosureOutput,
        examples=[_STAYED],
    )
    def get(self, request: Request) -> Response:
        return Response(_standing(self.caller_id))

    @extend_schema(
        operation_id="begin_closure",
        summary="发起注销 Say that I want to leave, and why",
        tags=["注销 closure"],
        request=Input,
        responses=ClosureOutput,
        examples=[_OPEN, OpenApiExample("原因", value={"reason": "TROUBLE"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        begin_closure(user_id=self.caller_id, **self.Input.read(request))
        return Response(_standing(self.caller_id))


class ClosureOffer(Door):
    """Take up the offer and stay, or decline it."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (ClosureNotBegun, StateConflict)

    class Input(InputSerializer):
        answer = serializers.ChoiceField(choices=OfferAnswer.choices)

    @extend_schema(
        operation_id="answer_closure_offer",
        summary="答复挽留方案 Answer the offer to stay",
        tags=["注销 closure"],
        request=Input,
        responses=ClosureOutput,
        examples=[_STAYED, OpenApiExample("接受并保留账户", value={"answer": "ACCEPTED"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        answer_offer(user_id=self.caller_id, **self.Input.read(request))
        return Response(_standing(self.caller_id))


class ConfirmClosure(Door):
    """I mean it: the time to think again begins, and at its end my account closes by itself."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (ClosureNotBegun, ClosureBlocked, ClosureTermsChanged, StateConflict, *STEP_UP_ERRORS)

    class Input(InputSerializer):
        gives_up = FenField(min_value=0, help_text="我同意放弃的金额，与检查结果一致")

    @extend_schema(
        operation_id="confirm_closure",
        summary="确认注销 Confirm that I leave",
        tags=["注销 closure"],
        request=Input,
        responses=ClosureOutput,
        examples=[_COOLING, OpenApiExample("放弃 5.00 元赠金", value={"gives_up": 500}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        confirm_closure(
            user_id=self.caller_id,
            device_id=self.device_id,
            grant=self.step_up_grant,
            **self.Input.read(request),
        )
        return Response(_standing(self.caller_id))


class CancelClosure(Door):
    """I stay."""

    permission_classes = [Recognised]
    throttle_scope = "write"
    errors = (ClosureNotBegun,)

    @extend_schema(
        operation_id="cancel_closure",
        summary="撤回注销 Stay after all",
        tags=["注销 closure"],
        request=None,
        responses=ClosureOutput,
        examples=[_STAYED],
    )
    def post(self, request: Request) -> Response:
        cancel_closure(user_id=self.caller_id)
        return Response(_standing(self.caller_id))
