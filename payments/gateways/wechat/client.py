"""Signed requests, verified answers, typed errors."""

import json
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings

from payments.gateways.wechat.errors import (
    InvalidSignature,
    WeChatError,
    WeChatRefused,
    WeChatResting,
    WeChatUnknown,
    WeChatUnreachable,
    read_failure,
)
from payments.gateways.wechat.keys import merchant_key, preferred_serial
from payments.gateways.wechat.messages import json_object
from payments.gateways.wechat.signing import new_nonce, request_message, sign
from payments.gateways.wechat.verification import SIGNATURE_TYPE, verify
from wallet_project.kit import clock
from wallet_project.kit.outbound import NoAnswer, OutboundSession, Resting, form_of, send

logger = logging.getLogger(__name__)

BUDGET_SECONDS = 12.0  # a person is waiting
CONNECT_SECONDS = 3.0
LEAST_READ_SECONDS = 1.0
PAUSES = (0.3, 1.0)  # before the second and the third try
TRIES = 1 + len(PAUSES)
FILE_SECONDS = 120.0
MOST_FILE_BYTES = 64 * 1024 * 1024  # packed: a million lines and more


def ask(method: str, url: str, payload: dict[str, Any] | None = None, *, serial: str = "") -> dict[str, Any]:
    """
    One question to WeChat and its proven answer, {} when it is empty. `url`: path and query, percent-encoded.

    `serial` names the key that something in the payload is encrypted for; WeChat then signs with it, too.

    Sent again, the same bytes newly signed, only when it was never taken or when WeChat asks for that.

    :raises WeChatRefused: this request did nothing
    :raises AlreadyPaid: as its name says
    :raises OrderMissing: as its name says
    :raises WeChatUnreachable: WeChat did not take it, safe to try again
    :raises WeChatResting: this API has failed too often and was not asked
    :raises WeChatUnknown: it may have acted; query with the same number
    """
    body = b"" if payload is None else _json(payload)
    deadline = time.monotonic() + BUDGET_SECONDS
    unsure: WeChatUnknown | None = None
    for pause in (*PAUSES, None):
        try:
            return _ask_once(method, url, body, seconds=deadline - time.monotonic(), serial=serial)
        except WeChatResting as failure:
            last: WeChatError = failure
            break
        except WeChatUnreachable as failure:
            last = failure
        except WeChatUnknown as failure:
            last = unsure = failure
            if not failure.repeatable:
                break
        except WeChatRefused as refusal:
            if unsure and body:
                # The first try may have done what made WeChat refuse the second.
                raise WeChatUnknown(f"{unsure}, then {refusal}") from refusal
            raise
        wait = (pause or 0) * random.uniform(0.7, 1.3)  # noqa: S311 - spreads waiters, no secret
        if pause is None or time.monotonic() + wait + CONNECT_SECONDS + LEAST_READ_SECONDS > deadline:
            break
        time.sleep(wait)
    raise unsure or last


def ask_once(method: str, url: str, payload: dict[str, Any]) -> dict[str, Any]:
    """
    As `ask`, but sent a single time: for what has no number of ours, so that WeChat would do it twice.

    :raises WeChatError: as `ask`
    """
    return _ask_once(method, url, _json(payload), seconds=BUDGET_SECONDS, serial="")


def upload(url: str, *, meta: dict[str, str], name: str, content: bytes) -> dict[str, Any]:
    """
    A file and what is said of it, as a form; `meta` alone is signed (WeChat Pay v3 doc 4012365336). Sent a
    single time.

    :raises WeChatError: as `ask`
    """
    said = _json(meta)
    form, form_type = form_of({"meta": (None, said, "application/json"), "file": (name, content)})
    return _ask_once("POST", url, said, seconds=BUDGET_SECONDS, serial="", form=form, content_type=form_type)


@contextmanager
def download(url: str) -> Iterator[Iterator[bytes]]:
    """
    A file, piece by piece as it is sent. The request is signed, the answer is not: its reader checks it.

    :raises WeChatRefused: there is no such file, or its link is too old
    :raises WeChatUnreachable: WeChat did not answer, or broke off
    """
    try:
        address = settings.WECHAT["pay_url"] + url
        headers = _headers("GET", url, b"", serial="")
        with _file_session().streaming(address, headers=headers, seconds=FILE_SECONDS) as answer:
            if answer.status != 200:
                code, message = _code_and_message(next(answer.pieces, b""))
                raise read_failure(status=answer.status, code=code, message=message, request_id="")
            yield answer.pieces
    except NoAnswer as silence:
        raise WeChatUnreachable(str(silence)) from silence


def _json(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _ask_once(
    method: str,
    url: str,
    body: bytes,
    *,
    seconds: float,
    serial: str,
    form: bytes = b"",
    content_type: str = "application/json",
) -> dict[str, Any]:
    """`body` is what is signed, and what is sent where no `form` goes in its place."""
    headers = _headers(method, url, body, serial=serial)
    if body:
        headers["Content-Type"] = content_type
    address = settings.WECHAT["pay_url"] + url
    timeout = (CONNECT_SECONDS, seconds - CONNECT_SECONDS)
    try:
        response = send(_session(), method, address, headers=headers, body=form or body, timeout=timeout)
    except Resting as pause:
        raise WeChatResting(pause.seconds) from pause
    except NoAnswer as silence:
        if silence.sent:
            # A question without a body changes nothing, so it may be asked again if there is time.
            raise WeChatUnknown(f"no answer: {silence}", repeatable=not body) from silence
        raise WeChatUnreachable(str(silence)) from silence
    request_id = response.headers.get("Request-ID", "")
    if response.status_code // 100 != 2:
        # Only 2xx are signed, and a redirect is never followed.
        code, message = _code_and_message(response.content)
        raise read_failure(status=response.status_code, code=code, message=message, request_id=request_id)
    try:
        verify(headers=response.headers.items(), body=response.content, now=clock.now())
        return json_object(response.content) if response.content else {}
    except (InvalidSignature, ValueError) as error:
        # WeChat probes us with wrong signatures on purpose, and says that a repetition is not probed.
        facts = {"url": url, "reason": str(error), "wechat_request_id": request_id}
        logger.warning("payments.wechat.unproven_answer", extra=facts)
        raise WeChatUnknown(f"unproven answer: {error}", repeatable=True) from error


def _headers(method: str, url: str, body: bytes, *, serial: str) -> dict[str, str]:
    now = clock.now()
    timestamp, nonce = str(int(now.timestamp())), new_nonce()
    message = request_message(method=method, url=url, timestamp=timestamp, nonce=nonce, body=body)
    ours = {
        "mchid": settings.WECHAT["mchid"],
        "nonce_str": nonce,
        "signature": sign(message, key=merchant_key()),
        "timestamp": timestamp,
        "serial_no": settings.WECHAT["merchant_serial"],
    }
    headers = {
        "Authorization": f"{SIGNATURE_TYPE} " + ",".join(f'{name}="{value}"' for name, value in ours.items()),
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # the signature is over the bytes as sent
        "User-Agent": "wallet-payments/1",
    }
    if serial := serial or preferred_serial(now=now) or "":
        headers["Wechatpay-Serial"] = serial
    return headers


def _code_and_message(content: bytes) -> tuple[str, str]:
    try:
        said = json_object(content)
    except ValueError:
        return "", ""
    return str(said.get("code", "")), str(said.get("message", ""))


@cache
def _session() -> OutboundSession:
    return OutboundSession(most_bytes=256 * 1024, has_circuits=True)


@cache
def _file_session() -> OutboundSession:
    return OutboundSession(most_bytes=MOST_FILE_BYTES)
