"""Remember a device, remove one."""

from datetime import datetime

from django.db import transaction

from accounts.models import Device, RevokeReason, Session, User
from accounts.services.sessions import forget_access, revoke_sessions
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import NotFound


def remember_device(
    *, user: User, device_id: str, name: str, platform: str, now: datetime
) -> tuple[Device, bool]:
    """The user's device, locked, and whether it is new. A removed one that comes back is new again."""
    require_transaction()
    facts = {fact: told for fact, told in {"name": name, "platform": platform}.items() if told}
    device, is_new = Device.objects.select_for_update(no_key=True).get_or_create(
        user=user, device_id=device_id, defaults={**facts, "first_seen_at": now, "last_seen_at": now}
    )
    if is_new:
        return device, True
    was_removed = device.removed_at is not None
    if was_removed:
        device.first_seen_at, device.removed_at = now, None
    for fact, told in facts.items():
        setattr(device, fact, told)
    device.last_seen_at = now
    device.save()
    return device, was_removed


def remove_device(*, user_id: int, device_id: int) -> None:
    """
    The owner does not know it, or has lost it: its session ends now, and if it comes back it is a new one.

    :raises NotFound: they have no such device
    """
    forget_access(_remove(user_id=user_id, device_id=device_id, now=clock.now()))


@retry_conflicts
def _remove(*, user_id: int, device_id: int, now: datetime) -> list[bytes]:
    with transaction.atomic(durable=True):
        device = (
            Device.objects.select_for_update(no_key=True)
            .filter(pk=device_id, user_id=user_id, removed_at=None)
            .first()
        )
        if device is None:
            raise NotFound
        device.removed_at = now
        device.save(update_fields=["removed_at"])
        ended = revoke_sessions(Session.objects.filter(device=device), reason=RevokeReason.REMOVED, now=now)
        record_audit(action="accounts.device.removed", subject=f"user:{user_id}", facts={"device": device.pk})
    return ended
