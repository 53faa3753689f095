"""Every topic's numbers, so that the catalogue is whole wherever it is read."""

from wallet_project.analytics.selectors.metrics import habits, money, trade, users

__all__ = ["habits", "money", "trade", "users"]
