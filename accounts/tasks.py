"""Leave markers that could not be left, tell of a new device."""

from accounts.services import devices, sessions
from wallet_project.kit.jobs import job


@job("accounts.forget_access")
def forget_access(*, hashes: list[str], **_later: object) -> None:
    """Fails while Valkey is still away, and is tried again."""
    sessions.mark_forgotten([bytes.fromhex(hashed) for hashed in hashes])


@job("accounts.tell_of_new_device")
def tell_of_new_device(*, record_id: int, **_later: object) -> None:
    """Fails when the message certainly was not sent, and is tried again."""
    devices.tell_of_new_device(record_id=record_id)
