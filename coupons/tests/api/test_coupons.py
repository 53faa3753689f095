"""Coupons as the mini-program sees them."""

import json
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from accounts.tests.factories import logged_in
from coupons.models import Coupon
from coupons.services.coupons import issue_coupon
from coupons.tests.audiences import segment
from coupons.tests.offers import template
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db

HOME = "/api/v1/coupons"
WISH = {"amount": 60_00, "kind": "STORE", "place": "store:renmin"}


@pytest.fixture
def person():
    return logged_in()


def get(person, path="", **query):
    return Client(headers=person.as_header()).get(HOME + path, query)


def post(person, path="", wish=None, key=None):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex, **person.as_header()}
    return Client(headers=headers).post(HOME + path, json.dumps(wish or {}), content_type="application/json")


def held(person, count=1, **terms):
    offer = template(per_person=None, **terms)
    return [
        issue_coupon(template_id=offer.pk, user_id=person.user.pk, source=f"{offer.pk}:{number}")
        for number in range(count)
    ]


def names_in(answer):
    return [item["terms"]["name"] for item in answer.json()["items"]]


def test_a_coupon_is_seen_claimed_once_and_held(person):
    offer, _others = template(), template(name="给会员", tier="gold")
    key = uuid.uuid4().hex
    assert names_in(get(person, "/claimable")) == ["满 20 减 5"]

    answers = [post(person, f"/claimable/{offer.pk}/claim", key=key) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert_error(post(person, f"/claimable/{offer.pk}/claim"), 409, "COUPON_TAKEN_OFTEN")
    assert names_in(get(person, "/claimable")) == []
    assert names_in(get(person)) == ["满 20 减 5"]
    assert Coupon.objects.count() == 1


def test_coupons_lie_on_three_shelves_page_by_page(person):
    [usable] = held(person)
    [used], [over] = held(person, name="用过"), held(person, name="过期")
    now = clock.now()
    Coupon.objects.filter(pk=used.pk).update(state="REDEEMED", reference="O1", ended_at=now)
    Coupon.objects.filter(pk=over.pk).update(valid_until=now - timedelta(seconds=1))

    assert names_in(get(person)) == [usable.template.name]
    assert names_in(get(person, shelf="used")) == ["用过"]
    assert names_in(get(person, shelf="expired")) == ["过期"]
    assert_error(get(person, shelf="lost"), 400, "INVALID_INPUT")
    held(person, count=2)
    first = get(person, limit=2).json()
    assert (len(first["items"]), first["has_more"]) == (2, True)
    assert len(get(person, limit=2, cursor=first["next_cursor"]).json()["items"]) == 1


def test_where_a_coupon_counts_is_told_by_name_however_many_there_are(person, django_assert_num_queries):
    apps.get_model("payments.Store").objects.create(code="renmin", name="人民路店")
    held(person, count=3, places=["store:renmin", "store:gone"])
    held(person)
    template(name="待领", places=["store:renmin"])

    with django_assert_num_queries(4):  # the session, the page, stores, shops
        shown = get(person).json()["items"]

    told = [(item["terms"]["places"], item["terms"]["place_names"]) for item in shown]
    assert told == [([], []), *[(["store:renmin", "store:gone"], ["人民路店", "store:gone"])] * 3]
    (offer,) = [
        item["terms"] for item in get(person, "/claimable").json()["items"] if item["terms"]["name"] == "待领"
    ]
    assert offer["place_names"] == ["人民路店"]


def test_a_code_that_we_never_made_is_refused(person):
    assert_error(post(person, "/codes", {"code": "7Q4K-0M2Z-9XWD"}), 404, "CODE_UNKNOWN")


def test_a_quote_tells_the_best_the_reasons_and_what_is_near(person):
    [five], [twelve] = held(person), held(person, name="满 100 减 12", amount=12_00, threshold=100_00)
    template(
        name="周年庆",
        giving="AUTOMATIC",
        group="活动",
        amount=1_00,
        threshold=0,
        valid_from=clock.now() - timedelta(days=1),
        valid_until=clock.now() + timedelta(days=1),
    )

    told = post(person, "/quote", WISH).json()

    assert (told["off"], told["back"], told["payable"]) == (6_00, 0, 54_00)
    assert [(one["coupon"], one["off"]) for one in told["applied"]] == [("", 1_00), (five.serial, 5_00)]
    [reason] = told["not_applied"]
    assert (reason["coupon"], reason["reason"], reason["missing"]) == (
        twelve.serial,
        "BELOW_THRESHOLD",
        40_00,
    )
    assert (told["unlock"]["missing"], told["unlock"]["gain"]) == (40_00, 7_00)


def test_a_quote_over_fifty_coupons_asks_the_database_little(person, django_assert_max_num_queries):
    for group in range(8):
        held(person, count=5, group=str(group), new_customers=True)
    held(person, count=5, group="8", tier="gold")
    held(person, count=5, group="9", segment=segment(("PURCHASES", "AT_LEAST", "1", None)))
    now = clock.now()
    template(giving="AUTOMATIC", valid_from=now, valid_until=now + timedelta(days=1), threshold=99_00)

    # the session; held coupons; are there automatic ones, those; of the person purchases, tier, segments
    with django_assert_max_num_queries(8):
        told = post(person, "/quote", WISH).json()

    assert (told["off"], len(told["applied"]), len(told["not_applied"])) == (15_00, 3, 48)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"amount": "60"}, {"kind": "CASINO"}, {"lines": [{"sku": "A"}]}, {"colour": "red"}],
)
def test_a_basket_that_is_none_is_refused(person, wrong):
    assert_error(post(person, "/quote", {**WISH, **wrong}), 400, "INVALID_INPUT")
