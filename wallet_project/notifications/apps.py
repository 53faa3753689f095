"""App config, label "notifications"; its listeners hear every app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "wallet_project.notifications"
    label = "notifications"
    verbose_name = "通知"
