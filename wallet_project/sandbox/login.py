"""The mini-program host: code2session, stable token, phone number. HTTP 200 always; errcode tells."""

import base64
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.faults import early_answer, late_answer
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import AccessToken, LoginCode, PhoneCode, RiskRank
from wallet_project.sandbox.scenarios import EARLY_FAULTS, scenarios
from wallet_project.sandbox.signing import random_text

OPENID = r"o[0-9A-Za-z_-]{1,127}"
CODE_LIFE = timedelta(minutes=5)
TOKEN_LIFE = timedelta(seconds=7200)
RENEWED_EARLY = timedelta(minutes=5)
FORCED_GAP = timedelta(seconds=30)
FORCED_A_DAY = 20


class ErrCode(Exception):
    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode, self.errmsg = errcode, errmsg


Handler = Callable[[HttpRequest], dict | HttpResponse]  # pictures are no JSON


def mini_program(handler: Handler, *, method: str) -> Callable[[HttpRequest], HttpResponse]:
    """A path of api.weixin.qq.com; the wrong method is 43001 or 43002, as there."""

    def view(request: HttpRequest) -> HttpResponse:
        fault = scenarios.answer_fault(request.path)
        if fault and fault.kind in EARLY_FAULTS:
            return early_answer(fault, _failure)
        try:
            if request.method != method:
                raise ErrCode(
                    *((43002, "require POST method") if method == "POST" else (43001, "require GET method"))
                )
            content = handler(request)
        except ErrCode as error:
            content = _errcode(error.errcode, error.errmsg)
        response = content if isinstance(content, HttpResponse) else _json(content)
        return late_answer(fault, response, _failure) if fault else response

    return view


def code2session(request: HttpRequest) -> dict:
    """GET /sns/jscode2session: a js_code works once and for five minutes."""
    given = request.GET
    _check_app(appid=given.get("appid"), secret=given.get("secret"))
    if given.get("grant_type") != "authorization_code":
        raise ErrCode(40002, "invalid grant_type")
    if not given.get("js_code"):
        raise ErrCode(41008, "missing code")
    now = clock.now()
    with transaction.atomic():
        code = LoginCode.objects.filter(code=given["js_code"]).first()
        if code is None or now - code.minted_at > CODE_LIFE:
            raise ErrCode(40029, "invalid code")
        if code.used_at is not None:
            raise ErrCode(40163, "code been used")
        code.used_at = now
        code.save(update_fields=["used_at"])
    return {"session_key": base64.b64encode(secrets.token_bytes(16)).decode(), "openid": code.openid}


def stable_token(request: HttpRequest) -> dict:
    """POST /cgi-bin/stable_token: the same token until it nears its end, or a new one on demand."""
    wish = read(request)
    if wish.get("grant_type") != "client_credential":
        raise ErrCode(40002, "invalid grant_type")
    _check_app(appid=wish.get("appid"), secret=wish.get("secret"))
    forced = wish.get("force_refresh", False)
    if not isinstance(forced, bool):
        raise ErrCode(47001, "data format error")
    now = clock.now()
    with transaction.atomic():
        current = AccessToken.objects.filter(revoked=False).order_by("-id").first()
        if forced:
            _check_force_quota(now)
            AccessToken.objects.filter(revoked=False).update(revoked=True)
        if forced or current is None or current.expires_at - now <= RENEWED_EARLY:
            current = AccessToken.objects.create(
                token=random_text(136), issued_at=now, expires_at=now + TOKEN_LIFE, forced=forced
            )
    return {"access_token": current.token, "expires_in": int((current.expires_at - now).total_seconds())}


def phone_number(request: HttpRequest) -> dict:
    """POST /wxa/business/getuserphonenumber: a phone code works once and for five minutes."""
    check_token(request)
    wish = read(request)
    now = clock.now()
    with transaction.atomic():
        code = PhoneCode.objects.filter(code=wish.get("code") or "").first()
        if code is None or code.used_at is not None or now - code.minted_at > CODE_LIFE:
            raise ErrCode(40029, "invalid code")
        if wish.get("openid") and code.openid and wish["openid"] != code.openid:
            raise ErrCode(40029, "invalid code")
        code.used_at = now
        code.save(update_fields=["used_at"])
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": code.phone,
            "purePhoneNumber": code.phone,
            "countryCode": "86",
            "watermark": {"timestamp": int(now.timestamp()), "appid": keyring.appid},
        },
    }


def risk_rank(request: HttpRequest) -> dict:
    """POST /wxa/getuserriskrank: 0 for everybody whose rank nobody has set."""
    check_token(request)
    wish = read(request)
    if wish.get("appid") != keyring.appid:
        raise ErrCode(40013, "invalid appid")
    if not wish.get("openid"):
        raise ErrCode(40003, "invalid openid")
    if wish.get("scene") not in (0, 1, 2) or not wish.get("client_ip"):
        raise ErrCode(47001, "data format error")
    rank = RiskRank.objects.filter(openid=wish["openid"]).values_list("rank", flat=True).first()
    return {"errcode": 0, "errmsg": "getuserriskrank succ", "risk_rank": rank or 0, "unoin_id": 123456}


def set_risk_rank(wish: dict) -> dict:
    """What WeChat thinks of a person: `{"openid", "rank"}`."""
    if wish.get("rank") not in (0, 1, 2, 3, 4) or not wish.get("openid"):
        raise Refused("需要 openid 和 0 到 4 的 rank")
    RiskRank.objects.update_or_create(openid=wish["openid"], defaults={"rank": wish["rank"]})
    return {"openid": wish["openid"], "rank": wish["rank"]}


def mint_login_code(wish: dict) -> dict:
    """What `wx.login` would hand the mini-program of this person, or of a new one."""
    openid = wish.get("openid") or f"o{random_text(27)}"
    if not isinstance(openid, str) or not re.fullmatch(OPENID, openid):
        raise Refused("openid 以 o 开头，只含字母、数字、_ 和 -")
    code = LoginCode.objects.create(code=f"0{random_text(31)}", openid=openid, minted_at=clock.now())
    return {"code": code.code, "openid": openid}


def mint_phone_code(wish: dict) -> dict:
    """What the phone-number button would hand the mini-program."""
    phone = wish.get("phone") or f"13800{secrets.randbelow(10**6):06d}"
    if not isinstance(phone, str) or not phone.isdecimal() or len(phone) > 20:
        raise Refused("phone 必须是一串数字")
    code = PhoneCode.objects.create(
        code=secrets.token_hex(32), openid=wish.get("openid") or "", phone=phone, minted_at=clock.now()
    )
    return {"code": code.code, "phone": phone}


def _check_app(*, appid: str | None, secret: str | None) -> None:
    if not appid:
        raise ErrCode(41002, "appid missing")
    if appid != keyring.appid:
        raise ErrCode(40013, "invalid appid")
    if not secret:
        raise ErrCode(41004, "appsecret missing")
    if secret != keyring.credentials["app_secret"]:
        raise ErrCode(40125, "invalid appsecret")


def check_token(request: HttpRequest) -> None:
    """What every path of this host but token and login codes asks for."""
    given = request.GET.get("access_token")
    if not given:
        raise ErrCode(41001, "access_token missing")
    token = AccessToken.objects.filter(token=given).first()
    if token is None or token.revoked:
        raise ErrCode(40001, "invalid credential, access_token is invalid or not latest")
    if token.expires_at <= clock.now():
        raise ErrCode(42001, "access_token expired")


def _check_force_quota(now: datetime) -> None:
    forced = AccessToken.objects.filter(forced=True)
    if forced.filter(issued_at__gt=now - FORCED_GAP).exists():
        raise ErrCode(45011, "api minute-quota reach limit, must slower, retry next minute")
    if forced.filter(issued_at__gt=now - timedelta(days=1)).count() >= FORCED_A_DAY:
        raise ErrCode(45009, "reach max api daily quota limit")


def read(request: HttpRequest) -> dict:
    """The JSON object in a request's body."""
    if not request.body:
        raise ErrCode(44002, "empty post data")
    try:
        wish = json.loads(request.body)
    except ValueError as error:
        raise ErrCode(47001, "data format error") from error
    if not isinstance(wish, dict):
        raise ErrCode(47001, "data format error")
    return wish


def _failure(kind: str) -> HttpResponse:
    if kind == "rate_limited":
        return _json(_errcode(45011, "api minute-quota reach limit, must slower, retry next minute"))
    return _json(_errcode(-1, "system error"))


def _errcode(errcode: int, errmsg: str) -> dict:
    return {"errcode": errcode, "errmsg": f"{errmsg} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"}


def _json(content: dict) -> HttpResponse:
    return HttpResponse(
        json.dumps(content, ensure_ascii=False), content_type="application/json; encoding=utf-8"
    )
