"""
The door of every `/billers/` path: signed requests in, signed answers out, refusals included.

What is not signed by the platform proves nothing, not even a refusal; faults make such answers.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from hmac import compare_digest

from django.http import HttpRequest, HttpResponse

from wallet_project.sandbox.bill_signing import key_id, mac
from wallet_project.sandbox.faults import broken_connection, early_answer, late_answer
from wallet_project.sandbox.scenarios import EARLY_FAULTS, scenarios

FRESH_SECONDS = 300
_NONCE = re.compile(r"[0-9A-Za-z_\-]{16,64}")

_used: set[str] = set()
_using = threading.Lock()


class BillError(Exception):
    """A refusal: nothing has happened because of this request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Unheard(Exception):
    """The request is on its way somewhere; whoever sent it hears nothing."""


Handler = Callable[..., dict | None]


def door(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A path of the platform: one handler by method, given the body; an object is 200, nothing is 204."""

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return HttpResponse(status=405)
        fault = scenarios.answer_fault(request.path)
        if fault and fault.kind in EARLY_FAULTS:
            return early_answer(fault, _failure)
        try:
            _admit(request)
            content, status = handler(_read(request), **parts), 200
        except BillError as refusal:
            content, status = {"code": refusal.code, "message": refusal.message}, refusal.status
        except Unheard:
            return broken_connection()
        response = _answer(request, content, status=status, flaw=fault.kind if fault else "")
        return late_answer(fault, response, _failure) if fault else response

    return view


def _admit(request: HttpRequest) -> None:
    timestamp, nonce = request.headers.get("Biller-Timestamp", ""), request.headers.get("Biller-Nonce", "")
    given = request.headers.get("Biller-Signature", "")
    signature = mac(request.method or "", request.get_full_path(), timestamp, nonce, body=request.body)
    if request.headers.get("Biller-Key") != key_id() or not compare_digest(signature, given):
        raise BillError(401, "BAD_SIGNATURE", "验签失败")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > FRESH_SECONDS:
        raise BillError(401, "STALE", "时间戳超出五分钟")
    with _using:
        if not _NONCE.fullmatch(nonce) or nonce in _used:
            raise BillError(401, "REPLAYED", "随机串不合格或已用过")
        _used.add(nonce)


def _read(request: HttpRequest) -> dict:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise BillError(400, "INVALID_REQUEST", "请求体不是合法的JSON") from error
    if not isinstance(body, dict):
        raise BillError(400, "INVALID_REQUEST", "请求体必须是JSON对象")
    return body


def _answer(request: HttpRequest, content: dict | None, *, status: int, flaw: str) -> HttpResponse:
    if content is None:
        status = 204
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    response = HttpResponse(body, status=status, content_type="application/json")
    if flaw != "unsigned":
        timestamp, nonce = str(int(time.time())), request.headers.get("Biller-Nonce", "")
        response.headers["Biller-Timestamp"] = timestamp
        response.headers["Biller-Signature"] = mac(
            str(status), timestamp, "another" if flaw in {"bad_signature", "signtest"} else nonce, body=body
        )
    return response


def _failure(kind: str) -> HttpResponse:
    busy = kind == "rate_limited"
    content = {"code": "RATE_LIMITED" if busy else "SYSTEM_ERROR", "message": "Sandbox fault."}
    return HttpResponse(json.dumps(content), status=429 if busy else 500, content_type="application/json")
