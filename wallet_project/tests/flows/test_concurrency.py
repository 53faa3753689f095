"""Many at the same moment: exactly one effect."""

import pytest

from payments.models import Order, Payment
from wallet.models import Journal
from wallet_project.kit.testing.wire import Api

pytestmark = pytest.mark.committed


def test_a_hundred_identical_pay_requests_pay_once(customer, top_up, place_order, in_parallel):
    top_up(customer, 10_000)
    number = place_order(customer, 6_000)
    grant = customer.grant_for(f"orders/{number}/pay", {"method": "balance"})

    def ask():
        return customer.post(f"orders/{number}/pay", {"method": "balance"}, key="one-intention", grant=grant)

    answers = in_parallel([ask] * 100)

    bodies = {answer.content for answer in answers if answer.status_code == 200}
    assert len(bodies) == 1
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"REQUEST_IN_PROGRESS"}
    assert Journal.objects.filter(reference=number).count() == 1
    assert customer.get("wallet").json()["available"] == 4_000


def test_a_hundred_pay_requests_with_keys_of_their_own_pay_once(customer, top_up, place_order, in_parallel):
    top_up(customer, 10_000)
    number = place_order(customer, 6_000)

    grants = [customer.grant_for(f"orders/{number}/pay", {"method": "balance"}) for _ in range(40)]

    answers = in_parallel(
        [
            lambda grant=grant: customer.post(f"orders/{number}/pay", {"method": "balance"}, grant=grant)
            for grant in grants
        ]
    )

    outcomes = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert outcomes.count((200, None)) == 1
    assert set(outcomes) <= {(200, None), (409, "ORDER_ALREADY_PAID")}
    assert customer.get("wallet").json()["available"] == 4_000


def test_fifty_payments_out_of_one_balance_that_covers_one(customer, top_up, place_order, in_parallel):
    top_up(customer, 10_000)
    numbers = [place_order(customer, 6_000) for _ in range(50)]
    grants = [customer.grant_for(f"orders/{number}/pay", {"method": "balance"}) for number in numbers]

    answers = in_parallel(
        [
            lambda n=number, grant=grant: customer.post(f"orders/{n}/pay", {"method": "balance"}, grant=grant)
            for number, grant in zip(numbers, grants, strict=True)
        ]
    )

    outcomes = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert outcomes.count((200, None)) == 1
    assert outcomes.count((409, "INSUFFICIENT_BALANCE")) == 49
    assert Order.objects.filter(number__in=numbers, state="PAID").count() == 1
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (4_000, 0)


def test_twenty_callbacks_at_once_credit_once(customer, sandbox, settled, in_parallel):
    started = customer.post("wallet/top-ups", {"amount": 700}).json()
    sandbox.misbehave("drop")
    customer.confirm(started["pay_params"])
    settled()
    notice = sandbox.notices()[0]["id"]

    in_parallel([lambda: sandbox.resend(notice)] * 20)
    settled()

    assert customer.get("wallet").json()["available"] == 700
    number = started["top_up"]["number"]
    assert Journal.objects.filter(reference=number).count() == 1
    assert len(customer.get("wallet/records").json()["items"]) == 1


@pytest.mark.parametrize("_once", range(4))
def test_a_callback_and_a_query_and_a_cancellation_at_once_have_one_outcome(
    customer, sandbox, place_order, pay, settled, in_parallel, _once
):
    number = place_order(customer, 500)
    started = pay(customer, number, "wechat")

    in_parallel(
        [
            lambda: customer.confirm(started["pay_params"]),
            lambda: customer.post(f"orders/{number}/cancel"),
            lambda: customer.get(f"orders/{number}", wait=1),
        ]
    )
    settled()

    order = customer.get(f"orders/{number}").json()
    paid_at_wechat = sandbox.payment(started["payment_no"])["state"] in {"SUCCESS", "REFUND"}
    assert order["state"] == ("PAID" if paid_at_wechat else "CLOSED")


def test_two_phones_paying_one_shop_order_pay_it_once(new_customer, top_up, shop, in_parallel):
    first, second = new_customer(), new_customer()
    top_up(first, 1_000)
    top_up(second, 1_000)
    number = shop.create_order(amount=900)["number"]

    def pay_as(person: Api):
        return person.post(f"orders/{number}/pay", {"method": "balance"})

    answers = in_parallel([lambda: pay_as(first), lambda: pay_as(second)])

    assert sorted(answer.status_code for answer in answers) in ([200, 404], [200, 409])
    assert Payment.objects.filter(order__number=number, state="PAID").count() == 1
    left = first.get("wallet").json()["total"] + second.get("wallet").json()["total"]
    assert left == 1_100
