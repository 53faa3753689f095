"""What every flow needs, and what every flow must leave true."""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.db.models import Sum

from payments.models import BillPayment, Order, Payment, Store
from payments.services.shops import create_shop_system
from wallet.models import LedgerAccount
from wallet.services.integrity import Position, check_ledger
from wallet_project.kit import clock
from wallet_project.kit.testing.plugin import Outbox, among_the_committed
from wallet_project.kit.testing.wire import Api
from wallet_project.sandbox.testing import LocalSandbox


def money_at_wechat() -> int:
    """What our books say WeChat holds for us, in fen."""
    total = LedgerAccount.objects.filter(code="wechat_clearing").aggregate(total=Sum("balance"))["total"]
    return -(total or 0)


def money_for_billers() -> int:
    """What our books say we owe the biller platform, in fen; nobody has settled with it yet."""
    return LedgerAccount.objects.get(code="biller_clearing").balance


class Ledger:
    """The ledger, of which each look begins where the one before has ended."""

    def __init__(self) -> None:
        self._upto: Position | None = None

    def is_sound(self) -> bool:
        report = check_ledger(since=self._upto)
        self._upto = report.upto
        assert report.findings == []
        return True


@pytest.fixture(scope="package")
def ledger(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ledger]:
    """When all flows are over, everything is looked at once more."""
    yield Ledger()
    with django_db_blocker.unblock(), among_the_committed():
        assert Ledger().is_sound()


@pytest.fixture(autouse=True)
def _books_agree(sandbox: LocalSandbox, committed_db: None, outbox: Outbox, ledger: Ledger) -> Iterator[None]:
    """After every flow: the ledger is sound, and the others' own books moved by exactly what ours moved."""
    before = sandbox.book()["balance"] - money_at_wechat()
    owed_before = sandbox.bill_book()["balance"] - money_for_billers()
    yield
    sandbox.clear_faults()
    sandbox.behave()
    settle_down(sandbox, outbox)
    sandbox.reset_clock()
    assert ledger.is_sound()
    assert sandbox.book()["balance"] - money_at_wechat() == before
    assert sandbox.bill_book()["balance"] - money_for_billers() == owed_before
    paid_for_good = BillPayment.objects.filter(state="SUCCEEDED").aggregate(total=Sum("amount", default=0))
    assert money_for_billers() == paid_for_good["total"]


@pytest.fixture(autouse=True)
def _tries_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for between the tries of one request."""
    monkeypatch.setattr("payments.gateways.wechat.client.PAUSES", (0.01, 0.01))


def let_time_run_out(order_no: str) -> None:
    """The time to pay is over, for an order and for whoever is paying it."""
    now = clock.now()
    Order.objects.filter(number=order_no).update(expires_at=now)
    Payment.objects.filter(order__number=order_no).update(expires_at=now, next_query_at=now)


def settle_down(sandbox: LocalSandbox, outbox: Outbox) -> None:
    """Until every callback is answered and every event and job is done."""
    sandbox.wait_for_notices()
    while outbox.deliver():
        sandbox.wait_for_notices()


@pytest.fixture
def settled(sandbox: LocalSandbox, outbox: Outbox) -> Callable[[], None]:
    return lambda: settle_down(sandbox, outbox)


@pytest.fixture
def store(committed_db: None) -> Store:
    return Store.objects.create(code=f"s{uuid.uuid4().hex[:10]}", name="人民路店")


@pytest.fixture
def top_up(settled: Callable[[], None]) -> Callable[..., None]:
    """Put money into a customer's wallet as they would."""

    def put(customer: Api, amount: int) -> None:
        started = customer.post("wallet/top-ups", {"amount": amount})
        assert started.status_code == 201, started.text
        customer.confirm(started.json()["pay_params"])
        settled()

    return put


@pytest.fixture
def place_order(store: Store) -> Callable[..., str]:
    """Order at the counter; the order's number."""

    def place(customer: Api, amount: int) -> str:
        placed = customer.post("orders", {"store": store.code, "amount": amount, "remark": "两杯拿铁"})
        assert placed.status_code == 201, placed.text
        return placed.json()["number"]

    return place


@pytest.fixture
def pay(settled: Callable[[], None]) -> Callable[..., dict]:
    """Ask to pay in one way; the answer."""

    def ask(customer: Api, number: str, method: str) -> dict:
        answer = customer.post(f"orders/{number}/pay", {"method": method})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def paid(place_order, pay, settled) -> Callable[..., str]:
    """An order of so much, paid in one way; its number."""

    def buy(customer: Api, amount: int, method: str) -> str:
        number = place_order(customer, amount)
        started = pay(customer, number, method)
        if started["pay_params"]:
            customer.confirm(started["pay_params"])
            settled()
        assert customer.get(f"orders/{number}").json()["state"] == "PAID"
        return number

    return buy


class Shop:
    """The merchant's shop system, as its engineers would write it."""

    def __init__(self, base_url: str, key_id: str, secret: str) -> None:
        self.base_url, self.key_id, self.secret = base_url, key_id, secret

    def call(self, method: str, path: str, wish: dict | None = None, **changed: str) -> requests.Response:
        """A signed request; `changed` replaces a part of it after signing, or its time and nonce before."""
        raw = b"" if wish is None else json.dumps(wish).encode()
        target = f"/api/v1/merchant/{path}"
        timestamp = changed.get("timestamp") or str(int(time.time()))
        nonce = changed.get("nonce") or uuid.uuid4().hex
        text = f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + raw + b"\n"
        signature = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        headers = {
            "Shop-Key": self.key_id,
            "Shop-Timestamp": timestamp,
            "Shop-Nonce": nonce,
            "Shop-Signature": changed.get("signature") or signature,
            "Content-Type": "application/json",
        }
        sent = changed["body"].encode() if "body" in changed else raw
        return requests.request(method, self.base_url + target, data=sent, headers=headers, timeout=20)

    def create_order(self, *, amount: int, **more: Any) -> dict:
        body = {
            "shop_order_no": uuid.uuid4().hex,
            "title": "网上商城订单",
            "items": [{"name": "挂耳咖啡", "unit_price": amount, "quantity": 1}],
            **more,
        }
        created = self.call("POST", "orders", body)
        assert created.status_code == 201, created.text
        return created.json()


@pytest.fixture
def shop(web_server: str, committed_db: None) -> Shop:
    system, secret = create_shop_system(key_id=f"k{uuid.uuid4().hex[:10]}", name="网上商城")
    return Shop(web_server, system.key_id, secret)
