"""What I may move, as the mini-program shows it before I confirm."""

import pytest
from django.db import transaction

from accounts.rules.kyc import KycLevel
from accounts.tests.factories import logged_in, with_level
from wallet.rules.kinds import MoveKind
from wallet.services.limits import use_limit
from wallet.services.top_ups import open_top_up
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock


def ask(client, person):
    answer = client.get("/api/v1/wallet/limits", headers=person.as_header())
    assert answer.status_code == 200, answer.content
    return answer.json()


def spend(person, amount, kind):
    with transaction.atomic():
        use_limit(user_id=person.user.pk, kind=kind, amount=amount, at=clock.now())


@pytest.mark.django_db
def test_without_a_phone_i_am_told_what_a_phone_would_allow(client):
    mine = ask(client, logged_in())

    moves = {move["move"]: move for move in mine["moves"]}
    assert (mine["level"], mine["level_name"]) == (0, "未认证")
    assert mine["next_level"] == {
        "level": 1,
        "title": "一类：已验证手机号",
        "missing": [{"code": "BIND_PHONE", "title": "绑定手机号"}],
        "cap": 10_000_00,
    }
    assert {name: move["left"] for name, move in moves.items()} == {
        "out": 500_00,
        "top_up": 1_000_00,
        "pay": 200_00,
        "transfer": 0,
        "red_packet": 0,
        "withdraw": 0,
        "bill": 0,
    }
    assert moves["transfer"]["at_next_level"] == [
        {"period": "single", "title": "单笔", "limit": 200_00},
        {"period": "day", "title": "单日", "limit": 500_00},
        {"period": "times", "title": "单日笔数", "limit": 10},
    ]
    assert mine["balance"] == {"cap": 1_000_00, "principal": 0, "coming": 0, "room": 1_000_00}


@pytest.mark.django_db
def test_each_limit_says_what_is_used_what_is_left_and_until_when(client):
    person = logged_in()
    with_level(person.user, KycLevel.II)
    spend(person, 1_900_00, MoveKind.TRANSFER)
    spend(person, 2_000_00, MoveKind.PAY)

    moves = {move["move"]: move for move in ask(client, person)["moves"]}

    transfer = {limit["period"]: limit for limit in moves["transfer"]["limits"]}
    assert list(transfer) == ["single", "day", "month", "times"]
    assert (transfer["day"]["limit"], transfer["day"]["used"]) == (5_000_00, 1_900_00)
    assert (transfer["day"]["left"], transfer["times"]["left"]) == (3_100_00, 29)
    assert transfer["day"]["resets_at"].endswith("T00:00:00+08:00")
    assert transfer["single"]["resets_at"] is None
    assert moves["transfer"]["left"] == 1_100_00, "the sum of all has less left"
    assert [limit["left"] for limit in moves["out"]["limits"]] == [1_100_00, 46_100_00, 96_100_00]


@pytest.mark.django_db
def test_at_the_highest_level_there_is_nothing_to_raise(client):
    person = logged_in()
    with_level(person.user, KycLevel.III)

    mine = ask(client, person)

    assert mine["next_level"] is None
    assert all(move["at_next_level"] == [] for move in mine["moves"])


@pytest.mark.django_db
def test_what_i_am_topping_up_takes_room(client):
    person = logged_in()
    open_top_up(wallet_id=open_wallet(user_id=person.user.pk).pk, amount=300_00)

    assert ask(client, person)["balance"] == {
        "cap": 1_000_00,
        "principal": 0,
        "coming": 300_00,
        "room": 700_00,
    }


@pytest.mark.django_db
def test_a_closed_loop_says_what_it_does_not_do(client, settings):
    settings.WALLET_MODE = "closed_loop"
    person = logged_in()
    with_level(person.user, KycLevel.II)

    mine = ask(client, person)

    assert {move["move"] for move in mine["moves"] if not move["is_on"]} == {"transfer", "red_packet", "bill"}
    assert [move["left"] for move in mine["moves"] if not move["is_on"]] == [0, 0, 0]
    assert mine["balance"]["cap"] == 5_000_00


@pytest.mark.django_db
def test_it_takes_so_many_queries_and_no_more(client, django_assert_num_queries):
    person = logged_in()
    with_level(person.user, KycLevel.II)
    spend(person, 100, MoveKind.PAY)
    ask(client, person)

    with django_assert_num_queries(4):  # the level, the policies, what is used, the balance
        ask(client, person)
