"""Every topic's numbers, so that the catalogue is whole wherever it is read."""

from wallet_project.analytics.selectors.metrics import money, trade

__all__ = ["money", "trade"]
