"""Send one subscribe message (mini-program doc: subscribeMessage.send)."""

import logging
from collections.abc import Mapping
from typing import Final

from django.conf import settings

from wallet_project.kit.mini_program import BUSY, STALE_TOKEN, WeChatClientException, post
from wallet_project.kit.outbound import NoAnswer
from wallet_project.notifications.rules.deliveries import Outcome, Result

logger = logging.getLogger(__name__)

NOT_LET_THROUGH: Final = "43101"
_LANGUAGES: Final = {"zh-hans": "zh_CN", "en": "en_US"}

# errcode → whether somebody of ours must look. Nothing was sent, and the same again will not be either.
_REFUSED: Final = {
    40003: False,  # no openid of this mini-program: its owner has left WeChat
    40037: True,  # no template of this mini-program
    41030: True,  # no page of this mini-program
    43101: False,  # nothing was let through, or it is used up
    43107: True,  # the template, or all of our messages, are banned
    45168: True,  # a word that WeChat does not like
    47003: True,  # a keyword does not fit
}
# Too much at once, this minute or today; two messages to one person at the same moment.
_LATER: Final = BUSY | STALE_TOKEN | {43108, 44990}


def send(*, openid: str, template_id: str, values: Mapping[str, str], page: str, language: str) -> Outcome:
    """
    Once: WeChat does not recognise a repetition, so silence after sending is UNSURE. `why` is its errcode.

    An errcode that the table does not know is FAILED, and somebody looks.
    """
    wish = {
        "touser": openid,
        "template_id": template_id,
        "page": page,
        "data": {keyword: {"value": value} for keyword, value in values.items()},
        "miniprogram_state": settings.WECHAT["mini_program_state"],
        "lang": _LANGUAGES[language],
    }
    # Never chained: the requests inside these errors carry the access token.
    try:
        answer = post("cgi-bin/message/subscribe/send", wish)
    except NoAnswer as silence:
        return Outcome(result=Result.UNSURE if silence.sent else Result.RETRY, why=str(silence)[:64])
    except WeChatClientException as error:
        return _refusal(error.errcode, str(error.errmsg))
    except (ValueError, KeyError, TypeError):
        return Outcome(result=Result.UNSURE, why="unreadable answer")
    if not isinstance(answer, dict):
        return Outcome(result=Result.UNSURE, why="unreadable answer")
    return Outcome(result=Result.SENT, provider_id=str(answer.get("msgid") or ""))


def _refusal(code: int, said: str) -> Outcome:
    if code in _LATER:
        return Outcome(result=Result.RETRY, why=str(code))
    if _REFUSED.get(code, True):
        logger.error("notifications.subscribe.alarm", extra={"errcode": code, "said": said})
    return Outcome(result=Result.FAILED, why=str(code))
