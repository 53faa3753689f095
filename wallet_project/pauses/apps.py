"""App config, label "pauses"."""

from django.apps import AppConfig


class PausesConfig(AppConfig):
    name = "wallet_project.pauses"
    label = "pauses"
    verbose_name = "暂停开关"
