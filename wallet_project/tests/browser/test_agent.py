"""An agent works a case in a real browser: from the queue over the money to what the customer says of it."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from feedback.models import Ticket
from payments.models import OrderRefund
from payments.tests.factories import paid_order
from wallet.tests.dealings import somebody

pytestmark = pytest.mark.committed

QUEUE = "/admin/feedback/ticket/"


class Customer:
    """Whoever bought for 26.00 yuan, has 99.00 left, and calls the API."""

    def __init__(self) -> None:
        login = somebody(principal=99_00, nickname="林小满").login
        self.order = paid_order(login.user, amount=26_00)
        self.client = Client(headers=login.as_header())

    def post(self, path, **body):
        answer = self.client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code < 300, answer.content
        return answer.json()

    def get(self, path):
        return self.client.get(f"/api/v1/{path}").json()

    def asks_for_money_back(self) -> str:
        wish = {"kind": "REFUND", "body": "付了两次\n请退一次", "about": f"order:{self.order.number}"}
        return self.post("tickets", client_id="first-words", **wish)["number"]

    def rates(self, number, score):
        [asked] = [each for each in self.get("surveys/invitations")["items"] if number in each["about"]]
        said = {"question": asked["questions"][0]["id"], "score": score}
        self.post(f"surveys/invitations/{asked['number']}/answers", answers=[said])


def panel(page, title):
    return page.locator(".desk-side section").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_from_the_queue_to_the_score(sit_down, outbox):
    customer = Customer()
    number = customer.asks_for_money_back()
    outbox.deliver()
    page = sit_down()

    page.goto(QUEUE)
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/?q={number}")
    page.locator(".desk-subject").click()
    expect(page.locator(".said-customer .said-body").first).to_have_text("付了两次\n请退一次")
    expect(panel(page, "资产")).to_contain_text("99.00")
    expect(panel(page, "关联业务")).to_contain_text("26.00")
    page.get_by_role("link", name="接手").click()
    page.get_by_role("button", name="接手").click()
    expect(page.locator(".desk-head")).to_contain_text(re.compile(r"li-\w+ 受理"))

    panel(page, "办理").get_by_role("link", name="订单退款").click()
    page.get_by_label("退款金额").fill("26.00")
    page.get_by_label("原因").fill("门店断网，顾客重复支付")
    page.get_by_role("button", name="订单退款").click()
    page.wait_for_url("**/change/**")
    outbox.deliver()
    assert OrderRefund.objects.get(order=customer.order).state == "SUCCEEDED"
    expect(page.locator(".said-system").last).to_contain_text("26.00")
    expect(panel(page, "资产")).to_contain_text("125.00")

    page.keyboard.press("c")
    page.get_by_role("button", name="退款已提交").click()
    expect(page.get_by_label("内容")).to_have_value(re.compile("退款已为您提交"))
    page.get_by_role("button", name="发送并解决").click()
    expect(page.locator(".desk-head")).to_contain_text("已解决")
    outbox.deliver()

    said = customer.get(f"tickets/{number}/messages")["items"]
    assert any(line["voice"] == "AGENT" and "退款已为您提交" in line["body"] for line in said)
    customer.rates(number, 4)
    page.reload()
    expect(panel(page, "评价")).to_contain_text("4 分")


def test_on_a_phone_nothing_scrolls_sideways(sit_down, outbox):
    number = Customer().asks_for_money_back()
    outbox.deliver()
    page = sit_down()
    page.set_viewport_size({"width": 390, "height": 844})

    for address in (QUEUE, f"{QUEUE}{Ticket.objects.get(number=number).pk}/change/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
