"""Operations say what is watched, and see what would have been said."""

import pytest
from django.urls import reverse

from accounts.models import User
from wallet_project.analytics.models import WatchedMetric
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

TERMS = {"direction": "BOTH", "sensitivity": "HIGH", "minimum": "10", "severity": "2", "is_active": "on"}


@pytest.fixture
def desk(client):
    staff = User.objects.create_user("ops", password="a long enough password", is_staff=True)
    staff.groups.add(make_groups()["运营"])
    client.force_login(staff)
    return client


def test_what_is_watched_is_named_added_and_rehearsed(desk):
    WatchedMetric.objects.filter(code="orders_paid").delete()
    shown = desk.get(reverse("admin:analytics_watchedmetric_changelist")).content.decode()
    assert "支付成功率" in shown
    assert "success_rate" not in shown

    desk.post(reverse("admin:analytics_watchedmetric_add"), {**TERMS, "code": "orders_paid"})
    desk.post(reverse("admin:analytics_watchedmetric_add"), {**TERMS, "code": "no_such_number"})

    added = WatchedMetric.objects.get(code="orders_paid")
    assert not WatchedMetric.objects.filter(code="no_such_number").exists()
    page = desk.get(reverse("admin:analytics_watchedmetric_change", args=[added.pk])).content.decode()
    assert "支付订单数" in page
    assert "数据不足" in page


def test_money_is_typed_in_yuan(desk):
    WatchedMetric.objects.filter(code="volume").delete()
    desk.post(reverse("admin:analytics_watchedmetric_add"), {**TERMS, "code": "volume", "minimum": "500"})

    added = WatchedMetric.objects.get(code="volume")
    assert added.minimum == 500_00
    assert "¥500.00" in desk.get(reverse("admin:analytics_watchedmetric_changelist")).content.decode()
    page = desk.get(reverse("admin:analytics_watchedmetric_change", args=[added.pk])).content.decode()
    assert 'value="500"' in page


def test_its_number_stays_and_its_terms_change(desk):
    watched = WatchedMetric.objects.get(code="success_rate")
    page = reverse("admin:analytics_watchedmetric_change", args=[watched.pk])

    desk.post(page, {**TERMS, "code": "volume"})
    watched.refresh_from_db()

    assert (watched.code, watched.sensitivity) == ("success_rate", "HIGH")
