"""Nothing that waits for others, or works for minutes, stands before a callback."""

import re

import pytest
from celery import current_app
from django.conf import settings

from wallet_project.launcher.system import WORKERS
from wallet_project.settings.env import BASE_DIR

ROUTES = settings.CELERY_TASK_ROUTES
LONG = {
    name
    for name, task in current_app.tasks.items()
    if ".tests." not in name  # what a test made up runs where the test is
    and (
        (task.soft_time_limit or 0) > settings.CELERY_TASK_SOFT_TIME_LIMIT
        or name in settings.CELERY_TASK_ANNOTATIONS
    )
}


@pytest.mark.parametrize("task", sorted(ROUTES))
def test_a_route_is_of_a_task(task):
    assert task in current_app.tasks


def test_what_may_take_longer_than_others_has_workers_of_its_own():
    assert LONG
    assert {ROUTES[name]["queue"] for name in LONG} == {"long"}


def test_every_queue_has_a_worker_and_whoever_deploys_is_told():
    queues = {"celery", *(route["queue"] for route in ROUTES.values())}
    told = set(re.findall(r"queues (\w+)", (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")))

    assert set(WORKERS.values()) == queues == told
