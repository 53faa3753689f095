"""
The demo's staff: passwords and one-time codes that anybody who runs this checkout can be told.

Derived from its SECRET_KEY, stored nowhere, the same each time. Never in production.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from accounts.rules.one_time_codes import STEP_SECONDS, code_at, step_at

# User name → role. Two of those who check each other, so that a proposal can be followed to its end.
STAFF = {
    "admin": "管理员",
    "ops": "运营",
    "finance": "财务",
    "finance2": "财务",
    "risk": "风控",
    "risk2": "风控",
    "support": "客服",
    "lead": "客服主管",
    "manager": "客服经理",
    "auditor": "审计",
}


def password_of(username: str) -> str:
    return base64.b32encode(_derived("staff", username))[:16].decode().lower()


def authenticator_secret_of(username: str) -> bytes:
    return _derived("authenticator", username)[:20]


def code_of(username: str, *, at: datetime) -> tuple[str, int]:
    """What their authenticator shows, and for how many seconds more."""
    step = step_at(at)
    return code_at(authenticator_secret_of(username), step), STEP_SECONDS - int(at.timestamp()) % STEP_SECONDS


def _derived(what: str, username: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"demo {what} {username}".encode(), hashlib.sha256).digest()
