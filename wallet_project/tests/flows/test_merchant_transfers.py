"""Own money to the customer's WeChat balance: paid once, or in the wallet again, whatever goes wrong."""

import uuid
from contextlib import suppress
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction

from accounts.models import Device, RealName, User
from accounts.rules.step_up import Operation
from accounts.tests.factories import LoggedIn, grant_for, known_by_name
from payments.errors import TransferNotStoppable
from payments.gateways.wechat.client import ask as wechat
from payments.gateways.wechat.errors import WeChatUnknown
from payments.models import CallbackReceipt, ExceptionCase, MerchantTransfer, Payment, Refund
from payments.rules.transfers import FAILURES
from payments.selectors.exits import route_for
from payments.services.transfer_sending import due_transfers, push_transfer, remind_of_waiting
from payments.services.transfers import begin_transfer, stop_transfer
from payments.services.withdrawals import withdraw
from payments.tasks import query_transfers, watch_cases
from wallet.models import Journal, LedgerAccount
from wallet.rules.kinds import MoveKind
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.services.quotes import make_quote
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api
from wallet_project.pauses.tests.factories import paused
from wallet_project.sandbox.client import SandboxRefused

PATH = "/v3/fund-app"


@pytest.fixture
def owner(customer, new_phone, top_up) -> Api:
    """Known by name, with 100 yuan that WeChat refunds no more."""
    customer.bind_phone(new_phone())
    user = user_of(customer)
    user.devices.update(first_seen_at=clock.now() - timedelta(days=3))
    known_by_name(user)
    top_up(customer, 10_000)
    grow_old(customer)
    return customer


def user_of(customer: Api) -> User:
    return User.objects.get(devices__device_id=customer.device_id)


def grow_old(customer: Api) -> None:
    """Their top-ups were a year ago."""
    a_year_ago = clock.now() - timedelta(days=365)
    Payment.objects.filter(payer=user_of(customer)).update(settled_at=a_year_ago)


def ask(customer: Api, amount: int, **wish):
    quoted = customer.post("wallet/quotes", {"kind": "withdraw", "amount": amount}).json()
    return customer.post("wallet/withdrawals", {"amount": amount, "quote_id": quoted["id"], **wish})


def sent(customer: Api, amount: int = 4_000, *, payee: str = "微信零钱", way: str = "source") -> str:
    """A withdrawal, proven as its customer would; WeChat has not been asked."""
    device = Device.objects.select_related("user").get(device_id=customer.device_id)
    quote = make_quote(user_id=device.user_id, kind=MoveKind.WITHDRAW, amount=amount, facts={})
    facts = {"quote": str(quote.public_id), "payee": payee}
    grant = grant_for(
        LoggedIn(user=device.user, device=device, tokens=None),
        Operation(kind="wallet.withdraw", amount=amount, facts=facts),
    )
    return withdraw(
        user_id=device.user_id,
        device_id=device.device_id,
        amount=amount,
        quote_id=quote.public_id,
        grant=grant,
        way=way,
    ).number


def begun(customer: Api, amount: int) -> MerchantTransfer:
    """As a withdrawal begins one; WeChat has not been asked."""
    user = user_of(customer)
    now = clock.now()
    route = route_for(user.pk, amount=amount, way="source", at=now)
    wallet = open_wallet(user_id=user.pk)
    with transaction.atomic():
        return begin_transfer(user_id=user.pk, wallet_id=wallet.pk, take=route.take, now=now)


def transfer_of(number: str) -> MerchantTransfer:
    return MerchantTransfer.objects.get(withdrawal__number=number)


def shown(customer: Api, number: str) -> dict:
    return customer.get(f"wallet/withdrawals/{number}").json()


def confirm(customer: Api, number: str) -> dict:
    """What the mini-program does with what it is told."""
    told = shown(customer, number)["transfer"]["confirm"]
    return customer.sandbox.take_transfer(
        told["package"], mchId=told["mch_id"], appId=told["app_id"], openid=customer.openid
    )


def money_of(customer: Api) -> tuple[int, int]:
    wallet = customer.get("wallet").json()
    return wallet["total"], wallet["held"]


def in_clearing() -> int:
    return LedgerAccount.objects.get(code="withdrawal_clearing").balance


def later(transfer: MerchantTransfer, **ago: int) -> None:
    """As much time has passed since it was begun and asked for."""
    past = timedelta(**ago)
    MerchantTransfer.objects.filter(pk=transfer.pk).update(
        created_at=transfer.created_at - past,
        asked_at=transfer.asked_at and transfer.asked_at - past,
        reminded_at=transfer.reminded_at and transfer.reminded_at - past,
        next_query_at=clock.now(),
    )


def booked(transfer: MerchantTransfer) -> list[str]:
    return list(
        Journal.objects.filter(reference=transfer.number).order_by("pk").values_list("kind", flat=True)
    )


def test_what_wechat_refunds_no_more_is_confirmed_and_arrives(owner, sandbox, settled):
    route = owner.get("wallet/withdrawals/route", amount=4_000).json()
    assert (route["refund"], route["refund_arrival"], route["transfer"]) == (0, "", 4_000)
    assert "24 小时" in route["transfer_arrival"]

    answer = ask(owner, 4_000)
    assert (answer.status_code, answer.json()["transfer"]["confirm"]) == (201, None)
    number = answer.json()["number"]
    settled()
    waiting = shown(owner, number)
    assert (waiting["state"], waiting["transfer"]["state_name"]) == ("SENDING", "待您确认收款")
    assert owner.get("wallet/withdrawals").json()["items"][0]["awaits_confirmation"]
    assert money_of(owner) == (6_000, 0)

    assert confirm(owner, number)["result"] == "requestMerchantTransfer:ok"
    settled()

    ended, transfer = shown(owner, number), transfer_of(number)
    assert (ended["state"], ended["paid"], ended["transfer"]["confirm"]) == ("PAID", 4_000, None)
    assert booked(transfer) == ["payout", "payout_settled"]
    assert (transfer.package_sealed, transfer.learned_via) == (None, "callback")
    assert sandbox.transfer(transfer.number)["state"] == "SUCCESS"
    assert not owner.get("wallet/withdrawals").json()["items"][0]["awaits_confirmation"]
    assert owner.get("wallet/records").json()["items"][0]["kind"] == "withdrawal"


def test_what_can_go_back_goes_back_and_only_the_rest_is_transferred(owner, top_up, settled):
    top_up(owner, 2_000)

    number = sent(owner, 5_000, payee="原路退回微信，部分转入微信零钱")
    settled()
    confirm(owner, number)
    settled()

    assert list(Refund.objects.filter(withdrawal__number=number).values_list("amount", "state")) == [
        (2_000, "SUCCESS")
    ]
    assert (shown(owner, number)["paid"], transfer_of(number).amount) == (5_000, 3_000)
    assert money_of(owner) == (7_000, 0)


def test_a_licensed_wallet_sends_where_its_customer_likes_and_a_closed_loop_back_only(
    owner, top_up, settled, settings
):
    top_up(owner, 2_000)
    number = sent(owner, 1_000, way="transfer")
    settled()
    confirm(owner, number)
    settled()
    assert not Refund.objects.filter(withdrawal__number=number).exists()
    assert transfer_of(number).state == "SUCCESS"

    settings.WALLET_MODE = "closed_loop"
    assert_error(ask(owner, 1_000, way="transfer"), 403, "NOT_IN_THIS_MODE")
    number = sent(owner, 5_000, payee="原路退回微信，部分转入微信零钱")
    settled()
    assert Refund.objects.get(withdrawal__number=number).amount == 2_000
    assert transfer_of(number).amount == 3_000
    owner.post(f"wallet/withdrawals/{number}/cancel").raise_for_status()


def test_a_closed_loop_transfers_nothing_that_was_not_paid_in(owner, settings):
    wallet = open_wallet(user_id=user_of(owner).pk)
    legs = [Leg("promotion_cost", -500), Leg("principal", 500, wallet.pk)]
    post_journal(kind="top_up", key=f"gift:{uuid.uuid4().hex}", legs=legs)

    assert owner.get("wallet/withdrawals/route", amount=10_500).json()["transfer"] == 10_500
    settings.WALLET_MODE = "closed_loop"
    refused = owner.get("wallet/withdrawals/route", amount=10_001)

    assert assert_error(refused, 409, "WITHDRAWAL_NOT_COVERED") == {"available": 10_000}


def test_without_a_scene_nothing_is_transferred(owner, settings):
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": ""}

    assert assert_error(ask(owner, 1_000), 409, "WITHDRAWAL_NOT_COVERED") == {"available": 0}
    assert money_of(owner) == (10_000, 0)


def test_from_two_thousand_yuan_on_wechat_is_told_the_verified_name(
    owner, top_up, sandbox, settled, settings
):
    settings.WITHDRAWAL_REVIEW_FROM = 10**9
    top_up(owner, 150_000)
    top_up(owner, 150_000)
    grow_old(owner)
    number = sent(owner, 200_000)
    settled()

    transfer = transfer_of(number)
    assert transfer.named
    name = RealName.objects.get(user=transfer.user).evidence.opened("name")
    assert sandbox.transfer(transfer.number)["user_name"] == name
    confirm(owner, number)
    settled()
    assert shown(owner, number)["state"] == "PAID"


def test_without_a_verified_name_no_more_than_that_is_transferred(new_customer, new_phone):
    nameless = new_customer()
    nameless.bind_phone(new_phone())
    wallet = open_wallet(user_id=user_of(nameless).pk)
    legs = [Leg("promotion_cost", -200_000), Leg("principal", 200_000, wallet.pk)]
    post_journal(kind="top_up", key=f"gift:{uuid.uuid4().hex}", legs=legs)

    refused = nameless.get("wallet/withdrawals/route", amount=200_000)

    assert assert_error(refused, 409, "NAME_NEEDED") == {"from_amount": 200_000}
    assert nameless.get("wallet/withdrawals/route", amount=199_999).json()["transfer"] == 199_999


def test_it_may_fail_after_it_was_confirmed_and_the_customer_is_told_why(owner, sandbox, settled):
    sandbox.fault("transfer_fail", reason="DAY_RECEIVED_QUOTA_EXCEED")
    number = sent(owner)
    settled()
    confirm(owner, number)
    settled()

    ended = shown(owner, number)
    assert (ended["state"], ended["paid"]) == ("FAILED", 0)
    assert ended["reason"] == ended["transfer"]["reason"] == FAILURES["DAY_RECEIVED_QUOTA_EXCEED"]
    assert money_of(owner) == (10_000, 0)


SILENCES = [
    "timeout_after",
    "error_after",
    "reset_after",
    "unknown_code_after",
    "unsigned",
    "bad_signature",
    "signtest",
    "unknown_serial",
    "rate_limited",
    "error_before",
    "reset",
    "unknown_code",
]


def test_an_answer_that_says_nothing_is_asked_for_again_under_the_same_number(
    owner, sandbox, settled, monkeypatch
):
    monkeypatch.setattr("payments.gateways.wechat.client.PAUSES", (0.01, 0.01))
    monkeypatch.setattr("payments.gateways.wechat.client.BUDGET_SECONDS", 4.2)
    for kind in SILENCES:
        sandbox.fault(kind, path=PATH, times=3, seconds=1.5)
        transfer = begun(owner, 100)
        push_transfer(number=transfer.number)
        transfer.refresh_from_db()
        assert (transfer.state, transfer.last_error != "") == ("REQUESTED", True), kind

        sandbox.clear_faults()
        push_transfer(number=transfer.number)
        transfer.refresh_from_db()
        sandbox.take_transfer(transfer.package)
        sandbox.wait_for_notices()
        push_transfer(number=transfer.number)

    made = [one for one in sandbox.transfers() if one["openid"] == owner.openid]
    assert len(made) == len(SILENCES)
    assert money_of(owner) == (10_000 - 100 * len(SILENCES), 0)


def test_the_number_is_never_changed_and_never_another_one_beside_it(owner, sandbox, settled):
    number = sent(owner)
    transfer = transfer_of(number)
    MerchantTransfer.objects.filter(pk=transfer.pk).update(
        amount=4_001
    )  # somebody tampers with what is asked
    push_transfer(number=transfer.number)
    MerchantTransfer.objects.filter(pk=transfer.pk).update(amount=4_000, state="REQUESTED", bill_no=None)
    settled()

    assert transfer_of(number).number == transfer.number
    assert ExceptionCase.objects.get(number=transfer.number).kind == "TRANSFER_MISMATCH"
    sandbox.end_transfer(transfer.number, "FAIL", "OTHER_FAIL_REASON_TYPE")


def test_an_empty_merchant_account_keeps_the_money_held_until_it_is_filled(owner, sandbox, settled):
    sandbox.fault("transfer_not_enough")
    number = sent(owner)
    settled()
    transfer = transfer_of(number)
    assert (transfer.state, transfer.stopped_at) == ("REQUESTED", None)
    assert "NOT_ENOUGH" in transfer.last_error

    push_transfer(number=transfer.number)
    confirm(owner, number)
    settled()

    assert shown(owner, number)["state"] == "PAID"


def test_what_wechat_will_not_take_is_given_up_when_nothing_can_come_of_it_any_more(
    owner, sandbox, settled, settings
):
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": "1009"}  # not granted
    number = sent(owner)
    settled()
    transfer = transfer_of(number)
    assert (transfer.state, transfer.stopped_because) == ("REQUESTED", "微信未受理：INVALID_REQUEST")

    push_transfer(number=transfer.number)  # it may still be on its way
    assert transfer_of(number).state == "REQUESTED"
    assert money_of(owner) == (6_000, 0)

    later(transfer, minutes=7)
    push_transfer(number=transfer.number)
    settled()

    assert (transfer_of(number).state, shown(owner, number)["state"]) == ("REFUSED", "FAILED")
    assert money_of(owner) == (10_000, 0)
    assert sandbox.transfers(out_bill_no=transfer.number) == []


def test_who_does_not_confirm_for_a_day_has_their_money_again(owner, sandbox, settled):
    number = sent(owner)
    settled()
    transfer = transfer_of(number)
    package = sandbox.transfer(transfer.number)["package_info"]
    sandbox.leave_transfer(package)
    later(transfer, hours=21)
    remind_of_waiting(at=clock.now(), limit=100)
    remind_of_waiting(at=clock.now(), limit=100)

    sandbox.advance(24 * 3600)
    settled()

    ended = shown(owner, number)
    assert (ended["state"], ended["reason"]) == ("FAILED", "超过 24 小时未确认收款")
    assert money_of(owner) == (10_000, 0)
    waits = StoredEvent.objects.filter(
        name="payments.transfer.waits", aggregate=f"transfer:{transfer.number}"
    )
    assert waits.count() == 2
    with pytest.raises(SandboxRefused):
        sandbox.take_transfer(package)


def test_a_day_that_nobody_tells_us_of_ends_by_asking(owner, sandbox, settled):
    sandbox.misbehave("drop", times=10)
    number = sent(owner)
    settled()
    transfer = transfer_of(number)
    sandbox.advance(24 * 3600)
    later(transfer, hours=25)

    query_transfers()
    settled()

    assert (transfer_of(number).state, transfer_of(number).reason) == ("FAIL", "OVERDUE_CLOSE")
    assert money_of(owner) == (10_000, 0)


def test_the_customer_calls_it_off_before_they_confirm_and_not_after(owner, sandbox, settled):
    number = sent(owner)
    settled()
    package = shown(owner, number)["transfer"]["confirm"]["package"]

    called_off = owner.post(f"wallet/withdrawals/{number}/cancel").json()
    assert (called_off["transfer"]["state_name"], called_off["transfer"]["confirm"]) == ("取消中", None)
    settled()

    assert shown(owner, number)["state"] == "CANCELLED"
    assert money_of(owner) == (10_000, 0)
    with pytest.raises(SandboxRefused):
        sandbox.take_transfer(package)
    assert_error(owner.post(f"wallet/withdrawals/{number}/cancel"), 409, "WITHDRAWAL_NOT_IN_REVIEW")

    taken = sent(owner)
    settled()
    confirm(owner, taken)
    settled()
    assert_error(owner.post(f"wallet/withdrawals/{taken}/cancel"), 409, "WITHDRAWAL_NOT_IN_REVIEW")


def test_calling_off_what_was_confirmed_in_the_same_moment_pays(owner, sandbox, settled):
    sandbox.misbehave("drop", times=10)
    number = sent(owner)
    settled()
    confirm(owner, number)  # and we have not heard of it

    answer = owner.post(f"wallet/withdrawals/{number}/cancel").json()
    assert answer["transfer"]["state"] in {"TRANSFERING", "SUCCESS"}
    settled()
    push_transfer(number=transfer_of(number).number)
    settled()

    assert (shown(owner, number)["state"], booked(transfer_of(number))) == (
        "PAID",
        ["payout", "payout_settled"],
    )


def test_confirming_and_calling_off_at_once_ends_in_one_place(owner, sandbox, settled, in_parallel):
    for _ in range(2):
        number = sent(owner, 1_000)
        settled()
        package = shown(owner, number)["transfer"]["confirm"]["package"]

        in_parallel(
            [
                lambda package=package: sandbox.take_transfer(package),
                lambda number=number: owner.post(f"wallet/withdrawals/{number}/cancel"),
            ]
        )
        settled()
        push_transfer(number=transfer_of(number).number)
        settled()

        transfer = transfer_of(number)
        there = sandbox.transfer(transfer.number)["state"]
        assert transfer.state == there
        assert shown(owner, number)["state"] == {"SUCCESS": "PAID", "CANCELLED": "CANCELLED"}[there]


@pytest.mark.parametrize("confirmed", [True, False])
def test_callback_query_and_calling_off_reach_one_end_in_any_order(owner, sandbox, outbox, confirmed):
    """Whatever comes first: the sandbox's last word, and one booking."""
    for order in permutations(("call_off", "query", "call_back")):
        sandbox.misbehave("drop", times=50)
        transfer = begun(owner, 100)
        push_transfer(number=transfer.number)
        if confirmed:
            transfer.refresh_from_db()
            sandbox.take_transfer(transfer.package)

        steps = {
            "call_off": lambda number=transfer.number: call_off(number),
            "query": lambda number=transfer.number: push_transfer(number=number),
            "call_back": lambda number=transfer.number: call_back(sandbox, outbox, number),
        }
        for step in (*order, *order):
            steps[step]()
            sandbox.advance(1)
            sandbox.wait_for_notices()

        transfer.refresh_from_db()
        there = sandbox.transfer(transfer.number)["state"]
        assert transfer.state == there == ("SUCCESS" if confirmed else "CANCELLED"), order
        assert len(booked(transfer)) == 2, order
        assert not ExceptionCase.objects.filter(number=transfer.number).exists(), order
        sandbox.behave()


def call_off(number: str) -> None:
    with suppress(TransferNotStoppable):
        stop_transfer(number=number, because="测试")
    push_transfer(number=number)


def call_back(sandbox, outbox, number: str) -> None:
    """Every callback about it arrives, once more."""
    for notice in sandbox.notices(state="DROPPED"):
        if notice["resource"].get("out_bill_no") == number:
            sandbox.resend(notice["id"])
    outbox.deliver()


def test_a_callback_about_another_transfer_moves_nothing(owner, sandbox, settled, settings):
    number = sent(owner)
    settled()
    transfer = transfer_of(number)
    url = f"{settings.PUBLIC_URL}/api/v1/callbacks/wechat/transfers"
    said = {
        **sandbox.transfer(transfer.number),
        "state": "SUCCESS",
    }
    said = {name: said[name] for name in ("mch_id", "out_bill_no", "transfer_bill_no", "state", "openid")}
    said["transfer_amount"] = 4_000
    wrong = [
        {"out_bill_no": "D0"},
        {"transfer_amount": 4_001},
        {"openid": "oSomebodyElse"},
        {"mch_id": "1"},
        {"transfer_bill_no": "133"},
    ]
    for change in wrong:
        sandbox.forge("MCHTRANSFER.BILL.FINISHED", said | change, url, original_type="mch_payment")
    settled()

    assert transfer_of(number).state == "WAIT_USER_CONFIRM"
    kinds = ExceptionCase.objects.filter(transaction_id__in=[said["transfer_bill_no"], "133"])
    assert set(kinds.values_list("kind", flat=True)) == {"UNKNOWN_TRANSFER", "TRANSFER_MISMATCH"}
    assert money_of(owner) == (6_000, 0)
    confirm(owner, number)
    settled()
    before = ExceptionCase.objects.count()
    sandbox.forge("MCHTRANSFER.BILL.FINISHED", said | {"state": "FAIL"}, url, original_type="mch_payment")
    settled()
    assert shown(owner, number)["state"] == "PAID"
    assert CallbackReceipt.objects.latest("pk").state in {"CASE", "DONE"}
    assert ExceptionCase.objects.count() == before  # the same kind about the same bill is one case


def test_between_the_commit_and_the_call_nothing_is_lost(owner, sandbox, outbox, settled, monkeypatch):
    monkeypatch.setattr("payments.tasks.transfer_sending.push_transfer", lambda **_: None)  # it died
    number = sent(owner)
    settled()
    monkeypatch.undo()
    transfer = transfer_of(number)
    assert (transfer.state, transfer.asked_at) == ("REQUESTED", None)
    assert sandbox.transfers(out_bill_no=transfer.number) == []

    later(transfer, seconds=10)
    query_transfers()
    confirm(owner, number)
    settled()

    assert shown(owner, number)["state"] == "PAID"
    assert booked(transfer) == ["payout", "payout_settled"]


def test_the_package_of_a_lost_answer_is_told_again(owner, sandbox, settled):
    sandbox.fault("reset_after", path=PATH, times=1)
    number = sent(owner)
    settled()
    push_transfer(number=transfer_of(number).number)

    assert confirm(owner, number)["state"] == "TRANSFERING"


def test_one_that_is_stuck_becomes_a_case_until_wechat_says_how_it_ended(owner, sandbox, settled):
    sandbox.fault("transfer_stuck")
    number = sent(owner)
    settled()
    confirm(owner, number)
    transfer = transfer_of(number)
    push_transfer(number=transfer.number)
    later(transfer, hours=25)
    watch_cases()
    case = ExceptionCase.objects.get(kind="TRANSFER_UNDECIDED", transaction_id=transfer.number)
    assert (case.amount, case.state, transfer_of(number).state) == (0, "OPEN", "TRANSFERING")

    later(transfer, days=31)
    query_transfers()
    assert transfer.number not in due_transfers(at=clock.now() + timedelta(days=9), limit=100)
    assert money_of(owner) == (6_000, 0)

    sandbox.end_transfer(transfer.number)  # the callback comes after all
    settled()
    assert shown(owner, number)["state"] == "PAID"
    case.refresh_from_db()
    assert case.state == "RESOLVED"


def test_while_all_money_stands_still_wechat_is_asked_for_none(owner, sandbox, settled):
    transfer = begun(owner, 1_000)
    with paused():
        settled()
        assert sandbox.transfers(out_bill_no=transfer.number) == []

    push_transfer(number=transfer.number)
    transfer.refresh_from_db()
    assert transfer.state == "WAIT_USER_CONFIRM"
    stop_transfer(number=transfer.number, because="测试结束")


def test_what_was_never_sent_because_wechat_rests_ends_as_soon_as_it_is_called_off(owner, sandbox, settings):
    settings.CIRCUIT_FAILURES = 3
    sandbox.fault("error_before", path=f"{PATH}/mch-transfer/transfer-bills$", times=3)
    with pytest.raises(WeChatUnknown):
        wechat("POST", f"{PATH}/mch-transfer/transfer-bills", {})  # three tries, and it is left alone
    known = len(sandbox.transfers())
    transfer = begun(owner, 2_000)

    push_transfer(number=transfer.number)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.asked_at) == ("REQUESTED", None)
    assert len(sandbox.transfers()) == known
    stop_transfer(number=transfer.number, because="顾客撤销")
    push_transfer(number=transfer.number)
    transfer.refresh_from_db()
    assert transfer.state == "REFUSED"
