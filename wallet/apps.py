"""App config, label "wallet"."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WalletConfig(AppConfig):
    name = "wallet"
    verbose_name = "钱包"

    def ready(self) -> None:
        from wallet import listeners  # noqa: F401 - importing it registers them
        from wallet.services.chart import open_platform_accounts

        post_migrate.connect(open_platform_accounts, sender=self, dispatch_uid="wallet.chart")
