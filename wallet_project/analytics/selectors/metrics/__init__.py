"""Every topic's numbers, so that the catalogue is whole wherever it is read."""

from wallet_project.analytics.selectors.metrics import trade

__all__ = ["trade"]
