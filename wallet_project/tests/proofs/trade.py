"""Trade in one thread: customers, letters of others, the watches of our workers, and what is left of it."""

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.test import Client

from accounts.models import User, WeChatIdentity
from accounts.tests.factories import grant_of, known_by_name, logged_in, with_pin
from coupons.models import Coupon, PointsAccount, Redemption
from coupons.services.coupons import issue_coupon
from coupons.services.points import give_points
from coupons.tests.offers import template
from payments.models import (
    BillPayment,
    Difference,
    ExceptionCase,
    MerchantTransfer,
    Order,
    OrderRefund,
    Payment,
    Refund,
    Shipment,
    ShopNotification,
    Store,
)
from payments.services.bill_receipts import receive_bill_callback
from payments.services.closing import query_unsure_payment
from payments.services.funding import start_top_up
from payments.services.orders import create_store_order
from payments.services.receipts import receive_callback
from payments.tasks import (
    close_expired,
    process_waiting_receipts,
    query_bills,
    query_open_refunds,
    query_transfers,
    query_unsure_payments,
    send_shop_notifications,
)
from wallet.models import Journal, LedgerAccount, LimitUsage, Quote, Record, Withdrawal
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock, jobs, relay
from wallet_project.kit.models import Delivery, DeliveryState, IdempotencyKey, Job
from wallet_project.kit.money import Fen

# What waits for its time, and until when.
WAITING: dict[Any, str] = {
    Job: "available_at",
    Delivery: "available_at",
    IdempotencyKey: "locked_until",
    Payment: "next_query_at",
    Refund: "next_query_at",
    MerchantTransfer: "next_query_at",
    BillPayment: "next_query_at",
    ShopNotification: "next_try_at",
    Shipment: "next_try_at",
}


Letter = tuple[str, dict[str, str], bytes]
_door = Client()  # one for everybody: each would build all of our middleware anew
SHOP = "/shop"  # the merchant's own web server, at the same address


class Postbox(ThreadingHTTPServer):
    """Where the others' callbacks arrive: kept as they came, to be handed to us when a story says so."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Slot)
        self.letters: list[Letter] = []
        self.shop_heard: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Slot(BaseHTTPRequestHandler):
    server: Postbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == SHOP:
            self.server.shop_heard.append(json.loads(body))
        else:
            self.server.letters.append((self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        pass


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    postbox = Postbox()
    threading.Thread(target=postbox.serve_forever, args=(0.02,), daemon=True).start()
    yield postbox
    postbox.shutdown()
    postbox.server_close()


class Phone:
    """A customer's mini-program, answered in this thread; it sends a wish again until it has an answer."""

    def __init__(self) -> None:
        self.person = with_pin(logged_in())
        self.user: User = self.person.user
        self.openid = f"o{uuid.uuid4().hex[:27]}"
        WeChatIdentity.objects.create(user=self.user, appid=settings.WECHAT["appid"], openid=self.openid)
        self.wallet = open_wallet(user_id=self.user.pk)
        self._headers = self.person.as_header()
        self._answers: dict[str, Any] = {}
        self._grants: dict[str, str] = {}

    def know(self) -> None:
        """By name, from now on."""
        self.user.set_phone(f"170{uuid.uuid4().int % 10**8:08d}", at=clock.now())
        self.user.save()
        known_by_name(self.user)

    def put_in(self, amount: int) -> None:
        """So much of their own, at our cost: WeChat knows nothing of it."""
        legs = [Leg("promotion_cost", -amount), Leg("principal", amount, self.wallet.pk)]
        post_journal(kind=JournalKind.ADJUSTMENT, key=f"gift:{uuid.uuid4().hex}", legs=legs)

    def has_coupon(self, amount: int) -> str:
        """That takes so much off everything; its serial."""
        made = template(threshold=0, amount=amount)
        return issue_coupon(template_id=made.pk, user_id=self.user.pk, source=uuid.uuid4().hex).serial

    def has_points(self, points: int) -> None:
        with transaction.atomic():
            give_points(user_id=self.user.pk, points=points, source=uuid.uuid4().hex, title="赠送")

    def prove(self, path: str, wish: dict[str, Any]) -> None:
        """Show that this will be their wish: they need not when they send it."""
        asked = self._send(path, wish, key=uuid.uuid4().hex)
        assert asked.status_code == 428, asked.content.decode()
        self._grants[_intention(path, wish)] = grant_of(asked.json()["detail"]["challenge_id"])

    def post(self, path: str, wish: dict[str, Any]) -> Any:
        """The answer; asked twice for the same, it is the same intention."""
        intention = _intention(path, wish)
        if intention not in self._answers:
            key, grant = uuid.uuid5(self.user.uid, intention).hex, self._grants.get(intention, "")
            answer = self._send(path, wish, key=key, grant=grant)
            assert answer.status_code in (200, 201), answer.content.decode()
            self._answers[intention] = answer.json()
        return self._answers[intention]

    def get(self, path: str) -> Any:
        return _door.get(f"/api/v1/{path}", headers=self._headers).json()

    def _send(self, path: str, wish: dict[str, Any], *, key: str, grant: str = "") -> Any:
        headers = {**self._headers, "Idempotency-Key": key, "Step-Up-Grant": grant}
        return _door.post(
            f"/api/v1/{path}", json.dumps(wish), content_type="application/json", headers=headers
        )


def _intention(path: str, wish: dict[str, Any]) -> str:
    return f"{path} {json.dumps(wish)}"


class Trade:
    """Our side in one thread, and the others as they are."""

    def __init__(self, sandbox: Any, postbox: Postbox) -> None:
        self.sandbox, self.postbox = sandbox, postbox
        self._last = {model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in WAITING}

    def put_off_what_is_left_of_others(self) -> None:
        tomorrow = clock.now() + timedelta(days=1)
        for model, column in WAITING.items():
            model.objects.filter(**{f"{column}__lt": tomorrow}).update(**{column: tomorrow})

    def left_to_do(self) -> list[str]:
        """Jobs and events of this trade that are not done, or are given up."""
        jobs_left = Job.objects.filter(pk__gt=self._last[Job]).values_list("task", flat=True)
        events = Delivery.objects.filter(pk__gt=self._last[Delivery]).exclude(state=DeliveryState.DELIVERED)
        return [*jobs_left, *events.values_list("listener", flat=True)]

    def time_passes(self) -> None:
        """Whatever of this trade waits for its time has waited long enough."""
        now = clock.now()
        for model, column in WAITING.items():
            ours = model.objects.filter(pk__gt=self._last[model], **{f"{column}__gt": now})
            if model is IdempotencyKey:
                ours = ours.filter(status=None)
            ours.update(**{column: now})

    def work(self) -> None:
        """What the relay and the workers do, until nothing is left to do."""
        while relay.deliver_due() + jobs.send_due():
            pass

    def watch(self) -> None:
        """What beat starts, once each."""
        for sweep in (
            query_unsure_payments,
            process_waiting_receipts,
            query_open_refunds,
            query_transfers,
            query_bills,
            send_shop_notifications,
            close_expired,
        ):
            sweep()
        self.work()

    def letters(self) -> list[Letter]:
        """What was written to us since the last time somebody looked."""
        self.sandbox.wait_until_idle()
        new, self.postbox.letters = self.postbox.letters, []
        return new

    def confirm(self, pay_params: dict[str, str], **wish: Any) -> None:
        self.sandbox.confirm(pay_params["package"].removeprefix("prepay_id="), pay_sign=pay_params, **wish)


def counter_order(phone: Phone, amount: int) -> Order:
    """At the counter of a new store that gives all of it back at once."""
    store = Store.objects.create(code=f"s{phone.user.pk}", name="人民路店", refunds_at_once_up_to=amount)
    return create_store_order(payer_id=phone.user.pk, store_code=store.code, amount=Fen(amount), remark="")


def fill_the_merchants_account(trade: Trade) -> None:
    """Somebody tops up so much that there is something to give away at WeChat."""
    funding = start_top_up(payer_id=Phone().user.pk, amount=Fen(50_000))
    trade.confirm(funding.pay_params or {}, notify=False)
    query_unsure_payment(number=funding.payment.number)
    trade.work()


def hear(letter: Letter) -> None:
    """Somebody knocks; when this returns they have been told that we have it."""
    path, headers, body = letter
    if "/billers/" in path:
        receive_bill_callback(headers=headers, path=path, body=body)
    else:
        receive_callback(headers=headers, body=body)


def left_with(user: User) -> dict[str, Any]:
    """Everything that is left of somebody's dealings, without what differs from one to the next."""
    whole: dict[str, Callable[[], Any]] = {
        "money": lambda: LedgerAccount.objects.filter(wallet__user=user).values_list(
            "code", "balance", "held"
        ),
        "records": lambda: Record.objects.filter(wallet__user=user).values_list("kind", "amount"),
        "limits": lambda: LimitUsage.objects.filter(user=user).values_list("move", "times", "day_amount"),
        "quotes": lambda: Quote.objects.filter(user=user).values_list("state"),
        "journals": lambda: (
            Journal.objects.filter(entries__account__wallet__user=user).distinct().values_list("pk", "kind")
        ),
        "orders": lambda: Order.objects.filter(payer=user).values_list("state", "refunded", "refunding"),
        "payments": lambda: Payment.objects.filter(payer=user).values_list(
            "state", "from_coupons", "from_points", "from_balance", "from_channel"
        ),
        "coupons": lambda: Coupon.objects.filter(user=user).values_list("state", "worth"),
        "points": lambda: PointsAccount.objects.filter(user=user).values_list("active", "reserved", "debt"),
        "redemptions": lambda: Redemption.objects.filter(user=user).values_list(
            "state", "off", "points_worth", "points_returned"
        ),
        "order refunds": lambda: OrderRefund.objects.filter(order__payer=user).values_list("state", "amount"),
        "refunds": lambda: refunds_of(user).values_list("state", "amount"),
        "transfers": lambda: MerchantTransfer.objects.filter(user=user).values_list("state", "amount"),
        "withdrawals": lambda: Withdrawal.objects.filter(wallet__user=user).values_list(
            "state", "paid", "fee_paid"
        ),
        "bills": lambda: BillPayment.objects.filter(user=user).values_list("state", "amount"),
        "cases": lambda: ExceptionCase.objects.filter(payment__payer=user).values_list("kind", "state"),
        "differences": lambda: [
            (one.bucket, one.is_open) for one in Difference.objects.filter(number__in=numbers_of(user))
        ],
        "told": lambda: ShopNotification.objects.filter(order__payer=user).values_list("event", "state"),
    }
    found = {what: list(rows()) for what, rows in whole.items()}
    found["journals"] = [(kind,) for _pk, kind in found["journals"]]
    return {what: Counter(rows) for what, rows in found.items() if rows}


def unfinished(user: User) -> list[str]:
    """What of somebody's dealings is not over yet."""
    held = LedgerAccount.objects.filter(wallet__user=user, held__gt=0)
    return [
        *Payment.objects.filter(payer=user, state__in=("REQUESTED", "WAITING")).values_list(
            "number", flat=True
        ),
        *refunds_of(user).filter(state__in=("REQUESTED", "PROCESSING")).values_list("number", flat=True),
        *MerchantTransfer.objects.filter(user=user, finished_at=None).values_list("number", flat=True),
        *BillPayment.objects.filter(user=user, finished_at=None).values_list("number", flat=True),
        *Withdrawal.objects.filter(wallet__user=user, ended_at=None).values_list("number", flat=True),
        *ShopNotification.objects.filter(order__payer=user, state="WAITING").values_list("event", flat=True),
        *held.values_list("code", flat=True),
    ]


def numbers_of(user: User) -> list[str]:
    """Of their payments and refunds."""
    paid = Payment.objects.filter(payer=user).values_list("number", flat=True)
    return [*paid, *refunds_of(user).values_list("number", flat=True)]


def refunds_of(user: User) -> Any:
    """Through WeChat: of top-ups, of orders, and of what came too late."""
    theirs = Q(payment__payer=user) | Q(case__payment__payer=user) | Q(part__refund__order__payer=user)
    return Refund.objects.filter(theirs)
