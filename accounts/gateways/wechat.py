"""Who is this person, says WeChat: login codes, phone-number codes, fingerprints and faces."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.conf import settings

from wallet_project.kit.mini_program import BUSY, WeChatClientException, client, post
from wallet_project.kit.outbound import NoAnswer

logger = logging.getLogger(__name__)

CODE_REFUSED = {
    40029: "expired, or never given out",
    40163: "used before",
    40226: "WeChat blocks this person as a high risk",
}


class Scene(IntEnum):
    """What WeChat is asked for; of somebody it knows it says how likely they abuse what is given away."""

    REGISTERS = 0
    IS_KNOWN = 1


class LoginCodeRefused(Exception):
    """The code of `wx.login` proves nobody: ask the mini-program for a new one."""


class PhoneCodeRefused(Exception):
    """The code of the phone-number button is used or over: ask for a new one."""


class WeChatSilent(Exception):
    """WeChat did not tell. Nobody is proven; the same code or a new one may be tried."""


@dataclass(frozen=True, kw_only=True)
class WeChatSession:
    """Who logged in. The session_key that comes with it ends here: nothing of ours needs it."""

    openid: str
    unionid: str | None


def code_to_session(code: str) -> WeChatSession:
    """
    Spend a login code; it works once, for five minutes (mini-program doc: auth.code2Session).

    :raises LoginCodeRefused: WeChat does not accept it
    :raises WeChatSilent: no answer to rely on
    """
    answer = _ask(lambda: client().wxa.code_to_session(code), refusal=LoginCodeRefused)
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not isinstance(openid, str) or not openid:
        raise WeChatSilent("an answer without openid")
    return WeChatSession(openid=openid, unionid=unionid if isinstance(unionid, str) else None)


def phone_number(code: str) -> str:
    """
    Spend a phone-number code: '13800138000', or '+85251234567' abroad (doc: phonenumber.getPhoneNumber).

    :raises PhoneCodeRefused: WeChat does not accept it
    :raises WeChatSilent: no answer to rely on
    """
    answer = _ask(lambda: post("wxa/business/getuserphonenumber", {"code": code}), refusal=PhoneCodeRefused)
    try:
        found = answer["phone_info"]
        number, country, appid = found["purePhoneNumber"], found["countryCode"], found["watermark"]["appid"]
    except (KeyError, TypeError):
        raise WeChatSilent("an answer without a phone number") from None
    if appid != settings.WECHAT["appid"]:
        raise WeChatSilent("a phone number meant for another app")
    return str(number) if str(country) == "86" else f"+{country}{number}"


def is_soter_genuine(*, openid: str, result: str, signature: str) -> bool:
    """
    Did the key of this person's device sign this (doc: soter.verifySignature)? `result` is sent as it came.

    :raises WeChatSilent: no answer to rely on
    """
    wish = {"openid": openid, "json_string": result, "json_signature": signature}
    answer = _ask(lambda: post("cgi-bin/soter/verify_signature", wish), refusal=WeChatSilent)
    return answer.get("is_ok") is True


def risk_rank(openid: str, *, client_ip: str, scene: Scene) -> int:
    """
    How likely somebody is a bad one: 0 to 4 (mini-program doc: getUserRiskRank).

    :raises WeChatSilent: it does not say; an unknown rank is no good rank
    """
    wish = {"appid": settings.WECHAT["appid"], "openid": openid, "scene": int(scene), "client_ip": client_ip}
    answer = _ask(lambda: post("wxa/getuserriskrank", wish), refusal=WeChatSilent)
    rank = answer.get("risk_rank")
    if type(rank) is not int or not 0 <= rank <= 4:
        raise WeChatSilent("an answer without a rank")
    return rank


def _ask(question: Callable[[], Any], *, refusal: type[Exception]) -> dict[str, Any]:
    # Never chained: the requests inside these errors carry the app secret.
    try:
        answer = question()
    except NoAnswer as silence:
        raise WeChatSilent(str(silence)) from None
    except WeChatClientException as error:
        if error.errcode in CODE_REFUSED:
            raise refusal(f"{error.errcode}: {CODE_REFUSED[error.errcode]}") from None
        if error.errcode not in BUSY:  # a mistake on our side, and somebody must look
            logger.error("accounts.wechat.alarm", extra={"errcode": error.errcode, "said": str(error.errmsg)})
        raise WeChatSilent(f"errcode {error.errcode}") from None
    except (ValueError, KeyError, TypeError):
        raise WeChatSilent("unreadable answer") from None
    if not isinstance(answer, dict):
        raise WeChatSilent("unreadable answer")
    return answer
