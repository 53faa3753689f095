"""App config, label "notifications"; its listeners hear every app, its notices come with the version."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    name = "wallet_project.notifications"
    label = "notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        from wallet_project.notifications import approvals, listeners  # noqa: F401 - importing them registers them

        post_migrate.connect(_write_notices, sender=self)


def _write_notices(sender: AppConfig, using: str, **_signal: Any) -> None:
    from wallet_project.notifications.services.catalogue import write_missing_notices

    table = sender.get_model("SubscribeText")._meta.db_table
    if table in connections[using].introspection.table_names():  # not when migrating backwards
        write_missing_notices()
