"""What waits and what is dead is counted in one place."""

from datetime import timedelta

import pytest

from wallet_project.kit import backlog, clock
from wallet_project.kit.models import Delivery, Job, StoredEvent

pytestmark = pytest.mark.django_db


def test_deliveries_and_jobs_that_wait_or_are_dead_are_counted_and_what_is_done_is_not(
    django_assert_num_queries,
):
    now = clock.now()
    event = StoredEvent.objects.create(name="x", aggregate="x", payload={})
    for listener, state, age in (
        ("a", "WAITING", 60),
        ("b", "WAITING", 90),
        ("c", "DELIVERED", 900),
        ("d", "DEAD", 900),
    ):
        Delivery.objects.create(
            event=event, listener=listener, state=state, available_at=now - timedelta(seconds=age)
        )
    for state in ("QUEUED", "DEAD", "DEAD"):
        Job.objects.create(task="t", arguments={}, state=state, available_at=now)

    with django_assert_num_queries(2):
        deliveries, jobs = backlog.deliveries(), backlog.jobs()

    assert (deliveries.waiting, deliveries.oldest) == (2, now - timedelta(seconds=90))
    assert (deliveries.dead, jobs.dead) == ({"d": 1}, {"t": 2})
    assert (jobs.waiting, jobs.oldest) == (1, now)
    Job.objects.all().delete()
    assert backlog.jobs() == backlog.Backlog(waiting=0, oldest=None, dead={})
