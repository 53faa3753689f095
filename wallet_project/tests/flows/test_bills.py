"""Bills are paid, fail, come back; unknown is a state, held until there is proof."""

import threading
import uuid
from datetime import timedelta

import pytest
import requests
from django.db import connections, transaction
from django.test import Client

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import with_level
from payments.errors import PayeeInUse
from payments.models import BillPayment, CallbackReceipt, ExceptionCase, RejectedCallback
from payments.selectors.closures import closure_blockers
from payments.services.bill_sending import due_bills, push_bill
from payments.services.payees import forget_account, forget_payees_of
from payments.tasks import query_bills
from payments.tests.factories import NAMES, biller, new_card_number
from wallet.models import Journal, LimitUsage, Quote, Record
from wallet.rules.postings import grant_legs
from wallet.services.ledger import post_journal
from wallet.services.wallets import close_wallet, open_wallet
from wallet.tests.factories import make_schedule
from wallet_project.kit import clock
from wallet_project.kit.models import IdempotencyKey, StoredEvent
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.committed

PAY = "/billers/v1/payments$"
ASK = "/billers/v1/payments/.+"


@pytest.fixture(autouse=True)
def _billers(committed_db):
    for code in NAMES:
        biller(code)


@pytest.fixture
def payer(customer, top_up):
    """A customer whose name is known, with 1,000.00 yuan of their own."""
    with_level(user_of(customer), KycLevel.II)
    top_up(customer, 1_000_00)
    return customer


@pytest.fixture
def fee(committed_db):
    """From now on a bill costs 30 fen, and nothing when this is over."""
    make_schedule("bill", flat=30)
    yield 30
    make_schedule("bill")


@pytest.fixture
def power(payer, sandbox):
    """Somebody's account at the power station, asked about: the payee."""
    return ask_about(payer, sandbox, "power", due=56_80)


def user_of(customer):
    return User.objects.get(wechat_identities__openid=customer.openid)


def ask_about(customer, sandbox, code, **owed):
    account = f"{uuid.uuid4().int % 10**10:010d}"
    sandbox.bill_account(code, account, **owed)
    asked = customer.post("bill-queries", {"biller": code, "account": account})
    assert asked.status_code == 200, asked.text
    return asked.json()["payee"]


def wish_for(customer, payee, amount=56_80):
    quoted = customer.post("wallet/quotes", {"kind": "bill", "amount": amount, "payee": payee})
    assert quoted.status_code == 201, quoted.text
    return {"payee": payee, "amount": amount, "quote_id": quoted.json()["id"]}


def pay(customer, payee, amount=56_80, **how):
    answer = customer.post("bill-payments", wish_for(customer, payee, amount), **how)
    assert answer.status_code == 201, answer.text
    return answer.json()


def shown(customer, bill):
    return customer.get(f"bill-payments/{bill['number']}").json()


def money_of(customer):
    wallet = customer.get("wallet").json()
    return wallet["available"], wallet["held"]


def make_due(bill):
    BillPayment.objects.filter(number=bill["number"]).update(next_query_at=clock.now())


def nothing_moved(customer):
    assert money_of(customer) == (1_000_00, 0)
    assert not BillPayment.objects.filter(user=user_of(customer)).exists()
    assert not Record.objects.filter(wallet__user=user_of(customer), kind="bill").exists()


def test_a_bill_is_paid_with_its_fee_and_told_by_the_platform(payer, power, sandbox, settled, fee):
    bill = pay(payer, power)

    assert (bill["state"], bill["amount"], bill["fee"], bill["total"]) == ("SENT", 56_80, 30, 57_10)
    assert money_of(payer) == (1_000_00 - 57_10, 57_10)
    settled()

    paid = shown(payer, bill)
    assert (paid["state"], paid["state_name"], paid["failure"]) == ("SUCCEEDED", "缴费成功", "")
    assert money_of(payer) == (1_000_00 - 57_10, 0)
    record = Record.objects.get(reference=bill["number"])
    assert (record.kind, record.amount, record.fee, record.title) == ("bill", 57_10, 30, "电费")
    assert (record.counterparty, record.counterparty_name) == ("biller:power", bill["name"])
    legs = {entry.account.code: entry.amount for entry in record.journal.entries.select_related("account")}
    assert legs == {"principal": -57_10, "biller_clearing": 56_80, "fee_income": 30}
    assert sandbox.bill(bill["number"])["amount"] == 56_80
    assert [item["number"] for item in payer.get("bill-payments").json()["items"]] == [bill["number"]]
    told = StoredEvent.objects.filter(aggregate=f"bill:{bill['number']}").values_list("name", flat=True)
    assert list(told) == ["payments.bill.paid"]


def test_a_card_is_repaid_by_its_token(payer, sandbox, settled):
    wish = {"biller": "card", "card_number": new_card_number(), "holder": "张伟"}
    card = payer.post("cards", wish).json()

    bill = pay(payer, card["id"], 100_00)
    settled()

    assert shown(payer, bill)["state"] == "SUCCEEDED"
    assert shown(payer, bill)["name"] == f"招商银行 尾号 {card['last_four']}"
    assert payer.post("bill-queries", {"payee": card["id"]}).json()["due"] == 1_234_56 - 100_00
    assert Record.objects.get(reference=bill["number"]).title == "信用卡还款"


def test_given_money_pays_no_bill(payer, power):
    """Only own money leaves the house."""
    wallet = open_wallet(user_id=user_of(payer).pk)
    given = grant_legs(wallet_id=wallet.pk, code="bonus", amount=500_00)
    post_journal(kind="grant", key=f"test:{uuid.uuid4()}", legs=given)
    wish = wish_for(payer, power, 1_000_01)

    refused = payer.post("bill-payments", wish)

    assert assert_error(refused, 409, "INSUFFICIENT_BALANCE") == {"needed": 1_000_01, "available": 1_000_00}
    assert money_of(payer) == (1_500_00, 0)
    assert not BillPayment.objects.filter(user=user_of(payer)).exists()


@pytest.mark.parametrize("fault", ["bill_failed", "amount"])
def test_what_fails_gives_everything_back(payer, sandbox, settled, fee, fault):
    payee = ask_about(payer, sandbox, "water", due=31_20)
    if fault == "bill_failed":
        sandbox.fault(fault)
    before = list(LimitUsage.objects.filter(user=user_of(payer)).values("move", "day_amount", "times"))

    bill = pay(payer, payee, 31_20 if fault == "bill_failed" else 31_19)
    settled()

    failed = shown(payer, bill)
    words = {"bill_failed": "收费单位未受理", "amount": "账单金额已变化，请重新查询"}
    assert (failed["state"], failed["failure"]) == ("FAILED", words[fault])
    assert money_of(payer) == (1_000_00, 0)
    assert not Record.objects.filter(reference=bill["number"]).exists()
    assert Quote.objects.get(pk=BillPayment.objects.get(number=bill["number"]).quote_id).state == "RETURNED"
    after = LimitUsage.objects.filter(user=user_of(payer), move="bill")
    assert sum(usage.day_amount for usage in after) == sum(
        usage["day_amount"] for usage in before if usage["move"] == "bill"
    )
    assert sandbox.bill(bill["number"])["state"] == "FAILED"


def test_what_comes_back_days_later_is_the_customers_again_fee_and_all(payer, power, sandbox, settled, fee):
    sandbox.fault("bill_reversed")
    bill = pay(payer, power)
    settled()
    assert shown(payer, bill)["state"] == "SUCCEEDED"

    sandbox.advance(2 * 86_400)
    settled()

    back = shown(payer, bill)
    assert (back["state"], back["state_name"]) == ("REVERSED", "收费单位已退回")
    assert back["returned_at"]
    assert money_of(payer) == (1_000_00, 0)
    payment = BillPayment.objects.get(number=bill["number"])
    assert payment.return_journal.restores_id == payment.journal_id
    newest = payer.get("wallet/records").json()["items"][0]
    assert (newest["kind"], newest["amount"], newest["title"]) == ("bill_returned", 57_10, "电费退回")


def test_a_lost_return_is_found_by_looking_again(payer, power, sandbox, settled):
    bill = pay(payer, power)
    settled()
    payment = BillPayment.objects.get(number=bill["number"])
    assert payment.next_query_at - payment.finished_at == timedelta(days=1)
    sandbox.misbehave("drop")
    sandbox.end_bill(bill["number"], "REVERSED", reason="BILLER_RETURNED")
    settled()
    assert shown(payer, bill)["state"] == "SUCCEEDED"

    make_due(bill)
    query_bills()

    assert shown(payer, bill)["state"] == "REVERSED"
    assert money_of(payer) == (1_000_00, 0)


def test_a_paid_bill_is_looked_at_for_a_month_and_no_longer(payer, power, settled):
    bill = pay(payer, power)
    settled()
    payment = BillPayment.objects.get(number=bill["number"])
    turns = []

    while (turn := payment.next_query_at) is not None:
        turns.append((turn - payment.finished_at).days)
        assert bill["number"] in due_bills(at=turn, limit=10_000)
        payment.refresh_from_db()

    assert turns == [1, 3, 7, 15, 30]


@pytest.mark.parametrize(
    "kind",
    ["error_before", "error_after", "unsigned", "bad_signature", "reset", "reset_after", "rate_limited"],
)
def test_without_a_clear_answer_the_money_stays_held_until_a_query_knows(
    payer, power, sandbox, settled, kind
):
    sandbox.fault(kind, path=PAY)
    sandbox.misbehave("drop")

    bill = pay(payer, power)

    assert (bill["state"], bill["state_name"]) == ("UNSURE", "结果确认中")
    assert BillPayment.objects.get(number=bill["number"]).last_error
    assert money_of(payer) == (1_000_00 - 56_80, 56_80)
    for _ in range(2):  # once to be heard of, once to hear how it ended
        make_due(bill)
        query_bills()
        settled()
    make_due(bill)
    query_bills()

    assert shown(payer, bill)["state"] == "SUCCEEDED"
    assert money_of(payer) == (1_000_00 - 56_80, 0)
    assert [one["number"] for one in sandbox.bills(number=bill["number"])] == [bill["number"]]


def test_a_platform_that_never_answers_gets_nothing_and_gives_nothing_back(payer, power, sandbox, settled):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)

    for _ in range(4):
        make_due(bill)
        query_bills()
        settled()

    assert shown(payer, bill)["state"] == "SENT"
    assert money_of(payer) == (1_000_00 - 56_80, 56_80)
    sandbox.end_bill(bill["number"], "SUCCESS")
    settled()
    assert shown(payer, bill)["state"] == "SUCCEEDED"


def test_a_request_that_arrives_after_we_asked_pays_once(payer, power, sandbox, settled):
    sandbox.fault("bill_unheard")
    bill = pay(payer, power)
    assert bill["state"] == "UNSURE"
    sandbox.fault("error_before", path=PAY)  # it is asked about, unknown, and sending it again fails, too
    make_due(bill)
    query_bills()
    assert shown(payer, bill)["state"] == "UNSURE"

    sandbox.deliver_bill(bill["number"])
    settled()

    assert shown(payer, bill)["state"] == "SUCCEEDED"
    assert money_of(payer) == (1_000_00 - 56_80, 0)


def test_what_is_refused_later_is_not_proof(payer, power, sandbox, settled, settings):
    """The first request may be on its way: only the platform's FAILED gives the money back."""
    sandbox.fault("bill_unheard")
    bill = pay(payer, power)
    right = settings.BILLERS["key_id"]
    settings.BILLERS["key_id"] = "nobody"  # whatever we ask now is refused
    try:
        push_bill(number=bill["number"])
    finally:
        settings.BILLERS["key_id"] = right

    assert shown(payer, bill)["state"] == "UNSURE"
    assert money_of(payer) == (1_000_00 - 56_80, 56_80)
    sandbox.deliver_bill(bill["number"])
    settled()
    assert shown(payer, bill)["state"] == "SUCCEEDED"


def test_the_only_request_refused_is_proof(payer, power, sandbox, settings):
    right = settings.BILLERS["key_id"]
    wish = wish_for(payer, power)
    settings.BILLERS["key_id"] = "nobody"
    try:
        refused = payer.post("bill-payments", wish).json()
    finally:
        settings.BILLERS["key_id"] = right

    assert (refused["state"], refused["failure"]) == ("FAILED", "收费单位未受理")
    assert money_of(payer) == (1_000_00, 0)
    with pytest.raises(LookupError):
        sandbox.bill(refused["number"])


# callbacks


@pytest.mark.parametrize("mode", ["duplicate", "reorder", "stale", "tampered", "signtest", "wrong_serial"])
def test_a_callback_that_misbehaves_pays_once_in_the_end(payer, power, sandbox, settled, mode):
    sandbox.misbehave(mode)

    bill = pay(payer, power)
    settled()
    make_due(bill)
    query_bills()

    assert shown(payer, bill)["state"] == "SUCCEEDED"
    assert Journal.objects.filter(reference=bill["number"]).count() == 1
    assert money_of(payer) == (1_000_00 - 56_80, 0)


def test_twenty_callbacks_and_queries_at_once_book_once(payer, power, sandbox, settled, in_parallel):
    sandbox.misbehave("drop")
    bill = pay(payer, power)
    settled()
    [notice] = [one["id"] for one in sandbox.notices() if one["resource"].get("number") == bill["number"]]

    in_parallel(
        [
            *[lambda: sandbox.resend(notice)] * 10,
            *[lambda: push_bill(number=bill["number"])] * 10,
        ]
    )
    settled()

    assert shown(payer, bill)["state"] == "SUCCEEDED"
    assert Journal.objects.filter(reference=bill["number"]).count() == 1
    assert Record.objects.filter(reference=bill["number"]).count() == 1


def test_a_late_success_after_a_return_changes_nothing(payer, power, sandbox, settled):
    bill = pay(payer, power)
    settled()
    sandbox.end_bill(bill["number"], "REVERSED")
    settled()
    success = next(
        one
        for one in sandbox.notices(event_type="payment.succeeded")
        if one["resource"]["number"] == bill["number"]
    )

    again = sandbox.forge(
        "payment.succeeded", success["resource"], success["notify_url"], original_type="bill"
    )
    settled()

    assert again["attempts"][0]["status"] == 204
    assert shown(payer, bill)["state"] == "REVERSED"
    assert money_of(payer) == (1_000_00, 0)


def forged(sandbox, bill, code="power", web_server="", **changed):
    """Signed by the platform, with whatever it says; what came of it."""
    said = {
        "number": bill["number"],
        "payment_id": f"BP{uuid.uuid4().hex}",
        "biller": "power",
        "amount": 56_80,
        "state": "SUCCESS",
        "reason": "",
        **changed,
    }
    url = f"{web_server}/api/v1/callbacks/billers/{code}"
    return sandbox.forge("payment.succeeded", said, url, original_type="bill")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"amount": 1}, "BILL_MISMATCH"),
        ({"biller": "water"}, "BILL_MISMATCH"),
        ({"payment_id": "BP-another"}, "BILL_MISMATCH"),
        ({"number": "B2611212015301237Q4K0M2Z9XWDF"}, "UNKNOWN_BILL"),
        ({"state": "PAID"}, "UNREADABLE_NOTICE"),
        ({"amount": "5680"}, "UNREADABLE_NOTICE"),
        ({"amount": -1}, "UNREADABLE_NOTICE"),
        ({"number": None}, "UNREADABLE_NOTICE"),
    ],
)
def test_what_the_platform_says_and_does_not_fit_is_kept_and_moves_nothing(
    payer, power, sandbox, settled, web_server, changed, kind
):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)

    sent = forged(sandbox, bill, web_server=web_server, **changed)
    settled()

    assert sent["attempts"][0]["status"] == 204
    receipt = CallbackReceipt.objects.get(source="billers", notice_id=sent["event_id"])
    assert receipt.state == "CASE"
    case = ExceptionCase.objects.filter(kind=kind).latest("pk")
    assert case.amount == 0
    assert shown(payer, bill)["state"] == "SENT"
    assert money_of(payer) == (1_000_00 - 56_80, 56_80)
    sandbox.end_bill(bill["number"], "FAILED")
    settled()
    assert shown(payer, bill)["state"] == "FAILED"


@pytest.mark.parametrize(
    ("first", "then"), [("FAILED", "SUCCESS"), ("FAILED", "REVERSED"), ("SUCCESS", "FAILED")]
)
def test_a_platform_that_contradicts_itself_is_not_believed(
    payer, power, sandbox, settled, web_server, first, then
):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)
    sandbox.end_bill(bill["number"], first)
    settled()
    before = money_of(payer)
    payment_id = BillPayment.objects.get(number=bill["number"]).payment_id

    forged(sandbox, bill, web_server=web_server, payment_id=payment_id, state=then)
    settled()

    assert money_of(payer) == before
    case = ExceptionCase.objects.get(kind="BILL_MISMATCH", transaction_id=payment_id)
    assert (case.number, case.evidence["state"]) == (bill["number"], then)


def test_what_is_not_the_platforms_is_turned_away_and_only_counted(payer, power, sandbox, web_server):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)
    before = CallbackReceipt.objects.count()
    address = f"{web_server}/api/v1/callbacks/billers/power"
    said = {"id": "EV-1", "type": "payment.succeeded", "payment": {"number": bill["number"]}}

    bare = requests.post(address, json=said, timeout=5)
    headers = {
        "Biller-Key": sandbox.credentials["appid"],
        "Biller-Timestamp": str(int(clock.now().timestamp())),
        "Biller-Nonce": "n" * 32,
        "Biller-Signature": "0" * 64,
    }
    signed = requests.post(address, json=said, headers=headers, timeout=5)

    assert_error(bare, 401, "INVALID_CALLBACK")
    assert_error(signed, 401, "INVALID_CALLBACK")
    assert CallbackReceipt.objects.count() == before
    assert RejectedCallback.objects.filter(reason="billers: signature").exists()
    assert shown(payer, bill)["state"] == "SENT"
    sandbox.end_bill(bill["number"], "FAILED")


def test_a_callback_for_one_biller_is_none_for_another(payer, power, sandbox, settled, web_server):
    """The address is part of what is signed; somebody who redirects one changes nothing."""
    sandbox.misbehave("drop")
    bill = pay(payer, power)
    settled()
    [notice] = [one for one in sandbox.notices() if one["resource"].get("number") == bill["number"]]
    url = f"{web_server}/api/v1/callbacks/billers/water"
    sent = sandbox.forge("payment.succeeded", notice["resource"], url, original_type="bill")
    settled()

    assert sent["attempts"][0]["status"] == 204  # signed for that address, about a bill of ours
    assert shown(payer, bill)["state"] == "SUCCEEDED"


# many at once, and again


def test_twenty_confirmations_of_one_quote_pay_once(payer, power, sandbox, settled, in_parallel):
    wish = wish_for(payer, power)
    grants = [payer.grant_for("bill-payments", wish) for _ in range(20)]

    answers = in_parallel(
        [lambda grant=grant: payer.post("bill-payments", wish, grant=grant) for grant in grants]
    )
    settled()

    outcomes = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert outcomes.count((201, None)) == 1
    assert set(outcomes) <= {(201, None), (409, "QUOTE_USED")}
    assert money_of(payer) == (1_000_00 - 56_80, 0)
    assert BillPayment.objects.filter(user=user_of(payer)).count() == 1


def test_the_same_request_twenty_times_is_one_payment_and_one_answer(payer, power, settled, in_parallel):
    wish = wish_for(payer, power)
    grant = payer.grant_for("bill-payments", wish)

    answers = in_parallel(
        [lambda: payer.post("bill-payments", wish, key="one-intention-of-mine", grant=grant)] * 20
    )
    settled()

    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert BillPayment.objects.filter(user=user_of(payer)).count() == 1


def test_many_bills_out_of_a_balance_that_covers_some(customer, top_up, sandbox, settled, in_parallel):
    with_level(user_of(customer), KycLevel.II)
    top_up(customer, 300_00)
    wishes = [wish_for(customer, ask_about(customer, sandbox, "power", due=1), 90_00) for _ in range(6)]
    grants = [customer.grant_for("bill-payments", wish) for wish in wishes]

    answers = in_parallel(
        [
            lambda wish=wish, grant=grant: customer.post("bill-payments", wish, grant=grant)
            for wish, grant in zip(wishes, grants, strict=True)
        ]
    )
    settled()

    outcomes = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert outcomes.count((201, None)) == outcomes.count((409, "INSUFFICIENT_BALANCE")) == 3
    assert money_of(customer) == (30_00, 0)


def test_a_payment_that_died_and_never_came_back_is_carried_out(payer, power, sandbox, settled):
    """It was confirmed; the sweep sends it."""
    sandbox.fault("reset", path=PAY)
    bill = pay(payer, power)
    BillPayment.objects.filter(number=bill["number"]).update(state="CREATED")  # as if killed before asking
    IdempotencyKey.objects.filter(subject=bill["number"]).delete()

    make_due(bill)
    query_bills()
    settled()

    assert shown(payer, bill)["state"] == "SUCCEEDED"


def test_two_workers_share_the_sweep(payer, power, sandbox, in_parallel):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)
    make_due(bill)
    now = clock.now()

    turns = in_parallel([lambda: due_bills(at=now, limit=10_000)] * 8)

    assert [turn.count(bill["number"]) for turn in turns if bill["number"] in turn] == [1]
    wait = BillPayment.objects.get(number=bill["number"]).next_query_at - now
    assert timedelta(0) < wait < timedelta(minutes=1)
    sandbox.end_bill(bill["number"], "FAILED")


# who may, and when not


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"amount": 56_81}, "QUOTE_NOT_VALID"), ({"quote_id": str(uuid.uuid4())}, "QUOTE_NOT_VALID")],
)
def test_a_quote_is_for_this_bill_and_no_other(payer, power, changed, code):
    wish = wish_for(payer, power) | changed

    assert_error(payer.post("bill-payments", wish), 409, code)

    nothing_moved(payer)


def test_a_quote_for_another_payee_pays_nobody(payer, power, sandbox):
    other = ask_about(payer, sandbox, "gas", due=10_00)

    refused = payer.post("bill-payments", wish_for(payer, power) | {"payee": other})

    assert_error(refused, 409, "QUOTE_NOT_VALID")
    nothing_moved(payer)


def test_the_proof_is_for_this_bill_alone(payer, power, sandbox):
    other = ask_about(payer, sandbox, "power", due=10_00)
    first, second = wish_for(payer, power), wish_for(payer, other)
    grant = payer.grant_for("bill-payments", first)

    refused = payer._send("POST", "bill-payments", second, key=None, grant=grant)

    assert refused.status_code in {403, 428}, refused.text
    nothing_moved(payer)


def test_another_customers_payee_and_bill_are_nobodys(payer, power, new_customer, settled):
    other = new_customer()
    with_level(user_of(other), KycLevel.II)
    bill = pay(payer, power)
    settled()

    assert_error(other.post("bill-payments", wish_for(other, power)), 404, "NOT_FOUND")
    assert_error(other.get(f"bill-payments/{bill['number']}"), 404, "NOT_FOUND")
    assert other.get("bill-payments").json()["items"] == []


def test_whose_name_is_not_known_pays_no_bill(customer, sandbox, top_up):
    top_up(customer, 1_000_00)
    payee = ask_about(customer, sandbox, "power", due=1)

    refused = customer.post("bill-payments", wish_for(customer, payee))

    assert assert_error(refused, 409, "LIMIT_EXCEEDED")["move"] == "bill"
    nothing_moved(customer)


def test_a_closed_biller_and_a_closed_loop_are_paid_nothing(payer, power, settings):
    wish = wish_for(payer, power)
    closed = biller("power")
    closed.is_active = False
    closed.save()
    try:
        assert_error(payer.post("bill-payments", wish), 409, "BILLER_NOT_OFFERED")
    finally:
        closed.is_active = True
        closed.save()
    settings.WALLET_MODE = "closed_loop"
    assert_error(payer.post("bill-payments", wish), 403, "NOT_IN_THIS_MODE")
    settings.WALLET_MODE = "licensed"
    with paused():
        assert_error(payer.post("bill-payments", wish), 503, "FLOW_PAUSED")

    nothing_moved(payer)


def test_a_bill_that_is_under_way_ends_while_money_stands_still(payer, power, sandbox, settled):
    bill = pay(payer, power)

    with paused():
        settled()

    assert shown(payer, bill)["state"] == "SUCCEEDED"


# forgetting and leaving


def test_whom_one_is_paying_is_not_forgotten_meanwhile(payer, power, sandbox, settled):
    sandbox.fault("bill_processing")
    bill = pay(payer, power)
    gone = payer.session.delete(f"{payer.base_url}bill-accounts/{power}")

    assert_error(gone, 409, "PAYEE_IN_USE")
    codes = {blocker.code: blocker.amount for blocker in closure_blockers(user_of(payer).pk)}
    assert codes["BILLS_UNDER_WAY"] == 56_80
    sandbox.end_bill(bill["number"], "SUCCESS")
    settled()
    assert payer.session.delete(f"{payer.base_url}bill-accounts/{power}").status_code == 204
    assert shown(payer, bill)["name"].startswith("城市供电公司 尾号")
    assert "BILLS_UNDER_WAY" not in {blocker.code for blocker in closure_blockers(user_of(payer).pk)}


@pytest.mark.parametrize("_once", range(4))
def test_paying_and_forgetting_at_once_have_one_outcome(payer, power, settled, in_parallel, _once):
    wish = wish_for(payer, power)
    grant = payer.grant_for("bill-payments", wish)
    user_id = user_of(payer).pk
    together = threading.Barrier(2)

    def forget():
        together.wait(timeout=10)
        try:
            forget_account(user_id=user_id, uid=power)
        except PayeeInUse:
            return "in use"
        finally:
            connections.close_all()
        return "forgotten"

    def pay_it():
        together.wait(timeout=10)
        return payer.post("bill-payments", wish, grant=grant)

    forgotten, paid = in_parallel([forget, pay_it])
    settled()

    if paid.status_code == 201:
        assert shown(payer, paid.json())["state"] == "SUCCEEDED"
    else:
        assert (forgotten, paid.status_code) == ("forgotten", 404)
        nothing_moved(payer)


def test_what_comes_back_to_somebody_who_has_left_waits_for_a_person(customer, top_up, sandbox, settled, fee):
    with_level(user_of(customer), KycLevel.II)
    top_up(customer, 200_00)
    bill = pay(customer, ask_about(customer, sandbox, "power", due=1), 199_70)  # all of it, with the fee
    settled()
    user_id = user_of(customer).pk
    with transaction.atomic():
        forget_payees_of(user_id=user_id)
        close_wallet(user_id=user_id, gives_up=0)

    sandbox.end_bill(bill["number"], "REVERSED")
    settled()

    payment = BillPayment.objects.get(number=bill["number"])
    assert payment.state == "REVERSED"
    legs = {entry.account.code: entry.amount for entry in payment.return_journal.entries.all()}
    assert legs == {"suspense": 200_00, "biller_clearing": -199_70, "fee_income": -30}
    case = ExceptionCase.objects.get(kind="BILL_UNCLAIMED", number=bill["number"])
    assert case.evidence["amount"] == 200_00


def test_a_page_of_bills_costs_the_same_however_long(payer, power, settled, django_assert_max_num_queries):
    for _ in range(3):
        pay(payer, power, 1_00)
    settled()
    client = Client(headers={"Authorization": payer.session.headers["Authorization"]})

    with django_assert_max_num_queries(4):
        answer = client.get("/api/v1/bill-payments")

    assert len(answer.json()["items"]) == 3
