"""App config, label "flags"."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "wallet_project.flags"
    label = "flags"
    verbose_name = "灰度"
