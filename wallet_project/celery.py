"""The Celery app: settings named CELERY_*, tasks found in every installed app."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wallet_project.settings.dev")

app = Celery("wallet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def send_first_heartbeat(**_facts: object) -> None:
    """A schedule begins with its first silence; a system that has just started should not wait for it."""
    app.send_task("kit.heartbeat")
    app.send_task("kit.heartbeat", kwargs={"name": "wechat"}, queue="wechat")
