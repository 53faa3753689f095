"""The tables, so that Django finds them."""

from wallet_project.analytics.models.alerts import Alert, AlertTelling
from wallet_project.analytics.models.figures import Figure

__all__ = ["Alert", "AlertTelling", "Figure"]
