"""Erase what we know of a person by destroying the key that reads it."""

from datetime import datetime

from accounts.models import PersonalKey
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import require_transaction


def destroy_personal_key(*, user_id: int, now: datetime) -> None:
    """
    From the caller's commit on nobody reads what was sealed for this user, wherever it is stored; only with a
    backup that holds the key as well one still could, until it expires. Harmless twice.

    There is no way back: first make sure that nothing has to be kept that only this key opens.
    """
    require_transaction()
    living = PersonalKey.objects.filter(user_id=user_id, destroyed_at=None)
    if living.update(key_sealed=None, destroyed_at=now):
        record_audit(action="accounts.personal_key.destroyed", subject=f"user:{user_id}", facts={})
