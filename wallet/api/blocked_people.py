"""Whom I do not wish to be asked for money by."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.name_hints import hint_of
from wallet.selectors.money_requests import blocked_by
from wallet.services.blocked_people import block_whoever_made, unblock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

_EXAMPLE = {"id": 12, "nickname": "小娜", "name_masked": "欧*", "blocked_at": "2026-11-21T20:15:30+08:00"}


class BlockedPersonOutput(OutputSerializer):
    id = serializers.IntegerField()
    nickname = serializers.SerializerMethodField()
    name_masked = serializers.SerializerMethodField()
    blocked_at = TimeField()

    def get_nickname(self, person: Any) -> str:
        return person.blocked.nickname

    def get_name_masked(self, person: Any) -> str | None:
        return hint_of(person.blocked).name_masked


class BlockedPeople(Door):
    """They are told that I take no requests; what they have asked already is declined."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    class Input(InputSerializer):
        request_number = StrictCharField(max_length=32, help_text="不想再收到请求的人发来的任一收款单号")

    @extend_schema(
        operation_id="list_blocked_people",
        summary="收款屏蔽名单 Whom I take no requests from",
        tags=["收款 requests"],
        parameters=[PageQuery],
        responses=page_output(BlockedPersonOutput, "BlockedPersonPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        purpose = f"blocked:{self.caller_id}"
        rows = blocked_by(self.caller_id)
        return Response(page_of(rows, output=BlockedPersonOutput, query=query, purpose=purpose))

    @extend_schema(
        operation_id="block_person",
        summary="不再接收某人的收款请求 Take no more requests from somebody",
        tags=["收款 requests"],
        request=Input,
        responses={201: BlockedPersonOutput},
        examples=[
            OpenApiExample(
                "发来请求的人", value={"request_number": "Q261121201530123Q7K0M2Z9XWDAX"}, request_only=True
            ),
            OpenApiExample("已屏蔽", value=_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        number = self.Input.read(request)["request_number"]
        person = block_whoever_made(user_id=self.caller_id, number=number)
        return Response(BlockedPersonOutput.answer(person), status=201)


class UnblockPerson(Door):
    """They may ask me again."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    @extend_schema(
        summary="解除屏蔽 Let somebody ask again", tags=["收款 requests"], request=None, responses={204: None}
    )
    def delete(self, request: Request, person: int) -> Response:
        unblock(user_id=self.caller_id, person_id=person)
        return Response(status=204)
