"""Own money out, at the fee that was promised, and back where WeChat does not do it."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import StaffProfile, User
from accounts.tests.factories import known_by_name
from payments.models import Payment, Refund, RiskCase, RiskRule
from payments.selectors.risk_rules import forget_rules
from payments.services.risk_cases import confirm, let_go
from payments.services.withdrawals import send_approved
from payments.tests.factories import risk_rule
from wallet.models import LedgerAccount, LimitUsage, Withdrawal
from wallet.services.freezes import freeze_wallet
from wallet.services.wallets import open_wallet
from wallet.services.withdrawals import approve_withdrawal, reject_withdrawal
from wallet_project.approvals.errors import OwnProposal
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api


@pytest.fixture
def owner(customer, new_phone) -> Api:
    customer.bind_phone(new_phone())
    known(customer)
    return customer


def known(customer: Api) -> None:
    """Known by name, so that they may move larger sums; their device has been with them for days."""
    user = User.objects.get(devices__device_id=customer.device_id)
    user.devices.update(first_seen_at=clock.now() - timedelta(days=3))
    known_by_name(user)


def reviewer() -> User:
    return User.objects.create(username=f"reviewer{uuid.uuid4().hex[:8]}", is_staff=True)


def quote(customer: Api, amount: int) -> dict:
    answer = customer.post("wallet/quotes", {"kind": "withdraw", "amount": amount})
    assert answer.status_code == 201, answer.text
    return answer.json()


def withdraw(customer: Api, amount: int, **more):
    quoted = quote(customer, amount)
    return customer.post("wallet/withdrawals", {"amount": amount, "quote_id": quoted["id"]}, **more)


def asked(answer) -> str:
    assert answer.status_code == 201, answer.text
    return answer.json()["number"]


def money_of(customer: Api) -> tuple[int, int]:
    wallet = customer.get("wallet").json()
    return wallet["total"], wallet["held"]


def fees() -> int:
    return sum(LedgerAccount.objects.filter(code="fee_income").values_list("balance", flat=True))


def test_money_goes_back_to_the_oldest_top_ups_first(owner, top_up, settled):
    top_up(owner, 3_000)
    top_up(owner, 2_000)

    answer = withdraw(owner, 4_000)
    settled()

    assert answer.status_code == 201, answer.text
    found = owner.get(f"wallet/withdrawals/{answer.json()['number']}").json()
    assert (found["state"], found["paid"], found["fee_paid"]) == ("PAID", 4_000, 0)
    refunds = Refund.objects.filter(withdrawal__number=found["number"]).order_by("pk")
    assert list(refunds.values_list("amount", flat=True)) == [3_000, 1_000]
    assert money_of(owner) == (1_000, 0)
    kinds = [(item["kind"], item["amount"]) for item in owner.get("wallet/records").json()["items"][:2]]
    assert kinds == [("withdrawal", 1_000), ("withdrawal", 3_000)]


def test_above_the_free_quota_the_quoted_fee_is_kept_when_it_arrives(owner, top_up, settled):
    top_up(owner, 99_000)
    top_up(owner, 99_000)
    withdraw(owner, 99_000).raise_for_status()
    settled()
    before = fees()

    quoted = quote(owner, 90_000)
    assert quoted["fee"] == 89  # of 900.00 the free quota covers 10.00; 0.1 % of the rest
    wish = {"amount": 90_000, "quote_id": quoted["id"]}
    answer = owner.post("wallet/withdrawals", wish)
    assert answer.status_code == 201, answer.text
    assert money_of(owner)[1] == 89
    settled()

    assert fees() - before == 89
    assert money_of(owner) == (99_000 - 90_000 - 89, 0)


def test_what_wechat_does_not_do_is_in_the_wallet_again_without_a_fee(owner, top_up, sandbox, settled):
    top_up(owner, 5_000)
    sandbox.fault("refund_closed")

    number = withdraw(owner, 4_000).json()["number"]
    settled()

    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "FAILED"
    assert money_of(owner) == (5_000, 0)
    sandbox.clear_faults()
    assert withdraw(owner, 4_000).status_code == 201


def test_of_one_that_is_partly_paid_the_rest_is_free_again_and_off_the_limits(
    owner, top_up, sandbox, settled
):
    top_up(owner, 3_000)
    top_up(owner, 2_000)
    sandbox.fault("refund_closed")  # of two parts, one

    number = asked(withdraw(owner, 4_000))
    settled()

    found = owner.get(f"wallet/withdrawals/{number}").json()
    assert (found["state"], found["paid"]) == ("PAID", 1_000)
    assert money_of(owner) == (4_000, 0)
    user = User.objects.get(devices__device_id=owner.device_id)
    used = LimitUsage.objects.get(user=user, move="withdraw")
    assert (used.times, used.day_amount, used.lifetime_amount) == (1, 1_000, 1_000)


def test_a_large_one_waits_for_a_person_with_its_money_held(owner, top_up, settled, outbox):
    top_up(owner, 150_000)

    number = asked(withdraw(owner, 120_000))
    settled()
    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "REVIEW"
    assert money_of(owner)[1] >= 120_000

    approve_withdrawal(number=number, reviewer_id=reviewer().pk, note="充值记录核对一致")
    settled()

    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "PAID"
    with pytest.raises(StateConflict):
        approve_withdrawal(number=number, reviewer_id=reviewer().pk, note="再来一次")
    send_approved(number=number)
    assert Refund.objects.filter(withdrawal__number=number).count() == 1


def test_nobody_lets_their_own_money_out(owner, top_up):
    top_up(owner, 150_000)
    number = asked(withdraw(owner, 120_000))
    person = reviewer()
    StaffProfile.objects.create(
        user=person,
        employee_no=uuid.uuid4().hex[:8],
        password_changed_at=clock.now(),
        sessions_from=clock.now(),
        customer=User.objects.get(devices__device_id=owner.device_id),
    )

    with pytest.raises(OwnProposal):
        approve_withdrawal(number=number, reviewer_id=person.pk, note="是我自己")

    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "REVIEW"
    assert money_of(owner)[1] >= 120_000


def test_a_reviewer_says_no_and_why(owner, top_up):
    top_up(owner, 150_000)
    number = asked(withdraw(owner, 120_000))

    reject_withdrawal(number=number, reviewer_id=reviewer().pk, reason="请先联系客服核实身份")

    found = owner.get(f"wallet/withdrawals/{number}").json()
    assert (found["state"], found["reason"]) == ("REJECTED", "请先联系客服核实身份")
    assert money_of(owner) == (150_000, 0)


def test_the_customer_calls_it_off_while_it_waits_and_not_after(owner, top_up, settled):
    top_up(owner, 150_000)
    number = asked(withdraw(owner, 120_000))

    assert owner.post(f"wallet/withdrawals/{number}/cancel").json()["state"] == "CANCELLED"
    assert money_of(owner) == (150_000, 0)
    assert_error(owner.post(f"wallet/withdrawals/{number}/cancel"), 409, "WITHDRAWAL_NOT_IN_REVIEW")

    small = withdraw(owner, 1_000).json()["number"]
    assert_error(owner.post(f"wallet/withdrawals/{small}/cancel"), 409, "WITHDRAWAL_NOT_IN_REVIEW")


def test_approved_but_not_covered_any_more_it_returns_to_review(owner, top_up, settled, settings):
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": ""}
    top_up(owner, 150_000)
    number = asked(withdraw(owner, 120_000))
    Payment.objects.filter(payer__devices__device_id=owner.device_id).update(
        settled_at=clock.now() - timedelta(days=365)
    )

    approve_withdrawal(number=number, reviewer_id=reviewer().pk, note="充值记录核对一致")
    settled()

    found = Withdrawal.objects.get(number=number)
    assert (found.state, bool(found.reason)) == ("REVIEW", True)
    assert money_of(owner)[1] >= 120_000


def test_what_did_not_come_from_wechat_cannot_go_there_without_transfers(owner, top_up, settings):
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": ""}
    top_up(owner, 5_000)
    Payment.objects.filter(payer__devices__device_id=owner.device_id).update(
        settled_at=clock.now() - timedelta(days=365)
    )

    detail = assert_error(withdraw(owner, 1_000), 409, "WITHDRAWAL_NOT_COVERED")

    assert detail == {"available": 0}
    assert money_of(owner) == (5_000, 0)


def test_a_quote_is_for_one_amount_one_person_and_one_time(owner, new_customer, new_phone, top_up, settled):
    stranger = new_customer()
    stranger.bind_phone(new_phone())
    top_up(owner, 5_000)
    quoted = quote(owner, 1_000)["id"]

    other_amount = owner.post("wallet/withdrawals", {"amount": 1_001, "quote_id": quoted})
    assert_error(other_amount, 409, "QUOTE_NOT_VALID")
    assert owner.post("wallet/withdrawals", {"amount": 1_000, "quote_id": quoted}).status_code == 201
    settled()
    again = owner.post("wallet/withdrawals", {"amount": 1_000, "quote_id": quoted})
    assert_error(again, 409, "QUOTE_USED")
    assert money_of(owner) == (4_000, 0)


def test_a_repeated_request_is_one_withdrawal(owner, top_up, settled):
    top_up(owner, 5_000)
    wish = {"amount": 1_000, "quote_id": quote(owner, 1_000)["id"]}

    first = owner.post("wallet/withdrawals", wish, key="withdraw-once")
    second = owner.post("wallet/withdrawals", wish, key="withdraw-once")
    settled()

    assert (first.status_code, first.content) == (201, second.content)
    assert money_of(owner) == (4_000, 0)


def test_many_at_once_never_take_out_more_than_there_is(owner, top_up, settled, in_parallel):
    top_up(owner, 1_000)
    quotes = []
    for _ in range(5):
        wish = {"amount": 600, "quote_id": quote(owner, 600)["id"]}
        quotes.append((wish, owner.grant_for("wallet/withdrawals", wish)))

    answers = in_parallel(
        [lambda w=wish, g=grant: owner.post("wallet/withdrawals", w, grant=g) for wish, grant in quotes]
    )
    settled()

    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert money_of(owner)[0] in (400, 1_000 - 600)
    assert Withdrawal.objects.filter(wallet__user__devices__device_id=owner.device_id).count() == 1


def test_a_frozen_wallet_lets_nothing_out(owner, top_up):
    top_up(owner, 5_000)
    user = User.objects.get(devices__device_id=owner.device_id)
    freeze_wallet(wallet_id=open_wallet(user_id=user.pk).pk, reason="调查中")

    assert withdraw(owner, 1_000).status_code == 403
    assert money_of(owner) == (5_000, 0)


def test_somebody_elses_withdrawal_looks_like_none(owner, new_customer, top_up, settled):
    top_up(owner, 5_000)
    number = withdraw(owner, 1_000).json()["number"]
    stranger = new_customer()

    assert_error(stranger.get(f"wallet/withdrawals/{number}"), 404, "NOT_FOUND")
    assert_error(stranger.post(f"wallet/withdrawals/{number}/cancel"), 404, "NOT_FOUND")
    assert stranger.get("wallet/withdrawals").json()["items"] == []
    assert [item["number"] for item in owner.get("wallet/withdrawals").json()["items"]] == [number]


@pytest.fixture
def strange_amount(committed_db):
    """Whoever withdraws exactly this much is looked at."""
    amount = 1_321
    rule = risk_rule(
        f"strange-{uuid.uuid4().hex}",
        operations="wallet.withdraw",
        expression=f"amount == {amount}",
        action="HOLD",
    )
    yield amount
    RiskRule.objects.filter(pk=rule.pk).update(state="RETIRED")
    forget_rules()


def test_a_withdrawal_that_looks_strange_waits_and_goes_on_when_it_was_nothing(
    owner, top_up, settled, strange_amount
):
    top_up(owner, 3_000)

    number = asked(withdraw(owner, strange_amount))
    waiting = owner.get(f"wallet/withdrawals/{number}").json()
    held = money_of(owner)
    case = RiskCase.objects.get(reference=number)
    let_go(number=case.number, staff_id=reviewer().pk, conclusion="本人操作")
    settled()

    assert (waiting["state"], waiting["reason"]) == ("REVIEW", "")
    assert held == (3_000, strange_amount)
    assert case.hold is None  # the withdrawal holds it itself
    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "PAID"
    assert money_of(owner) == (3_000 - strange_amount, 0)


def test_two_strange_withdrawals_are_two_cases(owner, top_up, settled, strange_amount):
    top_up(owner, 3_000)
    numbers = [asked(withdraw(owner, strange_amount)) for _ in range(2)]

    for number in numbers:
        case = RiskCase.objects.get(reference=number)
        confirm(number=case.number, staff_id=reviewer().pk, conclusion="盗号", freeze=None)
    settled()

    assert {owner.get(f"wallet/withdrawals/{number}").json()["state"] for number in numbers} == {"REJECTED"}
    assert money_of(owner) == (3_000, 0)


def test_a_withdrawal_that_is_what_it_looks_like_is_refused(owner, top_up, settled, strange_amount):
    top_up(owner, 3_000)
    number = asked(withdraw(owner, strange_amount))

    case = RiskCase.objects.get(reference=number)
    confirm(number=case.number, staff_id=reviewer().pk, conclusion="盗号", freeze=None)
    settled()

    assert owner.get(f"wallet/withdrawals/{number}").json()["state"] == "REJECTED"
    assert money_of(owner) == (3_000, 0)
    assert not Refund.objects.filter(withdrawal__number=number).exists()
