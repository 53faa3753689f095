"""Signed questions, proven answers; everything else is unknown."""

import json
import uuid
from datetime import timedelta

import pytest

from payments.gateways.billers.adapter import platform
from payments.gateways.billers.errors import (
    BillerBusy,
    BillerRefused,
    BillerUnknown,
    InvalidSignature,
    PaymentMissing,
    UnreadableNotice,
)
from payments.gateways.billers.messages import Payee, PlatformState
from payments.gateways.billers.platform import _mac
from wallet_project.kit import clock
from wallet_project.kit.serials import new_serial

CARD = "6225750000000006"
PATH = "/api/v1/callbacks/billers/power"


@pytest.fixture
def power(sandbox):
    account = str(uuid.uuid4().int)[:10]
    sandbox.bill_account("power", account, owner="王建国", due=56_80, due_date="2026-12-20")
    yield Payee(biller="power", account=account)
    sandbox.clear_faults()


def pay(payee, *, number="", amount=56_80):
    number = number or new_serial("B")
    url = "http://127.0.0.1:9/callbacks"
    return platform().pay(number=number, payee=payee, amount=amount, notify_url=url)


def test_a_card_is_bound_and_released(sandbox):
    owner = str(uuid.uuid4())
    card = platform().bind_card(owner=owner, card_number=CARD, holder="张伟")

    bill = platform().query_bill(Payee(biller="card", card_token=card.token))

    assert (card.bank, bill.owner_masked, bill.due) == ("招商银行", "张*", 1_234_56)
    for _ in range(2):
        platform().release_card(token=card.token)
    with pytest.raises(BillerRefused, match="CARD_RELEASED"):
        platform().query_bill(Payee(biller="card", card_token=card.token))


def test_a_bill_says_what_is_owed(power):
    bill = platform().query_bill(power)

    assert (bill.owner_masked, bill.due, bill.least, bill.most) == ("王**", 56_80, 1_00, 10_000_00)
    assert bill.due_date.isoformat() == "2026-12-20"


def test_a_payment_is_taken_and_can_be_asked_for(sandbox, power):
    number = new_serial("B")

    taken, again = pay(power, number=number), pay(power, number=number)

    assert taken.state == PlatformState.PROCESSING
    assert again.payment_id == taken.payment_id == platform().query_payment(number).payment_id


@pytest.mark.parametrize(
    ("payee", "amount", "reason"),
    [(Payee(biller="power", account="no-such"), 1_00, "ACCOUNT_UNKNOWN"), (None, 99, "AMOUNT_OUT_OF_RANGE")],
)
def test_what_cannot_be_paid_has_failed(power, payee, amount, reason):
    said = pay(payee or power, amount=amount)

    assert (said.state, said.reason) == (PlatformState.FAILED, reason)


@pytest.mark.parametrize(
    "kind", ["unsigned", "bad_signature", "error_after", "error_before", "rate_limited", "reset"]
)
def test_what_is_not_proven_is_unknown_even_a_refusal(sandbox, power, kind):
    sandbox.fault(kind, path="/billers/")

    with pytest.raises(BillerUnknown):
        pay(power)


def test_a_number_that_nobody_has_heard_of_proves_nothing(sandbox):
    with pytest.raises(PaymentMissing):
        platform().query_payment(new_serial("B"))


def test_a_number_used_for_something_else_is_unknown(power):
    number = new_serial("B")
    pay(power, number=number)

    with pytest.raises(BillerUnknown, match="NUMBER_REUSED"):
        pay(power, number=number, amount=1_00)


@pytest.mark.parametrize(("name", "wrong"), [("secret", "s" * 32), ("key_id", "nobody")])
def test_with_a_wrong_key_nothing_is_proven(sandbox, power, settings, name, wrong):
    settings.BILLERS = {**settings.BILLERS, name: wrong}

    with pytest.raises((BillerUnknown, BillerRefused), match=r"unproven|BAD_SIGNATURE"):
        platform().query_bill(power)


def test_a_platform_that_cannot_be_reached_has_taken_nothing(sandbox, power, settings):
    settings.BILLERS = {**settings.BILLERS, "url": "http://127.0.0.1:9"}

    with pytest.raises(BillerBusy):
        pay(power)


# callbacks


def callback(body=None, *, now=None, path=PATH, **changed):
    said = {"id": "EV-1", "type": "payment.succeeded", "payment": {}} if body is None else body
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    timestamp = changed.get("timestamp", str(int((now or clock.now()).timestamp())))
    headers = {
        "Biller-Key": changed.get("key", "key-1"),
        "Biller-Timestamp": timestamp,
        "Biller-Nonce": "n" * 32,
        "Biller-Signature": changed.get("signature") or _mac("POST", path, timestamp, "n" * 32, body=raw),
    }
    return {"headers": headers, "path": PATH, "body": raw, "now": clock.now()}


@pytest.fixture
def keyed(settings):
    settings.BILLERS = {**settings.BILLERS, "key_id": "key-1", "secret": "s" * 32}


@pytest.mark.usefixtures("keyed")
class TestCallbacks:
    def test_what_is_signed_is_opened(self):
        assert platform().open_callback(**callback()).id == "EV-1"

    @pytest.mark.parametrize(
        "changed",
        [
            {"signature": "0" * 64},
            {"signature": "中文"},
            {"key": "somebody"},
            {"path": "/api/v1/callbacks/billers/water"},
            {"now": clock.now() - timedelta(days=1)},
            {"now": clock.now() + timedelta(days=1)},
            {"timestamp": "-1"},
            {"timestamp": "1" * 30},
            {"timestamp": "１２３"},
            {"timestamp": ""},
        ],
    )
    def test_what_is_not_the_platforms_is_refused(self, changed):
        with pytest.raises(InvalidSignature):
            platform().open_callback(**callback(**changed))

    def test_a_changed_byte_is_refused(self):
        sent = callback()
        sent["body"] = sent["body"].replace(b"EV-1", b"EV-2")

        with pytest.raises(InvalidSignature):
            platform().open_callback(**sent)

    def test_without_a_secret_nobody_can_sign(self, settings):
        settings.BILLERS = {**settings.BILLERS, "key_id": "", "secret": ""}

        with pytest.raises(InvalidSignature, match="key"):
            platform().open_callback(**callback(key=""))

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"{", b"[" * 5000, {"id": 1}, {"id": "", "type": "t", "payment": {}}, {"id": "a\0b"}],
    )
    def test_what_is_proven_and_says_something_else_is_unreadable(self, body):
        with pytest.raises(UnreadableNotice):
            platform().open_callback(**callback(body))
