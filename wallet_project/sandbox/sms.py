"""
Text messages: what a phone would show, and the two vendors whose signatures are checked for real.

Paths: `/` for Tencent Cloud (SendSms 2021-01-11) and Aliyun (SendSms 2017-05-25), told apart by their action
header; `/sms/messages` for the plain sandbox provider. The key id is the AppID, the secret the AppSecret.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse, JsonResponse

from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.faults import early_answer, late_answer
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import TextMessage
from wallet_project.sandbox.scenarios import EARLY_FAULTS, scenarios
from wallet_project.sandbox.tencent import TencentError, check_signature

E164 = r"\+[1-9]\d{6,14}"
FRESH = timedelta(minutes=5)
SHOWN = 50
_ACS3 = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<id>[^,]+),SignedHeaders=(?P<names>[a-z0-9;-]+),"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


class Unsent(Exception):
    """Aliyun says no; the code is its word."""

    def __init__(self, code: str, *, status: int = 200) -> None:
        super().__init__(code)
        self.code, self.status = code, status


def vendors(request: HttpRequest) -> HttpResponse:
    """POST /: sms.tencentcloudapi.com or dysmsapi.aliyuncs.com, as the action header says."""
    if request.headers.get("X-TC-Action") == "SendSms":
        return _answer(request, _tencent)
    if request.headers.get("x-acs-action") == "SendSms":
        return _answer(request, _aliyun)
    return HttpResponse(status=404)


def plain(request: HttpRequest) -> HttpResponse:
    """POST /sms/messages: `{"phone", "template", "text"}`, unsigned."""
    return _answer(request, _plain)


def list_messages(wish: dict) -> dict:
    """The inbox of `phone` (11 digits or E.164), or of everybody; newest first."""
    messages = TextMessage.objects.order_by("-id")
    if phone := wish.get("phone"):
        messages = messages.filter(phone=phone if phone.startswith("+") else f"+86{phone}")
    return {"items": [describe_message(message) for message in messages[:SHOWN]]}


def describe_message(message: TextMessage) -> dict:
    return {
        "phone": message.phone,
        "template": message.template,
        "text": message.text,
        "vendor": message.vendor,
        "sent_at": message.sent_at.isoformat(),
    }


def _answer(request: HttpRequest, vendor: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    fault = scenarios.answer_fault(request.path)
    if fault and fault.kind in EARLY_FAULTS:
        return early_answer(fault, _failure)
    if request.method != "POST":
        return HttpResponse(status=405)
    response = vendor(request)
    return late_answer(fault, response, _failure) if fault else response


def _plain(request: HttpRequest) -> HttpResponse:
    wish = json.loads(request.body)
    if not re.fullmatch(E164, wish["phone"]):
        return JsonResponse({"Code": "InvalidPhone"}, status=400)
    _deliver(wish["phone"], wish["template"], wish["text"], vendor="sandbox")
    return JsonResponse({"Code": "OK"})


def _tencent(request: HttpRequest) -> HttpResponse:
    """Errors are HTTP 200 with `Response.Error`; refusals of one number are in its SendStatusSet."""
    request_id = secrets.token_hex(16)
    try:
        check_signature(request, service="sms")
        wish = json.loads(request.body)
        missing = [
            name for name in ("PhoneNumberSet", "SmsSdkAppId", "SignName", "TemplateId") if not wish.get(name)
        ]
        if missing or request.headers.get("X-TC-Version") != "2021-01-11":
            raise TencentError("MissingParameter", "The request is missing a parameter.")
    except TencentError as no:
        error = {"Code": no.code, "Message": no.message}
        return JsonResponse({"Response": {"Error": error, "RequestId": request_id}})
    statuses = []
    for phone in wish["PhoneNumberSet"]:
        good = re.fullmatch(E164, phone) is not None
        if good:
            _deliver(phone, wish["TemplateId"], " · ".join(wish["TemplateParamSet"]), vendor="tencent")
        code = "Ok" if good else "InvalidParameterValue.IncorrectPhoneNumber"
        statuses.append({"PhoneNumber": phone, "Code": code, "Message": code, "Fee": int(good)})
    return JsonResponse({"Response": {"SendStatusSet": statuses, "RequestId": request_id}})


def _aliyun(request: HttpRequest) -> HttpResponse:
    try:
        _check_acs3(request)
        given = {name: values[0] for name, values in parse_qs(request.META["QUERY_STRING"]).items()}
        for name in ("PhoneNumbers", "SignName", "TemplateCode", "TemplateParam"):
            if not given.get(name):
                raise Unsent(f"Missing{name}", status=400)
        number = given["PhoneNumbers"]
        phone = f"+86{number}" if re.fullmatch(r"1\d{10}", number) else f"+{number}"
        if not re.fullmatch(E164, phone):
            raise Unsent("isv.MOBILE_NUMBER_ILLEGAL")
    except Unsent as no:
        return JsonResponse({"Code": no.code, "Message": no.code}, status=no.status)
    params = json.loads(given["TemplateParam"])
    _deliver(phone, given["TemplateCode"], " · ".join(params.values()), vendor="aliyun")
    return JsonResponse({"Code": "OK", "Message": "OK", "BizId": secrets.token_hex(10)})


def _check_acs3(request: HttpRequest) -> None:
    given = _ACS3.fullmatch(request.headers.get("Authorization", ""))
    if given is None or given["id"] != keyring.appid:
        raise Unsent("InvalidAccessKeyId.NotFound", status=404)
    sent_at = datetime.fromisoformat(request.headers.get("x-acs-date", "1970-01-01T00:00:00Z"))
    if abs(datetime.now(UTC) - sent_at) > FRESH:
        raise Unsent("InvalidTimeStamp.Expired", status=400)
    payload = hashlib.sha256(request.body).hexdigest()
    if request.headers.get("x-acs-content-sha256") != payload:
        raise Unsent("InvalidContentSha256", status=400)
    names = given["names"].split(";")
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names)
    query = "&".join(sorted(request.META["QUERY_STRING"].split("&")))
    canonical = f"POST\n/\n{query}\n{headers}\n{given['names']}\n{payload}"
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    wanted = _hmac(keyring.credentials["app_secret"].encode(), text).hex()
    if names != sorted(names) or not hmac.compare_digest(wanted, given["signature"]):
        raise Unsent("SignatureDoesNotMatch", status=400)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _deliver(phone: str, template: str, text: str, *, vendor: str) -> None:
    TextMessage.objects.create(phone=phone, template=template, text=text, vendor=vendor, sent_at=clock.now())


def _failure(kind: str) -> HttpResponse:
    return HttpResponse(status=429 if kind == "rate_limited" else 500)
