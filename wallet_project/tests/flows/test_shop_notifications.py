"""A shop system hears of its orders: signed, in order, again and again until it answers."""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from payments.models import ShopNotification, ShopSystem
from payments.rules.shop_notifications import STEPS
from payments.services import shop_notifications
from payments.services.shop_notifications import due_notifications, send_notification
from payments.services.shops import create_shop_system
from wallet_project.audit.selectors import latest_about
from wallet_project.kit import clock
from wallet_project.kit.models import Job, StoredEvent

TARGET = "/hooks/wallet?from=wallet"


class ShopServer(HTTPServer):
    """The shop's own web server: keeps what it heard, answers with these states and then 204."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def told(self) -> list[dict]:
        return [json.loads(body) for _target, _headers, body in self.heard]


class _Hook(BaseHTTPRequestHandler):
    server: ShopServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        pass


@pytest.fixture
def listening(shop) -> Iterator[ShopServer]:
    server = ShopServer()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}{TARGET}"
    ShopSystem.objects.filter(key_id=shop.key_id).update(notify_url=url)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def paid_order(customer, shop, top_up, pay, settled):
    """A shop's order, paid from the balance; its number."""

    def buy(amount=8_900) -> str:
        top_up(customer, amount)
        number = shop.create_order(amount=amount)["number"]
        pay(customer, number, "balance")
        settled()
        return number

    return buy


def sample_of(language: str, name: str) -> str:
    page = (configured.BASE_DIR / "docs" / "merchant_api.md").read_text(encoding="utf-8")
    return next(code for code in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL) if name in code)


def make_due(notification: ShopNotification) -> None:
    ShopNotification.objects.filter(pk=notification.pk).update(next_try_at=clock.now())


def test_a_shop_hears_of_payment_and_refund_and_can_prove_that_it_was_us(
    shop, listening, paid_order, settled
):
    number = paid_order()
    wish = {"shop_refund_no": "R1", "amount": 1_000, "reason": "DEFECTIVE"}
    assert shop.call("POST", f"orders/{number}/refunds", wish).status_code == 201
    settled()

    paid, refunded = listening.told
    assert (paid["event"], paid["order"]["number"], paid["order"]["state"]) == ("order.paid", number, "PAID")
    assert refunded["event"] == "refund.succeeded"
    assert (refunded["refund"]["shop_refund_no"], refunded["refund"]["amount"]) == ("R1", 1_000)
    assert refunded["order"]["refunded"] == 1_000
    sample: dict = {}
    exec(sample_of("python", "is_from_wallet"), sample)  # noqa: S102 - our own page
    target, headers, body = listening.heard[0]
    assert target == TARGET
    assert sample["is_from_wallet"](shop.secret, target, headers, body)
    assert not sample["is_from_wallet"](shop.secret, target, headers, body.replace(b"PAID", b"OPEN"))
    assert not sample["is_from_wallet"]("another", target, headers, body)
    assert set(ShopNotification.objects.filter(order__number=number).values_list("state", flat=True)) == {
        "DELIVERED"
    }


def test_a_closed_order_is_told_of_and_one_at_a_store_is_not(customer, shop, listening, paid, settled):
    created = shop.create_order(amount=100)
    shop.call("POST", f"orders/{created['number']}/close", {})
    at_the_counter = paid(customer, 100, "wechat")
    settled()

    assert [(told["event"], told["order"]["number"]) for told in listening.told] == [
        ("order.closed", created["number"])
    ]
    assert not ShopNotification.objects.filter(order__number=at_the_counter).exists()


def test_without_a_2xx_it_is_tried_by_the_schedule_and_then_given_up(listening, paid_order):
    listening.answers = [500, 302, *[503] * 14]
    number = paid_order()
    notification = ShopNotification.objects.get(order__number=number)
    waits = [notification.next_try_at - notification.tries.get().at]
    for used in range(2, 17):
        assert notification.pk not in due_notifications(at=clock.now(), limit=100)
        make_due(notification)
        send_notification(notification_id=notification.pk)
        notification.refresh_from_db()
        assert notification.tries_used == used
        if used < 16:
            waits.append(notification.next_try_at - notification.tries.last().at)

    assert [wait.total_seconds() for wait in waits] == list(STEPS)
    assert sum(STEPS) == timedelta(hours=24, minutes=4).total_seconds()
    assert (notification.state, notification.next_try_at) == ("DEAD", None)
    tried = list(notification.tries.values_list("outcome", "status"))
    assert tried == [("REFUSED", 500), ("REFUSED", 302), *[("REFUSED", 503)] * 14]
    assert len({told["id"] for told in listening.told}) == 1, "the shop knows a repetition by its id"
    assert [target for target, *_ in listening.heard] == [TARGET] * 16, "redirects are not followed"
    died = StoredEvent.objects.filter(name="payments.shop_notification.died", aggregate=f"order:{number}")
    assert died.count() == 1


def test_what_is_sent_again_goes_before_what_came_later(shop, listening, paid_order, settled):
    listening.answers = [500]
    number = paid_order()
    first = ShopNotification.objects.get(order__number=number)
    shop.call("POST", f"orders/{number}/refunds", {"shop_refund_no": "R", "amount": 1, "reason": "OTHER"})
    settled()
    second = ShopNotification.objects.get(order__number=number, event="refund.succeeded")

    send_notification(notification_id=second.pk)
    assert len(listening.heard) == 1, "it waits for the earlier one"
    make_due(first)
    send_notification(notification_id=first.pk)
    send_notification(notification_id=second.pk)

    assert [told["event"] for told in listening.told] == ["order.paid", "order.paid", "refund.succeeded"]


def test_a_crash_between_commit_and_answer_loses_nothing(listening, paid_order, monkeypatch):
    class Killed(BaseException):
        pass

    def die(**_request: object) -> None:
        raise Killed

    listening.answers = [500]
    number = paid_order()
    notification = ShopNotification.objects.get(order__number=number)
    make_due(notification)
    Job.objects.filter(task="payments.send_shop_notification").delete()  # and the broker has lost everything
    monkeypatch.setattr(shop_notifications, "post_notification", die)
    with pytest.raises(Killed):
        send_notification(notification_id=notification.pk)
    monkeypatch.undo()

    assert notification.pk not in due_notifications(at=clock.now(), limit=100)
    assert notification.pk in due_notifications(at=clock.now() + timedelta(seconds=15), limit=100)
    make_due(notification)
    send_notification(notification_id=notification.pk)
    notification.refresh_from_db()
    assert (notification.state, notification.tries_used) == ("DELIVERED", 3)


def test_an_address_of_our_own_network_is_never_knocked_at(listening, paid_order, settings):
    listening.answers = [500]
    number = paid_order()
    notification = ShopNotification.objects.get(order__number=number)
    settings.SHOPS_MAY_BE_LOCAL = False
    port = listening.server_port
    for url, outcome in {
        f"http://127.0.0.1:{port}/": "NO_ADDRESS",  # not https
        "https://169.254.169.254/": "NO_ADDRESS",
        "https://2130706433/": "NO_ADDRESS",
        f"https://localtest.localhost.:{port}/": "SILENT",  # a name, and what it resolves to
    }.items():
        ShopSystem.objects.filter(pk=notification.shop_id).update(notify_url=url)
        make_due(notification)
        send_notification(notification_id=notification.pk)
        assert notification.tries.last().outcome == outcome, url

    assert len(listening.heard) == 1, "only the one before"


def test_staff_send_it_again_with_a_reason_and_others_may_not(listening, paid_order, settled, client):
    number = paid_order()
    notification = ShopNotification.objects.get(order__number=number)
    onlooker = User.objects.create_user(f"m{uuid.uuid4().hex[:8]}", "a long enough password", is_staff=True)
    onlooker.user_permissions.add(Permission.objects.get(codename="view_shopnotification"))
    member = User.objects.create_superuser(f"m{uuid.uuid4().hex[:8]}", "a long enough password")
    page = reverse("admin:payments_shopnotification_send_again", args=[notification.pk])
    wish = {"_form_submitted": "True", "reason": "商城说没有收到"}

    client.force_login(onlooker)
    assert client.post(page, wish).status_code == 403
    settled()
    assert len(listening.heard) == 1
    client.force_login(member)
    client.post(page, wish)
    settled()

    assert [told["id"] for told in listening.told] == [str(notification.public_id)] * 2
    trail = latest_about(f"order:{number}", limit=20)
    assert "payments.shop_notification.resent" in {line.action for line in trail}


def test_a_shop_that_is_dead_rests_and_others_are_told_meanwhile(shop, listening, paid_order, settled):
    """Not a worker waits for it, and what it has not heard costs no further step of its schedule."""
    alive = ShopSystem.objects.get(key_id=shop.key_id)
    first, second = paid_order(), paid_order()
    listening.heard.clear()
    dead, _secret = create_shop_system(key_id=f"dead{uuid.uuid4().hex[:8]}", name="没有人的商城")
    ShopSystem.objects.filter(pk=dead.pk).update(notify_url="http://127.0.0.1:9/hooks")
    notes = ShopNotification.objects.filter(order__number__in=[first, second])
    notes.update(state="WAITING", delivered_at=None, tries_used=0, next_try_at=clock.now(), shop=dead)
    one, other = notes.order_by("pk")

    send_notification(notification_id=one.pk)
    assert other.pk not in due_notifications(at=clock.now(), limit=100)
    send_notification(notification_id=other.pk)

    other.refresh_from_db()
    assert (other.state, other.tries_used) == ("WAITING", 0)
    ShopNotification.objects.filter(pk=other.pk).update(shop=alive)
    send_notification(notification_id=other.pk)
    other.refresh_from_db()
    assert other.state == "DELIVERED"
    assert one.pk in due_notifications(at=clock.now() + timedelta(minutes=1), limit=100)
