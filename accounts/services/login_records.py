"""Write down who came in, who was kept out, which session was ended."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Device, LoginRecord, RevokeReason, Session, User
from accounts.models.login_records import LoginMethod, LoginOutcome
from wallet_project.kit import context
from wallet_project.kit.db import require_transaction

# The login or the wish that follows is recorded itself.
_UNTOLD = {RevokeReason.REPLACED}


def record_login(*, device: Device, method: LoginMethod, is_new_device: bool, now: datetime) -> LoginRecord:
    require_transaction()
    return LoginRecord.objects.create(
        user_id=device.user_id,
        at=now,
        outcome=LoginOutcome.LOGGED_IN,
        method=method,
        device_id=device.device_id,
        device_name=device.name,
        platform=device.platform,
        is_new_device=is_new_device,
        ip=context.current().ip[:64],
    )


def record_refused_login(
    *, user: User, method: LoginMethod, device_id: str, name: str, platform: str, now: datetime
) -> LoginRecord:
    """They proved who they are, but their account may not be used."""
    return LoginRecord.objects.create(
        user=user,
        at=now,
        outcome=LoginOutcome.REFUSED,
        method=method,
        device_id=device_id,
        device_name=name,
        platform=platform,
        ip=context.current().ip[:64],
    )


def record_ends(sessions: Iterable[Session], *, reason: RevokeReason, now: datetime) -> None:
    """`sessions` with their devices."""
    require_transaction()
    if reason in _UNTOLD:
        return
    LoginRecord.objects.bulk_create(
        LoginRecord(
            user_id=session.user_id,
            at=now,
            outcome=LoginOutcome.ENDED,
            reason=reason,
            device_id=session.device.device_id,
            device_name=session.device.name,
            platform=session.device.platform,
            ip=context.current().ip[:64],
        )
        for session in sessions
    )
