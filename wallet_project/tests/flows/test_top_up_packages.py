"""Top up so much, get so much on top; and take it back again."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.models import User
from payments.models import Payment
from payments.services.closing import query_unsure_payment
from payments.services.top_up_refunds import propose_merchant_refund
from wallet.models import Lot, PackageState, TopUp, TopUpPackage
from wallet.services.gifts import expire_gifts
from wallet.services.wallets import open_wallet
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.staff import make_groups


@pytest.fixture
def package(committed_db) -> TopUpPackage:
    """On sale: pay 100.00, get 20.00 on top for 30 days, once."""
    return TopUpPackage.objects.create(
        name="充 100 送 20",
        amount=10_000,
        bonus=2_000,
        bonus_days=30,
        per_person=1,
        sold_from=clock.now(),
        state=PackageState.ON_SALE,
    )


def staff_member(role: str) -> User:
    member = User.objects.create(username=f"{role}{uuid.uuid4().hex[:8]}", is_staff=True)
    member.groups.add(make_groups()[role])
    return member


@pytest.fixture
def take(settled):
    def take(customer, package) -> str:
        started = customer.post("wallet/top-ups", {"package_id": package.pk})
        assert started.status_code == 201, started.text
        customer.confirm(started.json()["pay_params"])
        settled()
        return started.json()["top_up"]["number"]

    return take


def test_a_package_credits_what_was_paid_and_what_it_gives(customer, package, take):
    number = take(customer, package)

    wallet = customer.get("wallet").json()
    assert (wallet["principal"], wallet["bonus"], wallet["withdrawable"]) == (10_000, 2_000, 0)
    kinds = [(item["kind"], item["amount"]) for item in customer.get("wallet/records").json()["items"]]
    assert kinds == [("grant", 2_000), ("top_up", 10_000)]
    assert customer.get(f"wallet/top-ups/{number}").json()["bonus"] == 2_000
    [gift] = customer.get("wallet/expiring-gifts").json()["items"]
    assert gift["amount"] == 2_000
    assert customer.get("wallet/withdrawable").json() == {
        "amount": 0,
        "lines": [
            {"code": "total", "title": "钱包总余额", "amount": 12_000},
            {"code": "bonus", "title": "赠金不可提现", "amount": -2_000},
            {"code": "package", "title": "套餐充值的本金：可消费，或申请充值退款", "amount": -10_000},
        ],
    }


def test_nobody_takes_a_package_more_often_than_they_may_even_at_once(customer, package, in_parallel):
    calls = [lambda: customer.post("wallet/top-ups", {"package_id": package.pk}) for _ in range(8)]

    answers = in_parallel(calls)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    offered = customer.get("wallet/top-up-packages").json()["items"]
    assert package.pk not in {item["id"] for item in offered}
    assert TopUp.objects.filter(package=package).count() == 1


@pytest.mark.parametrize(
    "wish", [{}, {"amount": 100, "package_id": 1}, {"package_id": "1"}, {"package_id": 0}]
)
def test_either_an_amount_or_a_package(customer, wish):
    assert_error(customer.post("wallet/top-ups", wish), 400, "INVALID_INPUT")
    assert not TopUp.objects.filter(wallet__user__devices__device_id=customer.device_id).exists()


def test_an_offer_that_is_not_on_sale_is_refused(customer, package):
    TopUpPackage.objects.filter(pk=package.pk).update(state=PackageState.RETIRED)

    assert_error(customer.post("wallet/top-ups", {"package_id": package.pk}), 409, "PACKAGE_NOT_ON_SALE")


def test_untouched_for_seven_days_all_of_it_goes_back_without_a_reason(
    new_phone, customer, package, take, settled
):
    customer.bind_phone(new_phone())
    number = take(customer, package)

    offer = customer.get(f"wallet/top-ups/{number}/refund").json()
    refunded = customer.post(f"wallet/top-ups/{number}/refund", {"refund": offer["refund"]})
    settled()

    assert (offer["cause"], offer["refund"], offer["charged"]) == ("NO_REASON", 10_000, 0)
    assert refunded.status_code == 201, refunded.text
    assert customer.get("wallet").json()["total"] == 0
    assert_error(customer.get(f"wallet/top-ups/{number}/refund"), 409, "TOP_UP_NOT_REFUNDABLE")


def test_a_gift_that_was_used_is_paid_for(new_phone, customer, package, take, place_order, pay, settled):
    customer.bind_phone(new_phone())
    number = take(customer, package)
    pay(customer, place_order(customer, 1_500), "balance")

    offer = customer.get(f"wallet/top-ups/{number}/refund").json()
    assert (offer["cause"], offer["refund"], offer["charged"], offer["gift_left"]) == (
        "CUSTOMER",
        8_500,
        1_500,
        500,
    )
    changed = customer.post(f"wallet/top-ups/{number}/refund", {"refund": 10_000})
    assert_error(changed, 409, "TOP_UP_REFUND_CHANGED")
    assert customer.get("wallet").json()["total"] == 10_500

    assert customer.post(f"wallet/top-ups/{number}/refund", {"refund": 8_500}).status_code == 201
    settled()
    assert customer.get("wallet").json()["total"] == 0


def test_own_money_does_not_leave_without_the_gift_that_came_with_it(
    new_phone, customer, package, take, top_up, place_order, pay
):
    customer.bind_phone(new_phone())
    take(customer, package)
    pay(customer, place_order(customer, 2_000), "balance")  # all of the gift
    top_up(customer, 1_000)

    quoted = customer.post("wallet/quotes", {"kind": "withdraw", "amount": 10_000}).json()
    refused = customer.post("wallet/withdrawals", {"amount": 10_000, "quote_id": quoted["id"]})

    assert assert_error(refused, 409, "WITHDRAWAL_NOT_COVERED") == {"available": 1_000}
    assert customer.get("wallet").json()["total"] == 11_000


def test_nothing_is_refunded_while_its_gift_is_on_its_way(new_phone, customer, package, settled):
    customer.bind_phone(new_phone())
    started = customer.post("wallet/top-ups", {"package_id": package.pk}).json()
    number, path = started["top_up"]["number"], f"wallet/top-ups/{started['top_up']['number']}/refund"
    customer.confirm(started["pay_params"])
    query_unsure_payment(number=Payment.objects.get(top_up__number=number).number)
    assert TopUp.objects.get(number=number).credited_at
    assert customer.get("wallet").json()["bonus"] == 0

    assert_error(customer.post(path, {"refund": 10_000}), 409, "TOP_UP_NOT_REFUNDABLE")
    settled()

    wallet = customer.get("wallet").json()
    assert (wallet["principal"], wallet["bonus"]) == (10_000, 2_000)
    assert customer.post(path, {"refund": 10_000}).status_code == 201


def test_what_wechat_does_not_take_back_is_as_before_lot_by_lot(
    new_phone, customer, package, take, place_order, pay, sandbox, settled
):
    customer.bind_phone(new_phone())
    number = take(customer, package)
    pay(customer, place_order(customer, 1_500), "balance")
    sandbox.fault("refund_closed")

    customer.post(f"wallet/top-ups/{number}/refund", {"refund": 8_500}).raise_for_status()
    settled()

    wallet = customer.get("wallet").json()
    assert (wallet["principal"], wallet["bonus"]) == (10_000, 500)
    assert sorted(Lot.objects.filter(source=number).values_list("remaining", flat=True)) == [500, 10_000]
    assert customer.get(f"wallet/top-ups/{number}/refund").json()["refund"] == 8_500


def test_somebody_elses_top_up_looks_like_none(new_customer, package, take):
    owner, stranger = new_customer(), new_customer()
    number = take(owner, package)

    for path in (f"wallet/top-ups/{number}/refund", "wallet/top-ups/R261121201530123Q7K0M2Z9XWDBU/refund"):
        assert_error(stranger.get(path), 404, "NOT_FOUND")
        assert_error(stranger.post(path, {"refund": 10_000}), 404, "NOT_FOUND")
    assert owner.get("wallet").json()["total"] == 12_000


def test_many_refunds_at_once_are_one(new_phone, customer, package, take, settled, in_parallel):
    customer.bind_phone(new_phone())
    number = take(customer, package)
    path, wish = f"wallet/top-ups/{number}/refund", {"refund": 10_000}
    grants = [customer.grant_for(path, wish) for _ in range(6)]

    answers = in_parallel([lambda grant=grant: customer.post(path, wish, grant=grant) for grant in grants])
    settled()

    assert sorted(answer.status_code for answer in answers)[:2] == [201, 409]
    assert customer.get("wallet").json()["total"] == 0


def test_two_of_the_staff_refund_what_was_our_fault_at_the_discount(
    customer, package, take, place_order, pay, settled
):
    number = take(customer, package)
    pay(customer, place_order(customer, 6_000), "balance")  # 20.00 of the gift, 40.00 of their own
    maker, checker = staff_member("客服"), staff_member("财务")

    propose_merchant_refund(number=number, reason="门店停业", maker_id=maker.pk)
    proposal = Proposal.objects.get(subject=f"top_up:{number}")
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    settled()

    assert proposal.facts["amount"] == 5_000  # 60.00 used were bought for 50.00
    assert customer.get("wallet").json()["total"] == 0


def test_what_was_not_used_in_time_ends(customer, package, take, place_order, pay):
    number = take(customer, package)
    pay(customer, place_order(customer, 500), "balance")

    with time_machine.travel(clock.now() + timedelta(days=29), tick=True):
        expire_gifts()
        assert Lot.objects.get(source=number, account__code="bonus").remaining == 1_500
    with time_machine.travel(clock.now() + timedelta(days=32), tick=True):
        expire_gifts()
        expire_gifts()

    wallet = customer.get("wallet").json()
    assert (wallet["principal"], wallet["bonus"]) == (10_000, 0)
    [last, *_rest] = customer.get("wallet/records").json()["items"]
    assert (last["kind"], last["amount"], last["direction"]) == ("expiry", 1_500, "out")
    assert customer.get(f"wallet/top-ups/{number}/refund").json()["refund"] == 9_500


def test_nothing_is_begun_for_a_wallet_that_receives_nothing(customer, package):
    user = User.objects.get(devices__device_id=customer.device_id)
    wallet = open_wallet(user_id=user.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_set_wallet_status(%s, 'CREDIT_FROZEN', 'x', NULL)", [wallet.pk])

    refused = customer.post("wallet/top-ups", {"package_id": package.pk})

    assert_error(refused, 403, "WALLET_RECEIVES_NOTHING")
    assert not TopUp.objects.filter(wallet__user=user).exists()
