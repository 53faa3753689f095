"""Sessions: leave markers that could not be left, drop what ended long ago."""

from celery import shared_task

from accounts.services import sessions
from wallet_project.kit.jobs import job


@job("accounts.forget_access")
def forget_access(*, hashes: list[str], **_later: object) -> None:
    """Fails while Valkey is still away, and is tried again."""
    sessions.mark_forgotten([bytes.fromhex(hashed) for hashed in hashes])


@shared_task(name="accounts.purge_sessions")
def purge_sessions(**_later: object) -> None:
    sessions.purge_ended_sessions()
