"""
The door of every `/v3/` path: the published order of checks, the error bodies, the signed answer.

Order of checks: headers, form of Authorization, its time, the serial, the signature, then the business
(WeChat Pay v3 docs 4012365336 and 4013053249; the place of the serial check is inferred).
"""

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from wallet_project.sandbox.faults import early_answer, late_answer
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.keys import Signer
from wallet_project.sandbox.scenarios import EARLY_FAULTS, scenarios
from wallet_project.sandbox.signing import answer_message, is_signed, request_message, sign

AUTHORIZATION_TYPE = "WECHATPAY2-SHA256-RSA2048"
PARAMETERS = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
FRESH_SECONDS = 300
SIGN_PROBE = "WECHATPAY/SIGNTEST/"


class V3Error(Exception):
    """A refusal as WeChat words it. The status and the code decide; the message is for people."""

    def __init__(self, status: int, code: str, message: str, detail: dict | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail


class ParamError(V3Error):
    def __init__(self, message: str, *, field: str = "", value: Any = None, issue: str = "") -> None:
        detail = {"field": field, "value": value, "issue": issue or message, "location": "body"}
        super().__init__(400, "PARAM_ERROR", message, detail if field else None)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that passed the door."""

    body: dict
    query: dict[str, str]
    mchid: str
    path: str
    wechatpay_serial: str
    origin: str = ""
    file: bytes = b""


Handler = Callable[..., dict | None]


def v3(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of WeChat's: one handler by method, which answers an object (200), nothing (204) or V3Error."""

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return HttpResponse(status=405)
        fault = scenarios.answer_fault(request.path)
        if fault and fault.kind in EARLY_FAULTS:
            return early_answer(fault, v3_failure)
        try:
            signer, call = _admit(request)
            content = handler(call, **parts)
        except V3Error as refusal:
            response = _refuse(refusal)
        else:
            response = _answer(content, signer=signer, flaw=fault.kind if fault else "")
        return late_answer(fault, response, v3_failure) if fault else response

    return view


def v3_file(handler: Callable[..., bytes]) -> Callable[..., HttpResponse]:
    """A view that hands out a file: the request is checked as any other, the answer is never signed."""

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        fault = scenarios.answer_fault(request.path)
        if fault and fault.kind in EARLY_FAULTS:
            return early_answer(fault, v3_failure)
        try:
            _signer, call = _admit(request)
            response = HttpResponse(handler(call, **parts), content_type="application/octet-stream")
        except V3Error as refusal:
            response = _refuse(refusal)
        return late_answer(fault, response, v3_failure) if fault else response

    return view


def v3_failure(kind: str) -> HttpResponse:
    """How this host says that it is busy or broken."""
    if kind == "rate_limited":
        return _refuse(V3Error(429, "FREQUENCY_LIMITED", "频率超限，请稍后重试"))
    if kind.startswith("unknown_code"):
        return _refuse(V3Error(400, "NEWER_THAN_THE_DOCUMENTS", "未知的错误"))
    return _refuse(V3Error(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用"))


def wechatpay_headers(*, signer: Signer, body: bytes, timestamp: str = "", flaw: str = "") -> dict[str, str]:
    """The signature headers of an answer or a callback, right or wrong in the way `flaw` names."""
    timestamp = timestamp or str(int(time.time()) - (600 if flaw == "stale" else 0))
    nonce = secrets.token_hex(16)
    signature = sign(key=signer.key, message=answer_message(timestamp=timestamp, nonce=nonce, body=body))
    if flaw == "bad_signature":
        signature = sign(key=signer.key, message=b"something else")
    if flaw == "signtest":
        signature = SIGN_PROBE + signature[len(SIGN_PROBE) :]
    serial = signer.serial
    if flaw in {"unknown_serial", "wrong_serial"}:
        serial = f"{secrets.randbits(160):040X}"
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": AUTHORIZATION_TYPE,
    }


def _admit(request: HttpRequest) -> tuple[Signer, Call]:
    on_transactions = request.path.startswith("/v3/pay/transactions")
    if not on_transactions and not ("Accept" in request.headers and request.headers.get("User-Agent")):
        raise V3Error(400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent")
    mchid = _check_signature(request, on_transactions=on_transactions)
    asked = request.headers.get("Wechatpay-Serial", "")
    signer = keyring.signers.get(asked) if asked else keyring.signer()
    if signer is None:
        raise ParamError("平台证书序列号Wechatpay-Serial错误")
    call = Call(
        body=_read_body(request),
        query=request.GET.dict(),
        mchid=mchid,
        path=request.path,
        wechatpay_serial=signer.serial,
        origin=f"{request.scheme}://{request.get_host()}",
        file=_file_of(request),
    )
    return signer, call


def _check_signature(request: HttpRequest, *, on_transactions: bool) -> str:
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    if kind and rest and kind != AUTHORIZATION_TYPE:
        raise _sign_error("HTTP头Authorization认证类型不正确")
    pairs = re.findall(r'([a-z_]+)="([^"]*)"', rest)
    given = dict(pairs)
    well_formed = re.fullmatch(r'[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*', rest) and len(pairs) == len(given)
    if not well_formed or set(given) != PARAMETERS or not given["timestamp"].isdecimal():
        raise _sign_error(
            "签名信息错误，验签失败"
            if on_transactions
            else "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"
        )
    if abs(time.time() - int(given["timestamp"])) > FRESH_SECONDS:
        raise _sign_error("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    if given["mchid"] != keyring.mchid or given["serial_no"] != keyring.credentials["merchant_serial"]:
        raise _sign_error("商户证书序列号有误。请使用签名私钥匹配的证书序列号")
    messages = [
        request_message(
            method=request.method or "",
            url=url,
            timestamp=given["timestamp"],
            nonce=given["nonce_str"],
            body=_signed_body(request),
        )
        for url in _urls_as_sent(request)
    ]
    key = keyring.merchant_public_key
    if not any(is_signed(key=key, message=message, signature=given["signature"]) for message in messages):
        raise _sign_error("错误的签名，验签失败", _mismatch(request, messages[0]))
    return given["mchid"]


def _urls_as_sent(request: HttpRequest) -> list[str]:
    # WSGI hands over the path decoded; signed is what was on the wire: `|` or `%7C`, `*` or `%2A`.
    paths = [request.path_info, quote(request.path_info, safe="/*@"), quote(request.path_info, safe="/")]
    query = request.META.get("QUERY_STRING", "")
    return [f"{path}?{query}" if query else path for path in dict.fromkeys(paths)]


def _mismatch(request: HttpRequest, message: bytes) -> dict:
    shown = message.decode(errors="replace")
    return {
        "detail": {"issue": "sign not match"},
        "field": "signature",
        "location": "authorization",
        "sign_information": {
            "method": request.method,
            "url": request.get_full_path(),
            "truncated_sign_message": shown[:60],
            "sign_message_length": len(message),
        },
    }


def _sign_error(message: str, detail: dict | None = None) -> V3Error:
    return V3Error(401, "SIGN_ERROR", message, detail)


def _signed_body(request: HttpRequest) -> bytes:
    """Of a form with a file, `meta` alone is signed (WeChat Pay v3 doc 4012365336)."""
    content = request.body
    if request.content_type == "multipart/form-data":
        content = request.POST.get("meta", "").encode()
    return content


def _file_of(request: HttpRequest) -> bytes:
    sent = request.FILES.get("file") if request.content_type == "multipart/form-data" else None
    return sent.read() if sent else b""


def _read_body(request: HttpRequest) -> dict:
    content = _signed_body(request)
    if request.method == "GET" or not content:
        return {}
    try:
        body = json.loads(content)
    except ValueError as error:
        raise ParamError("请求体不是合法的JSON") from error
    if not isinstance(body, dict):
        raise ParamError("请求体必须是JSON对象")
    return body


def _answer(content: dict | None, *, signer: Signer, flaw: str) -> HttpResponse:
    body = b"" if content is None else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, status=204 if content is None else 200, content_type="application/json")
    if content is None:
        del response.headers["Content-Type"]
    response.headers["Request-ID"] = _request_id()
    if flaw != "unsigned":
        for name, value in wechatpay_headers(signer=signer, body=body, flaw=flaw).items():
            response.headers[name] = value
    return response


def _refuse(refusal: V3Error) -> HttpResponse:
    content: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
    if refusal.detail:
        content["detail"] = refusal.detail
    body = json.dumps(content, ensure_ascii=False).encode()
    response = HttpResponse(body, status=refusal.status, content_type="application/json; charset=utf-8")
    response.headers["Request-ID"] = _request_id()
    return response


def _request_id() -> str:
    return f"{secrets.token_hex(16).upper()}-0"
