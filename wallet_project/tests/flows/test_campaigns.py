"""From what a customer does to the money in their wallet, and back with what they send back."""

import pytest

from coupons.models import Campaign
from coupons.tests.campaigns import broken, campaign
from wallet.models import TopUp
from wallet_project.approvals.going_live import retire
from wallet_project.tests.flows.refunding import ask, asked, lets_go


@pytest.fixture
def runs(committed_db):
    """One that gives at once, until the test is over."""
    made = []

    def run(**columns):
        made.append(campaign(vest_days=0, **columns))
        return made[-1]

    yield run
    for each in made:
        retire(row=Campaign.objects.get(pk=each.pk), reason="测试结束")


def test_a_share_of_a_payment_comes_back_and_goes_with_what_is_sent_back(customer, runs, paid, settled):
    made = runs()
    order_no = paid(customer, 80_00, "wechat")
    settled()

    assert customer.get("wallet").json()["cashback"] == 4_00
    [mine] = [each for each in customer.get("campaigns").json()["items"] if each["id"] == made.pk]
    assert (mine["pending"], mine["given"]) == (0, 4_00)

    lets_go(order_no, 80_00)
    asked(ask(customer, order_no, 20_01))
    settled()

    assert customer.get("wallet").json()["cashback"] == 2_99
    [reward] = customer.get("rewards").json()["items"]
    assert (reward["amount"], reward["promised"], reward["state_name"]) == (2_99, 4_00, "已发放")
    assert broken() == {}


def test_a_first_top_up_that_goes_back_takes_its_gift_along(new_phone, customer, runs, top_up, settled):
    made = runs(tasks={"FIRST_TOP_UP": ("BONUS", 5_00)})
    customer.bind_phone(new_phone())
    for _time in range(2):
        top_up(customer, 100_00)
    assert customer.get("wallet").json()["bonus"] == 5_00

    first = TopUp.objects.filter(wallet__user__devices__device_id=customer.device_id).earliest("credited_at")
    customer.post(f"wallet/top-ups/{first.number}/refund", {"refund": 100_00}).raise_for_status()
    settled()

    wallet = customer.get("wallet").json()
    assert (wallet["principal"], wallet["bonus"]) == (100_00, 0)
    assert Campaign.objects.get(pk=made.pk).committed == 0
