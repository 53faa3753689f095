"""One request to a provider and its JSON answer; everything else is an SmsFailed."""

import json
from functools import cache as once
from typing import Any

from wallet_project.kit.outbound import NoAnswer, OutboundSession, send
from wallet_project.kit.sms.messages import SmsFailed


@once
def _session() -> OutboundSession:
    return OutboundSession(timeout=(2.0, 5.0))


def as_json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def ask(method: str, url: str, *, headers: dict[str, str], body: dict[str, Any] | bytes) -> dict[str, Any]:
    """
    The answer's object.

    :raises SmsFailed: refused (4xx), or nobody knows (no answer, 5xx, an answer that cannot be read)
    """
    if isinstance(body, dict):
        headers, body = {**headers, "Content-Type": "application/json; charset=utf-8"}, as_json(body)
    try:
        response = send(_session(), method, url, headers=headers, body=body)
    except NoAnswer as silence:
        raise SmsFailed(str(silence), sent=silence.sent) from None
    if response.status_code >= 500:
        raise SmsFailed(f"HTTP {response.status_code}", sent=True)
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.status_code >= 400:
        code = answer.get("Code") if isinstance(answer, dict) else ""
        raise SmsFailed(f"HTTP {response.status_code} {code}", sent=False)
    if not isinstance(answer, dict):
        raise SmsFailed("unreadable answer", sent=True)
    return answer
