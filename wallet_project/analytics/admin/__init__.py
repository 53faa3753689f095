"""The pages, so that Django's admin finds them."""

from wallet_project.analytics.admin import alerts, anomalies, words

__all__ = ["alerts", "anomalies", "words"]
