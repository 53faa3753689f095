"""What the mini-program reads of a membership."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from coupons.rules.membership import GrowthEvent
from coupons.services.growth import grow
from coupons.tests.points import buy, in_transaction

pytestmark = pytest.mark.django_db


def test_i_see_where_i_stand_and_how_i_came_there(outbox):
    login = logged_in()
    me, api = login.user, APIClient(headers=login.as_header())
    buy(me, 1_200_00)
    outbox.deliver()
    in_transaction(grow, user_id=me.pk, event=GrowthEvent.CHECK_IN, occasion="1")

    mine = api.get("/api/v1/membership").json()
    growth = api.get("/api/v1/membership/growth").json()["items"]
    log = api.get("/api/v1/membership/log").json()["items"]

    assert (mine["tier"]["code"], mine["value"], mine["next_tier"]["code"], mine["missing"]) == (
        "silver",
        1_201,
        "gold",
        1_799,
    )
    assert mine["tier"]["benefits"] == ["积分 1.1 倍", "客服优先"]
    assert [(line["event"], line["value"]) for line in growth] == [("CHECK_IN", 1), ("SPENT", 1_200)]
    assert [(line["before"], line["after"], line["cause"]) for line in log] == [
        ("member", "silver", "EARNED")
    ]


def test_anybody_sees_the_tiers_in_three_queries_at_most(django_assert_max_num_queries):
    api = APIClient()
    with django_assert_max_num_queries(3):
        told = api.get("/api/v1/membership/tiers").json()

    assert [tier["code"] for tier in told["tiers"]] == ["member", "silver", "gold", "diamond"]
    assert {"event": "SPENT", "event_name": "消费", "value": 1} in told["rules"]


def test_anybody_reads_the_tiers_on_a_page(client):
    page = client.get("/tiers").content.decode()

    assert "金卡会员" in page
    assert "Gold" in page
    assert "积分 1.25 倍" in page
