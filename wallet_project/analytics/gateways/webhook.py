"""
Tell the group: the JSON of WeCom's group robot, which other receivers understand, too.

WeCom, 群机器人配置说明 (developer.work.weixin.qq.com/document/path/91770): POST …/cgi-bin/webhook/send?key=…,
markdown of at most 4,096 bytes, 20 messages a minute; taken is HTTP 200 with errcode 0.
"""

import hashlib
import hmac
import json
from functools import cache as once

from django.conf import settings

from wallet_project.analytics.rules.alerts import clip
from wallet_project.kit import clock
from wallet_project.kit.outbound import NoAnswer, OutboundSession, send

_MOST_BYTES = 4096


def post_to_group(text: str) -> str:
    """
    Why it was not taken, or "". Whatever the other side does, this does not raise.

    With a secret the headers X-Timestamp (seconds) and X-Signature, the hexadecimal HMAC-SHA-256 of
    "timestamp\\nbody", say that it is ours.
    """
    wish = {"msgtype": "markdown", "markdown": {"content": clip(text, most_bytes=_MOST_BYTES)}}
    body = json.dumps(wish, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **_signed(body)}
    try:
        response = send(_session(), "POST", settings.ALERT_WEBHOOK_URL, headers=headers, body=body)
    except NoAnswer as silence:
        return str(silence)
    if not 200 <= response.status_code < 300:
        return f"HTTP {response.status_code}"
    try:
        answer = response.json()
    except ValueError:
        return ""  # a receiver of one's own need not answer as WeCom does
    code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
    return f"errcode {code}" if code else ""


def _signed(body: bytes) -> dict[str, str]:
    secret = settings.ALERT_WEBHOOK_SECRET
    if not secret:
        return {}
    at = str(int(clock.now().timestamp()))
    digest = hmac.new(secret.encode(), f"{at}\n".encode() + body, hashlib.sha256)
    return {"X-Timestamp": at, "X-Signature": digest.hexdigest()}


@once
def _session() -> OutboundSession:
    return OutboundSession(timeout=(3.0, 5.0), most_bytes=64 * 1024)
