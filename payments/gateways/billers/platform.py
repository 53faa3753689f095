"""The platform of docs/biller_api.md over HTTP: signed questions, proven answers."""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings

from payments.gateways.billers.errors import (
    BillerBusy,
    BillerUnknown,
    InvalidSignature,
    UnreadableNotice,
    read_refusal,
)
from payments.gateways.billers.messages import (
    Bill,
    BillNotice,
    BoundCard,
    Callback,
    Payee,
    json_object,
    read_bill,
    read_callback,
    read_card,
    read_payment,
)
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.outbound import NoAnswer, OutboundSession, send

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
_TIMEOUT = (3.0, 8.0)  # a person is waiting


class HttpPlatform:
    """See adapter.BillerPlatform. Nothing is repeated here: whoever asked decides, under the same number."""

    def bind_card(self, *, owner: str, card_number: str, holder: str) -> BoundCard:
        wish = {"owner": owner, "card_number": card_number, "holder": holder}
        return _read(read_card, _ask("POST", "cards", wish))

    def release_card(self, *, token: str) -> None:
        _ask("POST", "cards/release", {"token": token})

    def query_bill(self, payee: Payee) -> Bill:
        return _read(read_bill, _ask("POST", "bills/query", _told(payee)))

    def pay(self, *, number: str, payee: Payee, amount: Fen, notify_url: str) -> BillNotice:
        wish = {"number": number, **_told(payee), "amount": amount, "notify_url": notify_url}
        return _read(read_payment, _ask("POST", "payments", wish))

    def query_payment(self, number: str) -> BillNotice:
        return _read(read_payment, _ask("GET", f"payments/{number}"))

    def open_callback(self, *, headers: Mapping[str, str], path: str, body: bytes, now: datetime) -> Callback:
        ours = settings.BILLERS
        if not ours["secret"] or headers.get("Biller-Key") != ours["key_id"]:
            raise InvalidSignature("key")  # without a secret anybody could sign
        timestamp, nonce = headers.get("Biller-Timestamp", ""), headers.get("Biller-Nonce", "")
        _check_time(timestamp, now=now)
        _check(headers, "POST", path, timestamp, nonce, body=body)
        return read_callback(body)


def _told(payee: Payee) -> dict[str, str]:
    to = {"card_token": payee.card_token} if payee.card_token else {"account": payee.account}
    return {"biller": payee.biller, **to}


def _ask(method: str, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
    """
    One question and its proven answer, {} when it is empty.

    :raises BillerError: as the table of refusals says; unknown where nothing is proven
    """
    target = f"/billers/v1/{path}"
    body = b"" if wish is None else json.dumps(wish, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(16)
    headers = {
        "Biller-Key": settings.BILLERS["key_id"],
        "Biller-Timestamp": timestamp,
        "Biller-Nonce": nonce,
        "Biller-Signature": _mac(method, target, timestamp, nonce, body=body),
        "Accept-Encoding": "identity",  # the signature is over the bytes as sent
        **({"Content-Type": "application/json"} if body else {}),
    }
    address = settings.BILLERS["url"] + target
    try:
        answer = send(_session(), method, address, headers=headers, body=body, timeout=_TIMEOUT)
    except NoAnswer as silence:
        if silence.sent:
            raise BillerUnknown(f"no answer: {silence}") from silence
        raise BillerBusy(f"not reached: {silence}") from silence
    try:
        _check_answer(answer.headers, status=answer.status_code, nonce=nonce, body=answer.content)
        said = json_object(answer.content) if answer.content else {}
    except (InvalidSignature, UnreadableNotice) as error:
        facts = {"asked": path.partition("/")[0], "status": answer.status_code, "reason": str(error)}
        logger.warning("payments.billers.unproven_answer", extra=facts)
        raise BillerUnknown(f"{answer.status_code}, unproven: {error}") from error
    if answer.status_code // 100 != 2:
        raise read_refusal(status=answer.status_code, code=str(said.get("code", ""))[:32])
    return said


def _check_answer(headers: Mapping[str, str], *, status: int, nonce: str, body: bytes) -> None:
    timestamp = headers.get("Biller-Timestamp", "")
    _check_time(timestamp, now=clock.now())
    _check(headers, str(status), timestamp, nonce, body=body)


def _check_time(timestamp: str, *, now: datetime) -> None:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        raise InvalidSignature("timestamp")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise InvalidSignature("timestamp")


def _check(headers: Mapping[str, str], *lines: str, body: bytes) -> None:
    given = headers.get("Biller-Signature", "")
    if not hmac.compare_digest(_mac(*lines, body=body).encode(), given.encode()):
        raise InvalidSignature("signature")


def _mac(*lines: str, body: bytes) -> str:
    text = "".join(f"{line}\n" for line in lines).encode() + body + b"\n"
    return hmac.new(settings.BILLERS["secret"].encode(), text, hashlib.sha256).hexdigest()


def _read(reader: Any, said: dict[str, Any]) -> Any:
    """What is proven and cannot be read leaves us as unsure as silence does."""
    try:
        return reader(said)
    except UnreadableNotice as error:
        raise BillerUnknown(f"unreadable: {error}") from error


@cache
def _session() -> OutboundSession:
    return OutboundSession(most_bytes=64 * 1024)
