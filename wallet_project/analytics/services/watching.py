"""Look at what may be wrong, tell of what is, and settle what is no more."""

import logging

from django.db import transaction

from wallet_project.analytics.selectors.watches import WATCHES
from wallet_project.analytics.services.alerts import raise_alert, settle_others
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def watch() -> None:
    """Every watch by itself: one that fails does not blind the others."""
    at = clock.now()
    for code, look in WATCHES.items():
        try:
            with transaction.atomic():
                seen = list(look(at))
                for trouble in seen:
                    raise_alert(**vars(trouble))
                settle_others(code=code, still=[trouble.about for trouble in seen])
        except Exception:
            logger.exception("analytics.watch.failed", extra={"code": code})
