"""What is committed late is heard late, and not lost."""

import time
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.events import SignedIn
from accounts.models import User
from wallet_project.analytics.models import Activity, Event, EventFeed
from wallet_project.analytics.services import event_feed
from wallet_project.analytics.services.event_feed import hear_events
from wallet_project.kit.events import publish

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def came_in(user):
    publish(SignedIn(user_id=user.pk, method="WECHAT", is_new_device=False))


def test_a_transaction_that_was_open_when_others_were_heard(monkeypatch):
    monkeypatch.setattr(event_feed, "_CLOCKS_DIFFER", timedelta(milliseconds=100))
    late, early = User.objects.create(), User.objects.create()
    published, may_commit = Signal(), Signal()

    def commit_late():
        with transaction.atomic():
            came_in(late)
            published.set()
            may_commit.wait(10)
        connection.close()

    hear_events()
    thread = Thread(target=commit_late)
    thread.start()
    published.wait(10)
    time.sleep(0.3)
    with transaction.atomic():
        came_in(early)
    for _look in range(3):
        hear_events()
    assert not Event.objects.filter(user=late).exists()
    may_commit.set()
    thread.join()

    hear_events()

    assert [Event.objects.filter(user=user).count() for user in (late, early)] == [1, 1]
    assert [Activity.objects.get(user=user).acts for user in (late, early)] == [1, 1]


def test_two_who_hear_at_once_count_once(in_parallel):
    users = [User.objects.create() for _ in range(20)]
    with transaction.atomic():
        for user in users:
            came_in(user)

    answers = in_parallel([hear_events] * 4)
    hear_events()

    assert answers == [None] * 4
    assert [each.acts for each in Activity.objects.filter(user__in=users)] == [1] * 20
    assert EventFeed.objects.count() == 1
