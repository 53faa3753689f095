"""Seal every minute, verify yesterday's seals every night."""

import logging
from datetime import timedelta

from celery import shared_task

from wallet_project.audit.selectors import verify_trail
from wallet_project.audit.services import seal_trail
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal(**_later: object) -> None:
    seal_trail()


@shared_task(name="audit.verify")
def verify(**_later: object) -> None:
    """A break is an alarm: somebody with the owner's rights changed history, or sealing has stopped."""
    now = clock.now()
    verdict = verify_trail(now=now, since=now - timedelta(hours=25))
    if verdict.problems:
        logger.error("audit.trail.broken", extra={"problems": verdict.problems})
    else:
        logger.info("audit.trail.whole", extra={"checked": verdict.checked, "head": verdict.head})
