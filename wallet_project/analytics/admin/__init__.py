"""The pages, so that Django's admin finds them."""

from wallet_project.analytics.admin import alerts, anomalies, targets, watched_segments, words

__all__ = ["alerts", "anomalies", "targets", "watched_segments", "words"]
