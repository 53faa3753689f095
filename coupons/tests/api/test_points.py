"""Points, check-ins and the mall, as the mini-program sees them."""

import uuid

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from coupons.rules.point_rules import EarnEvent
from coupons.tests.points import give, good, points, rule, spend
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


@pytest.fixture
def login():
    return logged_in()


@pytest.fixture
def app(login):
    return APIClient(headers=login.as_header())


def post(app, path, wish=None, *, key=None):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return app.post(f"/api/v1/{path}", wish or {}, format="json", headers=headers)


def get(app, path):
    answer = app.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_my_points_and_what_happened_to_them_page_by_page(app, login, django_assert_num_queries):
    assert get(app, "points")["active"] == 0
    give(login.user, active=100, pending=35)
    spend(login.user, 40, reference="O1")

    with django_assert_num_queries(3):
        shown = get(app, "points")

    assert (shown["pending"], shown["active"], shown["reserved"], shown["debt"]) == (35, 60, 0, 0)
    assert shown["policy"] == {"per_yuan": 100, "order_share": 5000, "refund_days": 7}
    with django_assert_num_queries(1):
        page = get(app, "points/history?limit=2")
    assert [(line["kind"], line["points"]) for line in page["items"]] == [("SPENT", -40), ("EARNED", 35)]
    assert page["items"][0]["reference"] == "O1"
    rest = get(app, f"points/history?cursor={page['next_cursor']}")
    assert [line["points"] for line in rest["items"]] == [100]
    assert not rest["has_more"]


def test_how_points_are_earned(app):
    rule(rate=150, most=500)

    (item,) = get(app, "points/rules")["items"]

    assert (item["event"], item["words"]) == ("PURCHASE", "每消费 100 元得 150 积分；每笔最多 500 积分")


def test_a_rule_names_its_stores(app):
    apps.get_model("payments.Store").objects.create(code="renmin", name="人民路店")
    made = rule(rate=150, places=["store:renmin"])

    (item,) = get(app, "points/rules")["items"]

    assert item["words"] == "每消费 100 元得 150 积分；仅限人民路店"
    assert made.shown(made.terms)["规则"] == item["words"]


def test_i_check_in_once_a_day_and_a_repeated_request_is_answered_again(app, login):
    rule(EarnEvent.CHECK_IN, points=10)
    assert get(app, "check-ins")["next_points"] == 10

    answers = [post(app, "check-ins", key="my-check-in") for _again in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["is_checked_in"]
    assert_error(post(app, "check-ins"), 409, "ALREADY_CHECKED_IN")
    assert points(login.user) == (0, 10, 0, 0)
    today = clock.business_day(clock.now()).isoformat()
    assert_error(post(app, "check-ins/made-up", {"day": today}), 409, "DAY_NOT_MISSED")


def test_i_take_something_and_see_the_code_to_pick_it_up(app, login):
    give(login.user, active=100)
    chosen = good()
    (offer,) = get(app, "mall/goods")["items"]
    assert (offer["id"], offer["points"], offer["left"]) == (chosen.pk, 100, 10)

    answers = [post(app, "mall/orders", {"good_id": chosen.pk}, key="my-exchange") for _again in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert_error(post(app, "mall/orders", {"good_id": chosen.pk}), 409, "POINTS_SHORT")
    (order,) = get(app, "mall/orders")["items"]
    assert order == answers[0].json() == answers[1].json()
    assert (order["state"], len(order["pick_up_code"])) == ("WAITING", 10)
    assert get(APIClient(headers=logged_in().as_header()), "mall/orders")["items"] == []


def test_what_is_not_offered_is_refused(app):
    assert_error(post(app, "mall/orders", {"good_id": 987654321}), 409, "GOOD_NOT_OFFERED")
    assert_error(post(app, "mall/orders", {"good_id": "1"}), 400, "INVALID_INPUT")
