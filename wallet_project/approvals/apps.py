"""App config, label "approvals"."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "wallet_project.approvals"
    label = "approvals"
    verbose_name = "审批"
