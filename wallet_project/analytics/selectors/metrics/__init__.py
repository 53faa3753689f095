"""Every topic's numbers, so that the catalogue is whole wherever it is read."""

from wallet_project.analytics.selectors.metrics import money, trade  # isort: skip - ratios of others need them
from wallet_project.analytics.selectors.metrics import habits, risk, support, users

__all__ = ["habits", "money", "risk", "support", "trade", "users"]
