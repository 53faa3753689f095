"""Every topic's numbers, so that the catalogue is whole wherever it is read."""

from wallet_project.analytics.selectors.metrics import growth, habits, money, risk, support, trade, users

__all__ = ["growth", "habits", "money", "risk", "support", "trade", "users"]
