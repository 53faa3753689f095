"""App config."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "支付"

    def ready(self) -> None:
        from payments import listeners  # noqa: F401 - importing it registers them
