"""Somebody leaves, and comes back as nobody we know."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import ClosureRequest, Device, PaymentPin, RealName, User, WeChatIdentity
from accounts.rules.step_up import Operation
from accounts.selectors.outdated import outdated_real_names
from accounts.services.closures import close_due_accounts
from accounts.services.kyc_levels import grant_name
from accounts.tests.factories import (
    LoggedIn,
    grant_for,
    known_by_name,
    kyc_application,
    logged_in,
    with_pin,
)
from payments.models import ExceptionCase, Payment
from wallet.models import Record, Wallet
from wallet_project.kit import clock
from wallet_project.kit.fields import open_column
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api
from wallet_project.tests.leaks import in_tables, pattern_of

NICKNAME = "小满的早餐铺"


def person_behind(customer: Api) -> LoggedIn:
    device = Device.objects.select_related("user").get(device_id=customer.device_id)
    return LoggedIn(user=device.user, device=device, tokens=None)


def prove(customer: Api, amount: int = 0, **facts: str) -> None:
    """Whatever had to be proven is: the next request carries the grant."""
    operation = Operation(kind="account.close", amount=amount, facts=facts)
    customer.session.headers["Step-Up-Grant"] = grant_for(person_behind(customer), operation)


def leave(customer: Api) -> None:
    """Everything up to the end of the time to think again."""
    customer.post("me/closure", {"reason": "PRIVACY"})
    prove(customer)
    confirmed = customer.post("me/closure/confirm", {"gives_up": 0})
    assert confirmed.status_code == 200, confirmed.text
    let_it_cool(customer)


def let_it_cool(customer: Api) -> None:
    ClosureRequest.objects.filter(user=person_behind(customer).user).update(due_at=clock.now())


@pytest.fixture
def phone(new_phone) -> str:
    return new_phone()


@pytest.fixture
def leaver(customer: Api, sandbox, phone: str) -> Api:
    """A customer with a phone, a PIN and a nickname."""
    bound = customer.post("me/phone", {"code": sandbox.phone_code(phone, customer.openid)["code"]})
    assert bound.status_code == 200, bound.text
    person = with_pin(person_behind(customer))
    PaymentPin.objects.filter(user=person.user).update(set_at=clock.now())  # after the phone: nothing changed
    User.objects.filter(pk=person.user.pk).update(nickname=NICKNAME)
    return customer


def test_a_customer_takes_their_money_along_and_nothing_of_them_stays(
    leaver, phone, top_up, place_order, pay, settled, sandbox, new_customer, owner_cursor
):
    top_up(leaver, 5_000)
    pay(leaver, place_order(leaver, 800), "balance")
    left = person_behind(leaver)

    before = leaver.get("me/closure").json()
    leaver.post("me/closure", {"reason": "PRIVACY", "comment": f"我的号码是{phone}"})
    prove(leaver, 4_200, payee="余额退回微信")
    paid_out = leaver.post("me/closure/payout")
    settled()
    leave(leaver)
    close_due_accounts(at=clock.now(), limit=100)
    settled()

    assert [blocker["code"] for blocker in before["blockers"]] == ["BALANCE_LEFT"]
    assert (paid_out.status_code, paid_out.json()["items"][0]["amount"]) == (201, 4_200)
    assert_error(leaver.get("me"), 401, "TOKEN_INVALID")
    for known in (phone, leaver.openid, NICKNAME):
        assert in_tables(pattern_of(known), owner_cursor) == []
    assert Wallet.objects.get(user=left.user).is_closed
    assert Record.objects.filter(wallet__user=left.user).count() == 3
    assert Payment.objects.filter(payer=left.user, state="PAID").count() == 2

    back = new_customer()
    again = back.log_in(sandbox.login_code(leaver.openid)["code"])
    settled()

    assert again["user"]["is_new"] is True
    assert again["user"]["phone_masked"] is None
    assert again["user"]["uid"] != str(left.user.uid)
    assert back.get("wallet").json()["total"] == 0
    assert back.get("wallet/records").json()["items"] == []
    assert back.get("orders").json()["items"] == []
    rebound = back.post("me/phone", {"code": sandbox.phone_code(phone, leaver.openid)["code"]})
    assert rebound.status_code == 200, rebound.text
    assert WeChatIdentity.objects.get(openid=leaver.openid).user_id != left.user.pk


def test_the_law_keeps_its_part_and_the_name_is_free_for_a_new_account(leaver, settled):
    left = person_behind(leaver).user
    number = known_by_name(left).id_number
    filed = kyc_application(left)

    leave(leaver)
    close_due_accounts(at=clock.now(), limit=100)

    real_name = RealName.objects.get(user=left)
    assert (real_name.level, real_name.id_index, real_name.id_number) == (0, None, None)
    assert open_column(real_name.evidence, "archive_sealed") == f"欧阳娜 {number}"
    filed.refresh_from_db()
    assert (filed.state, filed.reason, filed.name_sealed) == ("WITHDRAWN", "ACCOUNT_CLOSED", None)
    again = kyc_application(logged_in().user)
    again.seal(id_number=number)
    with transaction.atomic():
        assert grant_name(again, at=clock.now()) is None
    ten_years = clock.now() + timedelta(days=3650)
    assert outdated_real_names(before=ten_years).filter(pk=real_name.evidence_id).exists()
    assert not outdated_real_names(before=real_name.since).filter(pk=real_name.evidence_id).exists()


def test_whoever_logs_in_while_it_cools_is_told_and_may_stay(leaver, sandbox):
    leave(leaver)

    told = leaver.log_in(sandbox.login_code(leaver.openid)["code"])
    stayed = leaver.post("me/closure/cancel")
    close_due_accounts(at=clock.now(), limit=100)

    assert told["user"]["closes_at"]
    assert stayed.json()["request"] is None
    assert leaver.log_in(sandbox.login_code(leaver.openid)["code"])["user"]["closes_at"] is None
    assert leaver.get("me").status_code == 200


def test_an_order_that_is_placed_while_it_cools_keeps_the_account(leaver, place_order, settled):
    leave(leaver)
    number = place_order(leaver, 800)

    close_due_accounts(at=clock.now(), limit=100)

    assert leaver.get("me/closure").json()["request"] is None
    request = ClosureRequest.objects.get(user=person_behind(leaver).user)
    assert (request.state, request.ended_because) == ("REFUSED", "ORDERS_OPEN")
    assert leaver.post(f"orders/{number}/cancel").status_code == 200


def test_money_that_comes_after_the_account_was_closed_goes_back(leaver, settled):
    started = leaver.post("wallet/top-ups", {"amount": 5_000}).json()
    person = person_behind(leaver)
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    # A request that passed every look before the account closed, and was written right after.
    Payment.objects.filter(pk=payment.pk).update(state="CLOSED")
    leave(leaver)
    close_due_accounts(at=clock.now(), limit=100)
    Payment.objects.filter(pk=payment.pk).update(state="WAITING")
    assert User.objects.get(pk=person.user.pk).status == "CLOSED"

    leaver.confirm(started["pay_params"])
    settled()

    case = ExceptionCase.objects.get(payment=payment)
    assert (case.kind, case.state, case.amount) == ("LATE_PAYMENT", "RESOLVED", 5_000)
    assert case.refunds.get().state == "SUCCESS"
    payment.refresh_from_db()
    assert (payment.state, payment.top_up.state) == ("CLOSED", "CLOSED")


def test_money_for_a_payment_that_was_over_goes_back_though_its_payer_is_forgotten(leaver, settled):
    started = leaver.post("wallet/top-ups", {"amount": 700}).json()
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    Payment.objects.filter(pk=payment.pk).update(state="CLOSED")
    leave(leaver)
    close_due_accounts(at=clock.now(), limit=100)
    settled()

    leaver.confirm(started["pay_params"])
    settled()

    payment.refresh_from_db()
    assert payment.openid == ""
    case = ExceptionCase.objects.get(payment=payment)
    assert (case.kind, case.state) == ("LATE_PAYMENT", "RESOLVED")
