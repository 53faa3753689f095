"""App config, label "accounts"."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        from accounts import listeners  # noqa: F401 - importing it registers them
