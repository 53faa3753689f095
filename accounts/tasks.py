"""Sessions: leave markers that could not be left."""

from accounts.services import sessions
from wallet_project.kit.jobs import job


@job("accounts.forget_access")
def forget_access(*, hashes: list[str], **_later: object) -> None:
    """Fails while Valkey is still away, and is tried again."""
    sessions.mark_forgotten([bytes.fromhex(hashed) for hashed in hashes])
