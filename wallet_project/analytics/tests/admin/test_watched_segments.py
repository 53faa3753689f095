"""Operators say about whom the numbers are asked, too; of a few only."""

import pytest
from django.urls import reverse

from accounts.models import User
from coupons.models import Segment
from wallet_project.analytics.models import WatchedSegment
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


def test_operators_watch_an_audience_until_there_are_enough(client):
    staff = User.objects.create_user("who-runs", password="a long enough password", is_staff=True)
    staff.groups.add(make_groups()["运营"])
    client.force_login(staff)
    add = reverse("admin:analytics_watchedsegment_add")
    audiences = [Segment.objects.create(name=f"人群{number}") for number in range(WatchedSegment.MOST + 1)]

    answers = [client.post(add, {"segment": each.pk}).status_code for each in audiences]

    assert answers == [302] * WatchedSegment.MOST + [200]
    assert WatchedSegment.objects.count() == WatchedSegment.MOST
    assert "人群0" in client.get(reverse("admin:analytics_watchedsegment_changelist")).content.decode()
    gone = WatchedSegment.objects.earliest("pk")
    client.post(reverse("admin:analytics_watchedsegment_delete", args=[gone.pk]), {"post": "yes"})
    assert not WatchedSegment.objects.filter(pk=gone.pk).exists()
