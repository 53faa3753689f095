"""App config, label "kit"."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KitConfig(AppConfig):
    name = "wallet_project.kit"
    label = "kit"
    verbose_name = "基础设施"

    def ready(self) -> None:
        from wallet_project.kit.privileges import grant_after_migrate
        from wallet_project.kit.schedule import enrol_after_migrate
        from wallet_project.kit.tracing import trace_if_wished

        post_migrate.connect(grant_after_migrate, dispatch_uid="kit.privileges")
        post_migrate.connect(enrol_after_migrate, sender=self, dispatch_uid="kit.schedule")
        trace_if_wished()
