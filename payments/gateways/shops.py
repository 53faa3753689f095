"""Knock at a shop system's own address."""

from dataclasses import dataclass
from functools import cache as once

from django.conf import settings

from payments.rules.shop_notifications import Outcome
from wallet_project.kit.outbound import NoAnswer, OutboundSession, send

SECONDS = (3.0, 5.0)  # together less than the first step between two tries
ANSWER_KEPT = 200
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    status: int | None = None
    beginning: str = ""


def post_notification(*, url: str, headers: dict[str, str], body: bytes) -> Answer:
    """What the shop said; whatever it does, this does not raise."""
    try:
        response = send(
            _session(public_only=not settings.SHOPS_MAY_BE_LOCAL), "POST", url, headers=headers, body=body
        )
    except NoAnswer as silence:
        return Answer(Outcome.SILENT, beginning=str(silence))
    beginning = response.content[:ANSWER_KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")
    outcome = Outcome.ACCEPTED if 200 <= response.status_code < 300 else Outcome.REFUSED
    return Answer(outcome, status=response.status_code, beginning=beginning)


@once
def _session(*, public_only: bool) -> OutboundSession:
    return OutboundSession(timeout=SECONDS, most_bytes=_MOST_BYTES, public_only=public_only)
