"""Send one text message; the provider is a setting."""

import logging
import sys
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from wallet_project.kit import clock
from wallet_project.kit.sms import aliyun, tencent
from wallet_project.kit.sms.messages import SmsFailed, TextMessage
from wallet_project.kit.sms.wire import ask

logger = logging.getLogger(__name__)


def send_sms(*, phone: str, template: str, params: dict[str, str]) -> None:
    """
    Send one of kit.sms.messages.TEXTS, now, outside every transaction.

    Never repeated here: no vendor recognises a repetition, so a second try may be a second message.

    :raises SmsFailed: not taken, or nobody knows; `sent` tells which
    """
    message = TextMessage(phone=phone, template=template, params=params)
    provider = settings.SMS["provider"]
    try:
        _PROVIDERS[provider](message)
    except SmsFailed as failure:
        logger.warning(
            "kit.sms.failed",
            extra={
                "template": template,
                "provider": provider,
                "reason": str(failure),
                "maybe_sent": failure.sent,
            },
        )
        raise
    logger.info("kit.sms.sent", extra={"template": template, "provider": provider})


def send_notice(*, to: str, template: str, at: datetime, **params: str) -> None:
    """
    Tell a phone what happened at that time, the text's {at}. A message that may have left is enough.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    told = {"at": f"{at.astimezone(clock.SHANGHAI):%m-%d %H:%M}", **params}
    try:
        send_sms(phone=to, template=template, params=told)
    except SmsFailed as failure:
        if not failure.sent:
            raise


def _through_the_sandbox(message: TextMessage) -> None:
    wish = {"phone": message.e164, "template": message.template, "text": message.text}
    ask("POST", f"{settings.SMS['url']}/sms/messages", headers={}, body=wish)


def _to_the_console(message: TextMessage) -> None:
    """For a developer without a sandbox; past the log, which keeps no codes."""
    sys.stderr.write(f"SMS {message.phone}: {message.text}\n")


_PROVIDERS: dict[str, Callable[[TextMessage], None]] = {
    "sandbox": _through_the_sandbox,
    "console": _to_the_console,
    "tencent": tencent.send,
    "aliyun": aliyun.send,
}
