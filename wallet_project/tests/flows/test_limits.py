"""Limits and caps over HTTP: refused before a PIN is asked for, exact for many, and free again."""

from django.db import transaction

from accounts.models import WeChatIdentity
from accounts.rules.kyc import ChangeReason
from accounts.services.kyc_levels import lower_level
from accounts.tests.factories import known_by_name
from payments.models import Payment
from payments.tasks import close_expired
from wallet.models import LimitUsage
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error


def user_of(customer):
    return WeChatIdentity.objects.get(openid=customer.openid).user


def used_by(customer):
    """Move → what was used today and ever."""
    rows = LimitUsage.objects.filter(user=user_of(customer))
    return {row.move: (row.day_amount, row.lifetime_amount) for row in rows}


def left_for(customer, move):
    [found] = [each for each in customer.get("wallet/limits").json()["moves"] if each["move"] == move]
    return found["left"]


def pay_path(number):
    return f"orders/{number}/pay"


def test_a_newcomer_tops_up_and_pays_within_what_is_shown(customer, top_up, place_order, pay):
    top_up(customer, 10_000)

    assert pay(customer, place_order(customer, 3_500), "balance")["order"]["state"] == "PAID"

    assert used_by(customer) == {"top_up": (10_000,) * 2, "pay": (3_500,) * 2, "out": (3_500,) * 2}
    assert left_for(customer, "pay") == 200_00
    assert left_for(customer, "out") == 465_00


def test_more_than_the_limit_is_refused_before_a_pin_is_asked_for(customer, top_up, place_order):
    top_up(customer, 50_000)
    number = place_order(customer, 20_001)

    refused = customer._send("POST", pay_path(number), {"method": "balance"}, key=None, grant="")

    detail = assert_error(refused, 409, "LIMIT_EXCEEDED")
    assert (detail["title"], detail["limit"], detail["left"]) == ("余额支付 · 单笔", 20_000, 20_000)
    assert detail["next_level"]["missing"] == [{"code": "BIND_PHONE", "title": "绑定手机号"}]
    assert "pay" not in used_by(customer)
    assert customer.get("wallet").json()["available"] == 50_000
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert not Payment.objects.filter(order__number=number).exists()


def test_by_wechat_alone_no_limit_of_the_balance_counts(customer, top_up, place_order, pay, settled):
    number = place_order(customer, 900_00)

    asked = pay(customer, number, "wechat")
    customer.confirm(asked["pay_params"])
    settled()

    assert customer.get(f"orders/{number}").json()["state"] == "PAID"
    assert used_by(customer) == {}


def test_what_a_cancelled_payment_used_is_free_again(customer, top_up, place_order, pay):
    top_up(customer, 10_000)
    number = place_order(customer, 19_000)
    pay(customer, number, "combined")
    assert used_by(customer)["out"] == (10_000,) * 2

    assert customer.post(f"orders/{number}/cancel").status_code == 200

    assert used_by(customer)["pay"] == used_by(customer)["out"] == (0, 0)
    assert customer.get("wallet").json()["held"] == 0


def test_many_small_payments_at_once_use_the_limit_to_the_fen(customer, top_up, place_order, in_parallel):
    top_up(customer, 100_000)
    wish = {"method": "balance"}
    paths = [pay_path(place_order(customer, 15_000)) for _ in range(8)]
    grants = [customer.grant_for(path, wish) for path in paths]
    calls = [
        lambda path=path, grant=grant: customer._send("POST", path, wish, key=None, grant=grant)
        for path, grant in zip(paths, grants, strict=True)
    ]

    answers = in_parallel(calls)

    paid = [answer for answer in answers if answer.status_code == 200]
    assert len(paid) == 500_00 // 15_000
    for answer in answers:
        if answer.status_code != 200:
            assert assert_error(answer, 409, "LIMIT_EXCEEDED")["left"] == 5_000
    assert used_by(customer)["out"] == (45_000,) * 2
    assert customer.get("wallet").json()["total"] == 55_000


def test_a_level_lowered_between_proof_and_payment_counts(customer, new_phone, top_up, place_order):
    customer.bind_phone(new_phone())
    known_by_name(user_of(customer))
    top_up(customer, 120_000)
    number = place_order(customer, 100_001)
    grant = customer.grant_for(pay_path(number), {"method": "balance"})
    with transaction.atomic():
        lower_level(user_id=user_of(customer).pk, reason=ChangeReason.RISK)

    refused = customer._send("POST", pay_path(number), {"method": "balance"}, key=None, grant=grant)

    detail = assert_error(refused, 409, "LIMIT_EXCEEDED")
    assert detail["limit"] == 1_000_00
    assert "pay" not in used_by(customer)
    assert customer.get("wallet").json()["available"] == 120_000


def test_a_top_up_beyond_the_cap_is_refused_when_it_begins(customer, top_up):
    top_up(customer, 70_000)

    detail = assert_error(customer.post("wallet/top-ups", {"amount": 30_001}), 409, "LIMIT_EXCEEDED")
    assert (detail["period"], detail["left"]) == ("day", 30_000)
    customer.post("wallet/top-ups", {"amount": 20_000})
    LimitUsage.objects.filter(user=user_of(customer), move="top_up").update(day="2026-01-01")
    detail = assert_error(customer.post("wallet/top-ups", {"amount": 10_001}), 409, "BALANCE_CAP_EXCEEDED")

    assert detail == {"cap": 100_000, "room": 10_000, "level": 0}
    assert customer.get("wallet/limits").json()["balance"] == {
        "cap": 100_000,
        "principal": 70_000,
        "coming": 20_000,
        "room": 10_000,
    }


def test_top_ups_at_once_do_not_pass_the_cap_together(customer, in_parallel):
    wish = {"amount": 30_000}

    answers = in_parallel([lambda: customer._send("POST", "wallet/top-ups", wish, key=None, grant="")] * 8)

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert customer.get("wallet/limits").json()["balance"]["room"] == 10_000


def test_a_top_up_that_nobody_pays_gives_back_its_limit_and_its_room(customer, settled):
    started = customer.post("wallet/top-ups", {"amount": 90_000}).json()
    assert used_by(customer)["top_up"] == (90_000,) * 2

    now = clock.now()
    of_it = Payment.objects.filter(top_up__number=started["top_up"]["number"])
    of_it.update(expires_at=now, next_query_at=now)
    close_expired()
    settled()

    assert customer.get(f"wallet/top-ups/{started['top_up']['number']}").json()["state"] == "CLOSED"
    assert used_by(customer)["top_up"] == (0, 0)
    assert customer.get("wallet/limits").json()["balance"]["room"] == 100_000
