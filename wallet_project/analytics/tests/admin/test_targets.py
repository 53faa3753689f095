"""Operations say what is to be reached, in yuan and percent, and see how it stands."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from wallet_project.analytics.models import Figure, Target
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

ADD = "/admin/analytics/target/add/"


@pytest.fixture
def staff(client):
    who = User.objects.create_user("ops", password="a long enough password", is_staff=True)
    who.groups.add(make_groups()["运营"])
    client.force_login(who)
    return who


def wish(staff, **more):
    today = clock.business_day(clock.now())
    return {
        "code": "volume",
        "period": "MONTH",
        "first": today.isoformat(),
        "aim": "AT_LEAST",
        "goal": "12345.50",
        "owner": str(staff.pk),
        **more,
    }


def test_goals_are_typed_as_people_say_them_and_kept_in_the_numbers_unit(client, staff):
    for more in ({}, {"code": "success_rate", "goal": "97.5"}, {"code": "buyers", "goal": "300"}):
        client.post(ADD, wish(staff, **more))

    first = clock.business_day(clock.now()).replace(day=1)
    kept = {each.code: each for each in Target.objects.all()}
    assert {each.first for each in kept.values()} == {first}
    assert kept["volume"].goal == 12_345_50
    assert kept["success_rate"].goal == Decimal("0.975")
    assert kept["buyers"].goal == 300
    page = client.get(f"/admin/analytics/target/{kept['volume'].pk}/change/").content.decode()
    assert 'value="12345.50"' in page
    client.post(ADD, wish(staff))
    assert Target.objects.filter(code="volume").count() == 1


def test_the_list_and_the_page_of_today_say_how_it_stands(client, staff, django_assert_max_num_queries):
    today = clock.business_day(clock.now())
    days = (today - timedelta(days=number) for number in range(1, 40))
    Figure.objects.bulk_create(Figure(metric="volume", day=day, hour=None, value=1_000_00) for day in days)
    client.post(ADD, wish(staff, goal="1000000"))

    with django_assert_max_num_queries(14):
        shown = client.get("/admin/analytics/target/").content.decode()
    board = client.get(reverse("board", args=["today"])).content.decode()

    for page in (shown, board):
        for said in ("交易额", "不低于 ¥1,000,000.00", "预计不达成"):
            assert said in page, said
    assert client.get("/admin/analytics/target/", {"now": "no"}).content.decode().count("交易额") == 0
