"""My credit cards: bind, list, unbind."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import NameField
from accounts.api.permissions import LoggedIn
from payments.api.billers import TAGS
from payments.errors import (
    BillerNotOffered,
    BillersUnavailable,
    CardHolderMismatch,
    CardNotAccepted,
    PayeeInUse,
    TooManyPayees,
)
from payments.rules.cards import NotACardNumber, normalise_card_number
from payments.selectors.billers import cards_of
from payments.services.payees import bind_card, unbind_card
from wallet.errors import NotInThisMode
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door


class CardNumberField(StrictCharField):
    """Read once and passed on; it is in no answer and in no log."""

    default_error_messages = {"card_number": _("卡号有误，请核对")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=32, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return normalise_card_number(text)
        except NotACardNumber:
            self.fail("card_number")


class CardOutput(OutputSerializer):
    id = serializers.UUIDField(source="uid")
    biller = serializers.CharField(source="biller.code", help_text="机构编号")
    bank = serializers.CharField()
    last_four = serializers.CharField(source="tail", help_text="卡号后四位")
    holder_masked = serializers.CharField(source="owner")
    bound_at = TimeField(source="created_at")


_CARD = {
    "id": "0190a8d2-7f6b-4c11-9d0e-5b1f3a9f7c21",
    "biller": "card",
    "bank": "招商银行",
    "last_four": "0006",
    "holder_masked": "张*",
    "bound_at": "2026-11-21T20:15:30+08:00",
}


class Cards(Door):
    """
    Credit cards that I repay. The full number is passed to the bank's side once and kept nowhere.

    Binding the same card again answers with the same card.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "bills"
    errors = (
        NotInThisMode,
        BillerNotOffered,
        CardNotAccepted,
        CardHolderMismatch,
        TooManyPayees,
        BillersUnavailable,
    )

    class Input(InputSerializer):
        biller = serializers.SlugField(max_length=32, help_text="类型为 CREDIT_CARD 的机构编号")
        card_number = CardNumberField(help_text="信用卡卡号，空格可有可无；不保存")
        holder = NameField(help_text="持卡人姓名")

    class Output(OutputSerializer):
        items = CardOutput(many=True)

    @extend_schema(
        operation_id="list_cards",
        summary="我的信用卡 My credit cards",
        tags=TAGS,
        responses=Output,
        examples=[OpenApiExample("一张卡", value={"items": [_CARD]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": cards_of(self.caller_id)}))

    @extend_schema(
        operation_id="bind_card",
        summary="绑定信用卡 Bind a credit card",
        tags=TAGS,
        request=Input,
        responses={201: CardOutput},
        examples=[
            OpenApiExample(
                "一张卡",
                value={"biller": "card", "card_number": "6225 7500 0000 0006", "holder": "张伟"},
                request_only=True,
            ),
            OpenApiExample("已绑定", value=_CARD, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        card = bind_card(
            user_id=self.caller_id,
            biller_code=wish["biller"],
            card_number=wish["card_number"],
            holder=wish["holder"],
        )
        return Response(CardOutput.answer(card), status=201)


class OneCard(Door):
    """Unbind a card."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (PayeeInUse,)

    @extend_schema(
        operation_id="unbind_card", summary="解绑信用卡 Unbind a card", tags=TAGS, responses={204: None}
    )
    def delete(self, request: Request, payee: str) -> Response:
        unbind_card(user_id=self.caller_id, uid=payee)
        return Response(status=204)
