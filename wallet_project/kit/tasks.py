"""Heartbeats."""

from celery import shared_task

from wallet_project.kit.relay import beat


@shared_task(name="kit.heartbeat")
def heartbeat(*, name: str = "worker", **_later: object) -> None:
    """Beat sends it to each queue and a worker runs it: seeing it proves both."""
    beat(name)
