"""App config, label "audit"."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wallet_project.audit"
    label = "audit"
    verbose_name = "审计"
