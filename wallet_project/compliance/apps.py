"""App config, label "compliance"; the schedule's rows come with the version that brings their kinds."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ComplianceConfig(AppConfig):
    name = "wallet_project.compliance"
    label = "compliance"
    verbose_name = "合规"

    def ready(self) -> None:
        post_migrate.connect(_write_rules, sender=self)


def _write_rules(sender: AppConfig, using: str, **_signal: Any) -> None:
    from wallet_project.compliance.services.retention import write_missing_rules

    table = sender.get_model("RetentionRule")._meta.db_table
    if table in connections[using].introspection.table_names():  # not when migrating backwards
        write_missing_rules()
