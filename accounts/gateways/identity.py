"""
Is this person who they say they are? Tencent Cloud's faceid answers (API 2018-03-01).

Every question here only looks something up: asked again it costs a little and changes nothing.
"""

import json
import logging
from dataclasses import dataclass
from functools import cache as once
from typing import Any

from django.conf import settings

from accounts.rules.kyc import Answer
from wallet_project.kit import clock
from wallet_project.kit.outbound import NoAnswer, OutboundSession, send
from wallet_project.kit.tencent import signed_headers

logger = logging.getLogger(__name__)

VERSION = "2018-03-01"
# Whoever wrote them sees these, so they are the person's to correct; the rest of the table is closed.
_THREE_FACTORS = {  # doc: PhoneVerification
    "0": Answer.MATCH,
    "-1": Answer.MISMATCH,
    "-2": Answer.MISMATCH,
    "-3": Answer.MISMATCH,
    "-4": Answer.MISMATCH,
    "-5": Answer.MISMATCH,  # the phone belongs to nobody by name
    "-6": Answer.MISMATCH,
    "-7": Answer.MISMATCH,
    "-8": Answer.MISMATCH,
    "-9": Answer.NO_RECORD,
    "-11": Answer.UNKNOWN,  # busy
}
_TWO_FACTORS = {  # doc: IdCardVerification
    "0": Answer.MATCH,
    "-1": Answer.MISMATCH,
    "-2": Answer.MISMATCH,
    "-3": Answer.MISMATCH,
    "-4": Answer.UNKNOWN,  # the registry is out of order
    "-5": Answer.NO_RECORD,
    "-6": Answer.UNKNOWN,  # the registry is being renewed
}
_QUIET = ("RequestLimitExceeded", "InternalError", "FailedOperation")  # theirs, and passing


class ProviderSilent(Exception):
    """No answer to rely on; the same question may be asked again."""


@dataclass(frozen=True, kw_only=True)
class FaceSession:
    """What the mini-program needs to show somebody's face to the provider; good for two hours."""

    token: str
    url: str


def verify_name(*, name: str, id_number: str, phone: str) -> Answer:
    """Do name, ID number and phone belong to one person? UNKNOWN when nobody says."""
    found = _look_up("PhoneVerification", {"Name": name, "IdCard": id_number, "Phone": phone})
    return _THREE_FACTORS.get(found, Answer.UNKNOWN)


def verify_minor(*, name: str, id_number: str) -> Answer:
    """Do name and ID number belong together? A child's phone is as a rule in a parent's name."""
    found = _look_up("IdCardVerification", {"Name": name, "IdCard": id_number})
    return _TWO_FACTORS.get(found, Answer.UNKNOWN)


def start_face(*, number: str, name: str, id_number: str) -> FaceSession:
    """
    A new session in which somebody's face is compared with this name; `number` is ours, for the books.

    :raises ProviderSilent: no session; asking again makes another one
    """
    wish = {"RuleId": settings.IDENTITY["face_rule"], "Name": name, "IdCard": id_number, "Extra": number}
    answer = _ask("DetectAuth", wish)
    token, url = answer.get("BizToken"), answer.get("Url")
    if not isinstance(token, str) or not token or not isinstance(url, str):
        raise ProviderSilent("an answer without a token")
    return FaceSession(token=token, url=url)


def face_result(token: str) -> Answer:
    """How a session ended: MATCH, MISMATCH, NOT_YET while nobody has shown their face, or UNKNOWN."""
    wish = {"BizToken": token, "RuleId": settings.IDENTITY["face_rule"], "InfoType": "1"}
    try:
        code = _ask("GetDetectInfoEnhanced", wish)["Text"]["ErrCode"]
    except (ProviderSilent, KeyError, TypeError):
        return Answer.UNKNOWN
    if code is None:
        return Answer.NOT_YET
    return Answer.MATCH if code == 0 else Answer.MISMATCH


def _look_up(action: str, wish: dict[str, str]) -> str:
    try:
        found = _ask(action, wish).get("Result")
    except ProviderSilent:
        return ""
    return found if isinstance(found, str) else ""


def _ask(action: str, wish: dict[str, str]) -> dict[str, Any]:
    """:raises ProviderSilent: no answer, or one that says nothing about the person"""
    ours = settings.IDENTITY
    url = f"{ours['url']}/"
    body = json.dumps(wish, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers(
        url=url,
        service="faceid",
        action=action,
        version=VERSION,
        body=body,
        key_id=ours["key_id"],
        secret=ours["secret"],
        at=clock.now(),
    )
    try:
        answer = send(_session(), "POST", url, headers=headers, body=body).json()["Response"]
        failure = answer.get("Error")
    except NoAnswer as silence:
        raise ProviderSilent(str(silence)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProviderSilent("unreadable answer") from None
    if failure:
        code = str(failure.get("Code"))
        if not code.startswith(_QUIET):
            # A wrong key, an unpaid bill: nobody can be verified until somebody looks.
            logger.error("accounts.identity.alarm", extra={"reason": code, "asked": action})
        raise ProviderSilent(code)
    return answer


@once
def _session() -> OutboundSession:
    return OutboundSession(timeout=(2.0, 6.0))
