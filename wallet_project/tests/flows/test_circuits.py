"""WeChat flaps: whoever comes meanwhile is told at once to come again, and nobody's money waits for it."""

import time
from collections.abc import Iterator

import pytest

from payments.models import Payment
from payments.services.closing import close_payment
from wallet_project.kit import circuits
from wallet_project.kit.testing.assertions import assert_error

PREPAY = "/v3/pay/transactions/jsapi"
REST_SECONDS = 2


@pytest.fixture
def brittle(settings) -> Iterator[None]:
    """Circuits as in production."""
    settings.CIRCUIT_FAILURES, settings.CIRCUIT_REST_SECONDS = 3, REST_SECONDS
    yield
    circuits.close_all()


def asked(sandbox) -> int:
    return len(sandbox.payments())


def test_while_wechat_rests_a_customer_hears_so_at_once_and_goes_on_afterwards(customer, sandbox, brittle):
    sandbox.fault("error_after", path=PREPAY, times=3)
    assert customer.post("wallet/top-ups", {"amount": 600}).status_code == 503  # three tries, and it is open
    orders, begun = asked(sandbox), time.monotonic()

    refused = customer.post("wallet/top-ups", {"amount": 700}, key="the-same-intention")

    assert time.monotonic() - begun < 1
    assert 1 <= assert_error(refused, 503, "CHANNEL_UNAVAILABLE")["retry_after"] <= REST_SECONDS
    assert refused.headers["Retry-After"] == str(refused.json()["detail"]["retry_after"])
    assert "微信支付暂时没有应答" in refused.json()["message"]
    assert asked(sandbox) == orders
    waiting = Payment.objects.get(openid=customer.openid, from_channel=700)
    assert (waiting.state, waiting.last_error) == ("REQUESTED", "")  # known not to be sent: nothing to doubt
    assert customer.get("wallet").json()["held"] == 0

    time.sleep(REST_SECONDS)
    again = customer.post("wallet/top-ups", {"amount": 700}, key="the-same-intention")
    assert again.status_code == 201, again.text
    assert Payment.objects.filter(openid=customer.openid, from_channel=700).count() == 1


def test_other_apis_go_on_meanwhile(customer, sandbox, brittle):
    begun = customer.post("wallet/top-ups", {"amount": 500}).json()
    sandbox.fault("error_after", path=PREPAY, times=3)
    assert customer.post("wallet/top-ups", {"amount": 600}).status_code == 503

    payment = Payment.objects.get(top_up__number=begun["top_up"]["number"])

    assert close_payment(number=payment.number, reason="顾客取消").state == "CLOSED"
