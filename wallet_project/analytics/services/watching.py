"""Look at what may be wrong, tell of what is, and settle what is no more."""

import logging

from django.db import transaction

from wallet_project.analytics.rules.alerts import AlertCode, Severity, Trouble
from wallet_project.analytics.selectors.watches import WATCHES
from wallet_project.analytics.services.alerts import raise_alert, settle_others
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def watch() -> None:
    """Every watch by itself: one that fails does not blind the others, and is an alert itself."""
    at = clock.now()
    failing: list[Trouble] = []
    for code, look in WATCHES.items():
        try:
            with transaction.atomic():
                seen = list(look(at))
                for trouble in seen:
                    raise_alert(**vars(trouble))
                settle_others(code=code, still=[trouble.about for trouble in seen])
        except Exception as error:
            logger.exception("analytics.watch.failed", extra={"code": code})
            failing.append(_blind(code, error))
    with transaction.atomic():
        for trouble in failing:
            raise_alert(**vars(trouble))
        settle_others(code=AlertCode.WATCH_FAILED, still=[trouble.about for trouble in failing])


def _blind(code: AlertCode, error: Exception) -> Trouble:
    return Trouble(
        code=AlertCode.WATCH_FAILED,
        about=f"watch:{code}",
        severity=Severity.WARNING,
        title=f"监测“{code.label}”无法运行",
        facts={"影响": "这一类问题暂时不会告警，已有的告警也不会自动关闭", "错误": type(error).__name__},
    )
