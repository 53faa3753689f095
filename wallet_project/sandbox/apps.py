"""The sandbox as a Django app; installed only in the sandbox's own settings."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "wallet_project.sandbox"
    label = "sandbox"
    default_auto_field = "django.db.models.BigAutoField"
