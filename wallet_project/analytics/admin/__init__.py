"""The pages, so that Django's admin finds them."""

from wallet_project.analytics.admin import alerts, words

__all__ = ["alerts", "words"]
