"""App config, label "flags"; and waffle's, which is here for its model and its cache."""

from django.apps import AppConfig
from waffle.apps import WaffleConfig


class FlagsConfig(AppConfig):
    name = "wallet_project.flags"
    label = "flags"
    verbose_name = "灰度"


class QuietWaffleConfig(WaffleConfig):
    def ready(self) -> None:
        """Its signals follow lists of users and groups; our flags keep plain ids."""
