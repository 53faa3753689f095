"""JSON lines with the request they belong to, and nothing secret in them."""

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from wallet_project.kit import context
from wallet_project.kit.cards import passes_luhn
from wallet_project.kit.masking import mask_card, mask_id_number

_SECRET_KEYS = re.compile(
    r"(?i)(token|secret|password|pin$|pin_|otp$|authorization|signature|session_key|apiv3|private_key|cookie"
    r"|(js|sms|phone|login|recovery)_?code|phone|id_number|id_card|real_?name|card_no|card_number|openid|unionid)"
)
_SECRET_TEXT: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    # mainland mobile numbers, as 13800138000, +8613800138000 or 138 0013 8000
    (re.compile(r"(?<!\d)((?:86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)"), lambda found: mask_id_number(found[0])),
    (re.compile(r"(?<!\d)[3-6]\d{12,18}(?!\d)"), lambda found: _without_card(found[0])),
    (
        re.compile(
            r"""(?i)(bearer\s+|\b\w*(?:token|secret|js_code|session_key)["']?\s*[=:]\s*["']?)[\w.\-~+/=]+"""
        ),
        r"\1[redacted]",
    ),
    (re.compile(r"(?<![\w-])[\w-]{29,43}\.[\w-]{43}(?![\w-])"), "[token]"),  # ours, however it got here
]


def _without_card(digits: str) -> str:
    """What passes for a bank card is masked; other long numbers are ids, and stay."""
    return mask_card(digits) if digits.startswith("62") or passes_luhn(digits) else digits


def redact(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "[redacted]" if isinstance(key, str) and _SECRET_KEYS.search(key) else redact(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if isinstance(value, str):
        for pattern, replacement in _SECRET_TEXT:
            value = pattern.sub(replacement, value)
    return value


def in_short(error: Exception) -> str:
    """What failed, for a column that people read: nothing secret, nothing that PostgreSQL cannot hold."""
    text = redact(f"{type(error).__name__}: {error}")
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:2000]


def _add_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    here = context.current()
    if here.request_id:
        event.setdefault("request_id", here.request_id)
    event.setdefault("actor", here.actor)
    return event


def _redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return redact(dict(event))


def json_formatter() -> logging.Formatter:
    """For LOGGING: any standard logger, `extra={...}` as fields."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _add_context,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _redact_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
