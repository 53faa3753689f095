"""Makes the project an installed app, so that it can own checks, commands and translations."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules

from wallet_project.celery import app as celery_app  # here before any task, so that all belong to it

__all__ = ["ProjectConfig", "StaffAdminConfig", "celery_app"]


class ProjectConfig(AppConfig):
    name = "wallet_project"
    label = "project"
    verbose_name = "钱包"

    def ready(self) -> None:
        from wallet_project import checks  # importing it registers them

        autodiscover_modules("listeners", "tasks", "approvals")
        checks.refuse_to_start_unreal()


class StaffAdminConfig(AdminConfig):
    default_site = "wallet_project.staff_site.StaffSite"
