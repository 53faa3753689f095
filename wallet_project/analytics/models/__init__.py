"""The tables, so that Django finds them."""

from wallet_project.analytics.models.figures import Figure

__all__ = ["Figure"]
