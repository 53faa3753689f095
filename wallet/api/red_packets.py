"""Send red packets, open them, see who got how much."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import SCREENING_ERRORS, STEP_UP_ERRORS, PhoneNotBound
from wallet.api.payees import PayeeTokenField
from wallet.errors import (
    BalanceCapExceeded,
    InsufficientBalance,
    LimitExceeded,
    LotExhausted,
    NotInThisMode,
    PackageMoneyStays,
    PayeeCannotReceive,
    PayeeTokenRefused,
    RedPacketAllOpened,
    RedPacketImpossible,
    RedPacketNotForYou,
    RedPacketOver,
    TextRefused,
    WalletClosed,
    WalletFrozen,
    WalletReceivesNothing,
)
from wallet.models import RedPacket, RedPacketShare, RedPacketState
from wallet.rules.red_packets import GREETING, GREETING_LONGEST, Audience, PacketKind
from wallet.selectors.red_packets import (
    opened_shares,
    red_packet_behind,
    red_packets_from,
    red_packets_waiting_for,
    seen_by,
    shares_taken_by,
)
from wallet.services.red_packets import RedPacketTerms, open_red_packet, send_red_packet
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import DEFAULT_LIMIT, PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.throttling import HumanPace, ScopedThrottle
from wallet_project.kit.api.views import Door
from wallet_project.kit.masking import mask_name
from wallet_project.kit.money import Fen
from wallet_project.pauses.errors import Paused


class RedPacketOutput(OutputSerializer):
    number = serializers.CharField()
    token = serializers.CharField(help_text="打开红包的凭证：放进分享卡片的路径，不要公开")
    kind = serializers.ChoiceField(choices=PacketKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    audience = serializers.ChoiceField(choices=Audience.choices)
    from_name = serializers.SerializerMethodField(help_text="发红包的人，已脱敏")
    to_name = serializers.SerializerMethodField(help_text="指定领取的人，已脱敏；群红包为 null")
    greeting = serializers.CharField()
    amount = FenField(help_text="总金额")
    count = serializers.IntegerField()
    opened_count = serializers.IntegerField()
    opened_amount = FenField()
    state = serializers.ChoiceField(choices=RedPacketState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    sent_at = TimeField()
    expires_at = TimeField(help_text="到期后未领取的部分退回")
    ended_at = TimeField(allow_null=True)

    def get_from_name(self, packet: RedPacket) -> str:
        return mask_name(packet.sender.user.nickname)

    def get_to_name(self, packet: RedPacket) -> str | None:
        return mask_name(packet.receiver.user.nickname) if packet.receiver else None


class OpenedShareOutput(OutputSerializer):
    name = serializers.SerializerMethodField(help_text="领取的人，已脱敏")
    amount = FenField()
    taken_at = TimeField()

    def get_name(self, share: RedPacketShare) -> str:
        return mask_name(share.taken_by.user.nickname) if share.taken_by else ""


class ListedShareOutput(OpenedShareOutput):
    is_luckiest = serializers.BooleanField(help_text="手气最佳，领完后才有")
    is_me = serializers.BooleanField()


class MyShareOutput(OutputSerializer):
    amount = FenField()
    taken_at = TimeField()


class TakenShareOutput(MyShareOutput):
    red_packet = RedPacketOutput(source="packet")


SharePage = page_output(ListedShareOutput, "RedPacketSharePage")


class SeenOutput(OutputSerializer):
    red_packet = RedPacketOutput(source="packet")
    can_open = serializers.BooleanField(help_text="现在可以由我拆开")
    mine = MyShareOutput(allow_null=True, help_text="我领到的")
    luckiest = OpenedShareOutput(allow_null=True, help_text="手气最佳，拼手气红包领完后才有")


class ResultOutput(SeenOutput):
    shares = SharePage(help_text="最近领取的，更多见 …/shares")


PACKET_EXAMPLE: dict[str, Any] = {
    "number": "H261128201530123Q7K0M2Z9XWDAX",
    "token": "H261128201530123Q7K0M2Z9XWDAX.kTxP9cGQ4Yw0h1sJ2uVb3nM5oR6tZ7aE8iL-fD_XyCq",
    "kind": "lucky",
    "kind_name": "拼手气红包",
    "audience": "group",
    "from_name": "小*",
    "to_name": None,
    "greeting": GREETING,
    "amount": 1_000,
    "count": 3,
    "opened_count": 0,
    "opened_amount": 0,
    "state": "OPEN",
    "state_name": "领取中",
    "sent_at": "2026-11-28T20:15:30+08:00",
    "expires_at": "2026-11-29T20:15:30+08:00",
    "ended_at": None,
}
_SHARE = {"amount": 412, "taken_at": "2026-11-28T20:15:42+08:00"}
RESULT_EXAMPLE: dict[str, Any] = {
    "red_packet": {**PACKET_EXAMPLE, "opened_count": 1, "opened_amount": 412},
    "can_open": False,
    "mine": _SHARE,
    "luckiest": None,
    "shares": {
        "items": [{"name": "阿*", **_SHARE, "is_luckiest": False, "is_me": True}],
        "next_cursor": None,
        "has_more": False,
    },
}
_ALL_OPENED_EXAMPLE = {
    "code": "RED_PACKET_FINISHED",
    "message": "手慢了，红包已领完",
    "detail": {"result": {"…": "与查看红包的答复相同"}},
    "request_id": "6f1d0c9e4b7a4c0f8f2f0a3b5c7d9e11",
}


class RedPackets(Door):
    """Send a red packet with my own money, proven first: 428, then once more. List those I sent."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        NotInThisMode,
        Paused,
        RedPacketImpossible,
        TextRefused,
        PayeeTokenRefused,
        PayeeCannotReceive,
        InsufficientBalance,
        PackageMoneyStays,
        LotExhausted,
        LimitExceeded,
        WalletFrozen,
        WalletClosed,
        *STEP_UP_ERRORS,
    )

    class Input(InputSerializer):
        kind = serializers.ChoiceField(choices=PacketKind.choices)
        amount = FenField(max_value=settings.RED_PACKET_MAX, help_text="总金额；普通红包须能均分")
        count = StrictIntegerField(min_value=1, max_value=settings.RED_PACKET_SHARES_MAX, help_text="个数")
        greeting = StrictCharField(
            max_length=4 * GREETING_LONGEST,
            required=False,
            default="",
            allow_blank=True,
            help_text=f"最多 {GREETING_LONGEST} 个字，不填为“{GREETING}”",
        )
        payee_token = PayeeTokenField(required=False, default="")

        def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
            if wish["payee_token"] and (wish["count"] != 1 or wish["kind"] != PacketKind.FIXED):
                raise serializers.ValidationError({"count": [_("发给一个人的只能是一个普通红包")]})
            return wish

    class Query(PageQuery):
        pass

    @extend_schema(
        operation_id="send_red_packet",
        summary="发红包 Send a red packet",
        tags=["红包 red packets"],
        request=Input,
        responses={201: RedPacketOutput},
        examples=[
            OpenApiExample(
                "拼手气 10.00 元，3 个",
                value={"kind": "lucky", "amount": 1_000, "count": 3, "greeting": GREETING},
                request_only=True,
            ),
            OpenApiExample("已发出", value=PACKET_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        terms = RedPacketTerms(
            kind=PacketKind(wish["kind"]),
            amount=Fen(wish["amount"]),
            count=wish["count"],
            greeting=wish["greeting"],
            payee_token=wish["payee_token"],
        )
        packet = send_red_packet(
            sender_id=self.caller_id, device_id=self.device_id, terms=terms, grant=self.step_up_grant
        )
        return Response(RedPacketOutput.answer(packet), status=201)

    @extend_schema(
        operation_id="list_red_packets_sent",
        summary="我发出的红包 Red packets I sent, newest first",
        tags=["红包 red packets"],
        parameters=[Query],
        responses={200: page_output(RedPacketOutput, "RedPacketPage")},
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [PACKET_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        page = page_of(
            red_packets_from(self.caller_id),
            output=RedPacketOutput,
            query=self.Query.read_query(request),
            purpose=f"red-packets:{self.caller_id}",
        )
        return Response(page)


class WaitingRedPackets(Door):
    """Red packets for me alone that I have not opened yet, newest first: `token` opens them."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        pass

    @extend_schema(
        operation_id="list_red_packets_waiting",
        summary="待我领取的红包 Red packets that wait for me, newest first",
        tags=["红包 red packets"],
        parameters=[Query],
        responses={200: page_output(RedPacketOutput, "WaitingRedPacketPage")},
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            **PACKET_EXAMPLE,
                            "kind": "fixed",
                            "kind_name": "普通红包",
                            "audience": "person",
                            "to_name": "阿*",
                            "count": 1,
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
        page = page_of(
            red_packets_waiting_for(self.caller_id, at=clock.now()),
            output=RedPacketOutput,
            query=self.Query.read_query(request),
            purpose=f"red-packets-waiting:{self.caller_id}",
        )
        return Response(page)


class ReceivedRedPackets(Door):
    """What I got out of red packets, newest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        pass

    @extend_schema(
        operation_id="list_red_packets_received",
        summary="我收到的红包 Red packets I opened, newest first",
        tags=["红包 red packets"],
        parameters=[Query],
        responses={200: page_output(TakenShareOutput, "TakenSharePage")},
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [{**_SHARE, "red_packet": RESULT_EXAMPLE["red_packet"]}],
                    "next_cursor": None,
                    "has_more": False,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        page = page_of(
            shares_taken_by(self.caller_id),
            output=TakenShareOutput,
            query=self.Query.read_query(request),
            purpose=f"red-packets-received:{self.caller_id}",
            by="journal_id",
        )
        return Response(page)


class OneRedPacket(Door):
    """A red packet that I was sent the link of, or sent: what is left, and who got how much."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="show_red_packet",
        summary="查看红包 One red packet and its latest shares",
        tags=["红包 red packets"],
        responses={200: ResultOutput},
        examples=[OpenApiExample("领了一个", value=RESULT_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, token: str) -> Response:
        return Response(_result(token, user_id=self.caller_id))


class RedPacketShares(Door):
    """Everybody who opened a red packet, the latest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        pass

    @extend_schema(
        operation_id="list_red_packet_shares",
        summary="领取明细 Everybody who opened it, the latest first",
        tags=["红包 red packets"],
        parameters=[Query],
        responses={200: SharePage},
        examples=[OpenApiExample("一页", value=RESULT_EXAMPLE["shares"], response_only=True)],
    )
    def get(self, request: Request, token: str) -> Response:
        query = self.Query.read_query(request)
        packet = red_packet_behind(token, user_id=self.caller_id)
        seen = seen_by(self.caller_id, packet, at=clock.now())
        return Response(_shares(seen, user_id=self.caller_id, query=query))


class OpenRedPacket(Door):
    """Take my share of a red packet; asked again, the same share."""

    permission_classes = [LoggedIn]
    throttle_scope = "red_packet"
    throttle_classes = [ScopedThrottle, HumanPace]
    errors = (
        NotInThisMode,
        Paused,
        RedPacketAllOpened,
        RedPacketOver,
        RedPacketNotForYou,
        PhoneNotBound,
        BalanceCapExceeded,
        WalletReceivesNothing,
        WalletClosed,
        *SCREENING_ERRORS,
    )

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="open_red_packet",
        summary="拆红包 Open a red packet",
        tags=["红包 red packets"],
        request=Input,
        responses={200: ResultOutput},
        examples=[
            OpenApiExample("领到 4.12 元", value=RESULT_EXAMPLE, response_only=True, status_codes=["200"]),
            OpenApiExample("手慢了", value=_ALL_OPENED_EXAMPLE, response_only=True, status_codes=["409"]),
        ],
    )
    @idempotent
    def post(self, request: Request, token: str) -> Response:
        self.Input.read(request)
        try:
            open_red_packet(user_id=self.caller_id, token=token)
        except (RedPacketAllOpened, RedPacketOver) as too_late:
            raise type(too_late)(result=_result(token, user_id=self.caller_id)) from too_late
        return Response(_result(token, user_id=self.caller_id))


def _result(token: str, *, user_id: int) -> dict[str, Any]:
    packet = red_packet_behind(token, user_id=user_id)
    seen = seen_by(user_id, packet, at=clock.now())
    return {
        **SeenOutput.answer(seen),
        "shares": _shares(seen, user_id=user_id, query={"limit": DEFAULT_LIMIT}),
    }


def _shares(seen: Any, *, user_id: int, query: dict[str, Any]) -> dict[str, Any]:
    return page_of(
        opened_shares(seen, user_id=user_id),
        output=ListedShareOutput,
        query=query,
        purpose=f"red-packet:{seen.packet.number}:{user_id}",
    )
