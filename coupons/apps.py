"""App config."""

from django.apps import AppConfig


class CouponsConfig(AppConfig):
    name = "coupons"
    verbose_name = "营销"

    def ready(self) -> None:
        from coupons import approvals, listeners  # noqa: F401 - importing them registers them
