"""App config, label "analytics"; it reads every app and is called by the desk above."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "wallet_project.analytics"
    label = "analytics"
    verbose_name = "数据"
