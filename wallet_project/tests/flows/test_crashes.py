"""
Killed between any two statements, then asked again or swept up: one effect, and nothing held for ever.

A process is what it says to the database and to WeChat. `killed_at` lets a story speak so many statements
and not one more, as SIGKILL would: open transactions are lost, what was committed stays, WeChat keeps what it
was told. Each test kills its story before the first statement, before the second, and so on to the end.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from payments.models import ExceptionCase, Order, Payment
from payments.services.transfer_sending import push_transfer
from payments.tasks import close_expired
from payments.tests.factories import merchant_transfer
from wallet.models import Journal
from wallet_project.kit import clock
from wallet_project.kit.models import IdempotencyKey, Job
from wallet_project.kit.testing.wire import Api
from wallet_project.tests.flows.conftest import let_time_run_out
from wallet_project.tests.flows.refunding import left_in, lets_go, put_in

pytestmark = pytest.mark.committed


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


def killed_at(statement: int, story: Callable[[], Any]) -> bool:
    """Run a story up to its n-th statement; False when it came to its end before."""
    said = count(1)
    dead = False

    def speak(execute, *statement_and_more):
        nonlocal dead
        # Once dead always dead: what the unwinding stack would still like to say is not said.
        if dead := dead or next(said) >= statement:
            raise Killed
        return execute(*statement_and_more)

    try:
        with connection.execute_wrapper(speak):
            story()
    except Killed:
        pass
    finally:
        connections.close_all()
    return dead


def every_moment(story_of: Callable[[], tuple[Any, Callable[[], Any]]]) -> Iterator[Any]:
    """A new subject for each moment, after its story was killed there; the last one lived."""
    for moment in count(1):
        subject, story = story_of()
        dead = killed_at(moment, story)
        yield subject
        if not dead:
            assert moment > 10, "the story said hardly anything: is it the right one?"
            return


def time_passes() -> None:
    """Leases run out: of keys whose request died, and of jobs whose worker died."""
    IdempotencyKey.objects.filter(status=None).update(locked_until=clock.now())
    Job.objects.update(available_at=clock.now())


def request(customer: Api, path: str, body: dict, key: str) -> Callable[[], Any]:
    """The same request as `customer.post`, answered in this thread."""
    headers = {"Authorization": customer.session.headers["Authorization"], "Idempotency-Key": key}

    def ask() -> Any:
        return Client().post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    return ask


@pytest.fixture
def paying(customer, place_order):
    """A way to pay → a story: a new order, and the request that pays it in this way."""

    def paying_by(method: str) -> Callable[[], tuple[Any, Callable[[], Any]]]:
        def begin() -> tuple[Any, Callable[[], Any]]:
            number = place_order(customer, 800)
            wish = (f"orders/{number}/pay", {"method": method}, uuid.uuid4().hex)
            return (number, wish), request(customer, *wish)

        return begin

    return paying_by


def test_a_payment_by_balance_that_died_is_made_once_when_asked_again(customer, top_up, paying):
    top_up(customer, 80_000)
    left = 80_000

    for number, (path, body, key) in every_moment(paying("balance")):
        time_passes()
        again = customer.post(path, body, key=key)

        left -= 800
        assert (again.status_code, again.json()["order"]["state"]) == (200, "PAID")
        assert Journal.objects.filter(reference=number).count() == 1
        wallet = customer.get("wallet").json()
        assert (wallet["available"], wallet["held"]) == (left, 0)


def test_a_payment_by_both_that_died_goes_on_under_the_same_number(customer, sandbox, top_up, paying):
    top_up(customer, 300)

    for number, (path, body, key) in every_moment(paying("combined")):
        time_passes()
        again = customer.post(path, body, key=key)

        assert again.status_code == 200, again.text
        payment = Payment.objects.get(order__number=number)
        assert again.json()["payment_no"] == payment.number
        assert again.json()["pay_params"]["package"].endswith(sandbox.payment(payment.number)["prepay_id"])
        assert customer.get("wallet").json()["held"] == 300
        assert customer.post(f"orders/{number}/cancel").status_code == 200
        assert customer.get("wallet").json()["held"] == 0


def test_a_payment_by_both_that_died_and_never_came_back_holds_nothing_in_the_end(customer, top_up, paying):
    top_up(customer, 300)

    for number, _ in every_moment(paying("combined")):
        let_time_run_out(number)
        close_expired()
        close_expired()

        assert customer.get(f"orders/{number}").json()["state"] == "CLOSED"
        wallet = customer.get("wallet").json()
        assert (wallet["available"], wallet["held"]) == (300, 0)


def test_a_top_up_that_died_is_begun_once(customer, sandbox):
    def begin():
        wish = ("wallet/top-ups", {"amount": 700}, uuid.uuid4().hex)
        return wish, request(customer, *wish)

    for intentions, (path, body, key) in enumerate(every_moment(begin), start=1):
        time_passes()
        again = customer.post(path, body, key=key)

        assert again.status_code == 201, again.text
        assert again.json()["pay_params"]
        theirs = [payment for payment in sandbox.payments() if payment["openid"] == customer.openid]
        assert Payment.objects.filter(openid=customer.openid).count() == len(theirs) == intentions


def test_a_settlement_that_died_credits_once(customer, sandbox, outbox):
    def confirmed():
        started = customer.post("wallet/top-ups", {"amount": 700}).json()
        customer.confirm(started["pay_params"])
        sandbox.wait_for_notices()
        return started["top_up"]["number"], outbox.deliver

    outbox.deliver()
    for times, number in enumerate(every_moment(confirmed), start=1):
        time_passes()
        outbox.deliver()

        assert customer.get(f"wallet/top-ups/{number}").json()["state"] == "CREDITED"
        assert Journal.objects.filter(reference=number).count() == 1
        assert customer.get("wallet").json()["available"] == 700 * times


def test_a_refund_that_died_is_made_once(customer, sandbox, outbox, place_order, pay):
    def paid_late():
        number = place_order(customer, 800)
        started = pay(customer, number, "wechat")
        customer.post(f"orders/{number}/cancel")
        customer.confirm(started["pay_params"], late=True)
        sandbox.wait_for_notices()
        return started["payment_no"], outbox.deliver

    outbox.deliver()
    for payment_no in every_moment(paid_late):
        time_passes()
        outbox.deliver()
        sandbox.advance(1)
        sandbox.wait_for_notices()
        outbox.deliver()

        case = ExceptionCase.objects.get(number=payment_no)
        assert (case.kind, case.state) == ("LATE_PAYMENT", "RESOLVED")
        [at_wechat] = [r for r in sandbox.refunds() if r["transaction_id"] == case.transaction_id]
        assert case.refunds.get().number == at_wechat["out_refund_no"]
        assert at_wechat["amount"]["refund"] == 800


def test_a_refund_of_an_order_that_died_is_decided_once(customer, paid):
    wallet = put_in(customer, principal=4_000)
    left = 0
    order_nos = []

    def begin():
        if len(order_nos) == 0 or Order.objects.get(number=order_nos[-1]).refundable < 100:
            order_nos.append(paid(customer, 1_000, "balance"))
            lets_go(order_nos[-1], 1_000)
        wish = (f"orders/{order_nos[-1]}/refunds", {"amount": 50, "reason": "OTHER"}, uuid.uuid4().hex)
        return wish, request(customer, *wish)

    for path, body, key in every_moment(begin):
        time_passes()
        again = customer.post(path, body, key=key)

        left += 50
        assert (again.status_code, again.json()["state"]) == (201, "SUCCEEDED")
        assert left_in(wallet)["principal"] == 4_000 - 1_000 * len(order_nos) + left
        order = Order.objects.get(number=order_nos[-1])
        assert (order.refunding, order.refunded) == (0, sum(order.refunds.values_list("amount", flat=True)))


def test_a_transfer_that_died_is_made_once(customer, sandbox, outbox, top_up):
    top_up(customer, 80_000)  # the merchant has something to give away
    user = User.objects.get(devices__device_id=customer.device_id)

    def asked_for():
        return merchant_transfer(user, amount=100), outbox.deliver

    outbox.deliver()
    for transfer in every_moment(asked_for):
        time_passes()
        outbox.deliver()
        transfer.refresh_from_db()
        sandbox.take_transfer(transfer.package)
        sandbox.wait_for_notices()
        push_transfer(number=transfer.number)

        [at_wechat] = sandbox.transfers(out_bill_no=transfer.number)
        assert (at_wechat["state"], at_wechat["transfer_amount"]) == ("SUCCESS", 100)
        kinds = (
            Journal.objects.filter(reference=transfer.number).order_by("pk").values_list("kind", flat=True)
        )
        assert list(kinds) == ["payout", "payout_settled"]
