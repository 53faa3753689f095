"""What stands on the pages beside figures: asked when a page is opened."""

from collections.abc import Callable
from typing import Any

from wallet_project.analytics.rules.periods import Period

Asked = Callable[[Period], dict[str, Any] | None]


def _alerts(_period: Period) -> dict[str, Any] | None:
    return None


TABLES: dict[str, Asked] = {"queues": _alerts, "alerts": _alerts}
