"""A flow that stands still for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import lift_pause, pause_flow


@contextmanager
def paused(flow: Flow = Flow.MONEY) -> Iterator[None]:
    """For the length of a block."""
    pause = pause_flow(flow=flow, reason="演练")
    try:
        yield
    finally:
        with transaction.atomic():
            lift_pause(pause_id=pause.pk, reason="演练结束", checker_id=0)
