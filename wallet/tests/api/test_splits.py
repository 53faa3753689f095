"""A shared bill, as the mini-program sees it."""

import uuid

import pytest
from rest_framework.test import APIClient

from wallet.models import MoneyRequest, Split
from wallet.tests.dealings import send, somebody, token_for
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db
SPLITS = "/api/v1/wallet/splits"


@pytest.fixture
def organiser():
    return somebody(nickname="小娜")


@pytest.fixture
def friend():
    return somebody(20_000, nickname="小明")


def app_of(person):
    return APIClient(headers=person.login.as_header())


def post(app, path, wish=None, *, key=None):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return app.post(path, wish or {}, format="json", headers=headers)


def begin(organiser, friend):
    wish = {
        "total": 30_000,
        "title": "周五的火锅",
        "places": [{"payee_token": token_for(organiser, friend)}, {}],
    }
    answer = post(app_of(organiser), SPLITS, wish)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_a_bill_is_split_joined_paid_and_seen_by_those_who_share_it(organiser, friend):
    other = somebody(20_000, nickname="小红")
    begun = begin(organiser, friend)
    assert (begun["own"], [share["amount"] for share in begun["shares"]]) == (10_000, [10_000, 10_000])

    preview = app_of(other).post(f"{SPLITS}/open", {"link": begun["link"]}, format="json").json()
    assert set(preview) == {
        "title",
        "organiser",
        "total",
        "state",
        "places_left",
        "amount",
        "is_joined",
    }, "who has paid is for those who have a share"
    assert (preview["places_left"], preview["amount"], preview["is_joined"]) == (1, 10_000, False)
    joined = app_of(other).post(f"{SPLITS}/join", {"link": begun["link"]}, format="json").json()
    mine = next(share for share in joined["shares"] if share["request_number"])
    assert mine["person"]["nickname"] == "小红"

    opened = app_of(other).get(f"/api/v1/wallet/requests/{mine['request_number']}").json()
    send(other, organiser, 10_000, payee_token=opened["payee_token"])

    seen = app_of(friend).get(f"{SPLITS}/{begun['number']}").json()
    assert [(share["person"]["nickname"], share["state"]) for share in seen["shares"]] == [
        ("小明", "OPEN"),
        ("小红", "PAID"),
    ]
    assert (seen["paid_count"], seen["paid_amount"], seen["link"]) == (1, 10_000, None)
    assert [bool(share["request_number"]) for share in seen["shares"]] == [True, False]


def test_lists_have_a_side_and_a_budget(organiser, friend, django_assert_num_queries):
    numbers = [begin(organiser, friend)["number"] for _ in range(2)]
    app = app_of(organiser)

    # one page, with the organiser's name and what was paid
    with django_assert_num_queries(1):
        page = app.get(SPLITS).json()

    assert [one["number"] for one in page["items"]] == numbers[::-1]
    joined = app_of(friend).get(SPLITS, {"side": "for_me"}).json()["items"]
    assert [one["number"] for one in joined] == numbers[::-1]
    assert app_of(friend).get(SPLITS).json()["items"] == []


def test_a_strangers_split_looks_like_none(organiser, friend):
    number = begin(organiser, friend)["number"]
    stranger = app_of(somebody())

    for path in ("", "/close", "/remind"):
        ask = stranger.get if not path else lambda address: post(stranger, address)
        theirs, none = (ask(f"{SPLITS}/{one}{path}") for one in (number, "A0" + number[2:]))
        assert theirs.status_code == none.status_code == 404
        assert theirs.json() | {"request_id": ""} == none.json() | {"request_id": ""}


def test_the_same_key_splits_once(organiser):
    wish = {"total": 1_000, "places": [{}]}

    answers = [post(app_of(organiser), SPLITS, wish, key="one-intention") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert Split.objects.filter(organiser=organiser.id).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"total": 0},
        {"total": "100"},
        {"total": 1.0},
        {"total": True},
        {"places": None},
        {"places": [{"amount": -1}]},
        {"places": [{"amount": "1"}]},
        {"places": [{"payer": 1}]},
        {"places": [{}] * 51},
        {"own_amount": -1},
        {"include_me": "yes"},
        {"title": "\u202e"},
        {"paid_count": 1},
    ],
)
def test_a_split_is_of_whole_fen_and_knows_its_fields(organiser, change):
    answer = post(app_of(organiser), SPLITS, {"total": 1_000, "places": [{}], **change})

    assert_error(answer, status=400, code="INVALID_INPUT")
    assert not MoneyRequest.objects.filter(requester=organiser.id).exists()


def test_shares_that_do_not_add_up_say_so(organiser):
    wish = {"total": 1_000, "places": [{"amount": 300}], "own_amount": 600}

    refused = post(app_of(organiser), SPLITS, wish)

    assert assert_error(refused, status=400, code="SPLIT_IMPOSSIBLE") == {"reason": "DOES_NOT_ADD_UP"}
