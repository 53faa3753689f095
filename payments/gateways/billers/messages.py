"""Frozen values of what a biller platform says and is told, and the one place that reads its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from payments.gateways.billers.errors import UnreadableNotice
from wallet_project.kit.money import MAX_FEN, Fen

_T = TypeVar("_T")
_LONGEST = {"token": 128, "bank": 32, "owner_masked": 64, "payment_id": 64, "number": 32, "id": 64}


@dataclass(frozen=True, kw_only=True)
class Payee:
    """Whose bill: an account number, or the token of a card that is bound. Never both, never logged."""

    biller: str
    account: str = ""
    card_token: str = ""


@dataclass(frozen=True, kw_only=True)
class BoundCard:
    token: str
    bank: str


@dataclass(frozen=True, kw_only=True)
class Bill:
    """`due` is zero where one may pay in advance; from `least` to `most` may be paid at once."""

    owner_masked: str
    due: Fen
    due_date: date | None
    least: Fen
    most: Fen


class PlatformState(StrEnum):
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    REVERSED = "REVERSED"


@dataclass(frozen=True, kw_only=True)
class BillNotice:
    """A payment as the platform sees it; `number` is ours, `reason` says why it failed or came back."""

    number: str
    payment_id: str
    biller: str
    amount: Fen
    state: PlatformState
    reason: str


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A proven callback; `payment` is still the platform's JSON object."""

    id: str
    type: str
    payment: Mapping[str, Any]


def json_object(content: bytes) -> dict[str, Any]:
    """
    :raises UnreadableNotice: not a JSON object
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableNotice("not JSON") from None
    if not isinstance(said, dict):
        raise UnreadableNotice("not a JSON object")
    return said


def read_card(said: Mapping[str, Any]) -> BoundCard:
    """:raises UnreadableNotice: a field is missing or of another type"""
    return BoundCard(token=_text(said, "token"), bank=_text(said, "bank"))


def read_bill(said: Mapping[str, Any]) -> Bill:
    """:raises UnreadableNotice: a field is missing or of another type"""
    return Bill(
        owner_masked=_text(said, "owner_masked"),
        due=_fen(said, "due"),
        due_date=_day(said, "due_date"),
        least=_fen(said, "least"),
        most=_fen(said, "most"),
    )


def read_payment(said: Mapping[str, Any]) -> BillNotice:
    """:raises UnreadableNotice: a field is missing or of another type"""
    try:
        state = PlatformState(_text(said, "state"))
    except ValueError:
        raise UnreadableNotice("unknown state") from None
    return BillNotice(
        number=_text(said, "number"),
        payment_id=_text(said, "payment_id"),
        biller=_text(said, "biller"),
        amount=_fen(said, "amount"),
        state=state,
        reason=_text(said, "reason", may_be_empty=True),
    )


def read_callback(body: bytes) -> Callback:
    """:raises UnreadableNotice: a field is missing or of another type"""
    said = json_object(body)
    return Callback(id=_text(said, "id"), type=_text(said, "type"), payment=_required(said, "payment", dict))


def _required(said: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    value = said.get(name)
    if type(value) is not kind:  # exact: True is no amount
        raise UnreadableNotice(f"{name} is not {kind.__name__}")
    return value


def _text(said: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = _required(said, name, str)
    if not (value or may_be_empty) or len(value) > _LONGEST.get(name, 32) or not value.isprintable():
        raise UnreadableNotice(f"{name} is empty, or stranger than any text of the platform's")
    return value


def _fen(said: Mapping[str, Any], name: str) -> Fen:
    value = _required(said, name, int)
    if not 0 <= value <= MAX_FEN:
        raise UnreadableNotice(f"{name} is out of range")
    return Fen(value)


def _day(said: Mapping[str, Any], name: str) -> date | None:
    if said.get(name) is None:
        return None
    try:
        return date.fromisoformat(_text(said, name))
    except ValueError:
        raise UnreadableNotice(f"{name} is no day") from None
