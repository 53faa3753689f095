"""App config."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "客服"

    def ready(self) -> None:
        from feedback import approvals, listeners  # noqa: F401 - importing them registers them
