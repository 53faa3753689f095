"""The page, the terminal and the control paths: what people and scripts hold in their hands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from wallet_project.sandbox.client import SandboxRefused

ROOT = Path(__file__).parents[3]


def test_the_page_shows_orders_in_yuan_and_no_secret(merchant, sandbox):
    order = merchant.order(description="<b>咖啡</b>")
    merchant.prepay(order)
    sandbox.fault("reset", path="/v3/refund")

    page = requests.get(f"{sandbox.base_url}/sandbox/", timeout=5).text

    credentials = sandbox.credentials
    assert order["out_trade_no"] in page
    assert "¥12.50" in page
    assert "&lt;b&gt;咖啡" in page
    assert "<b>咖啡" not in page
    assert "直接断开连接" in page
    assert credentials["app_secret"] not in page
    assert credentials["apiv3_key"] not in page
    assert str(sandbox.directory) not in page
    assert "http://" not in page.replace(order["notify_url"], "")  # nothing is fetched from elsewhere
    assert "https://" not in page


def test_control_paths_refuse_what_they_do_not_know(merchant, sandbox):
    prepay_id = merchant.prepay(merchant.order()).json()["prepay_id"]
    before = sandbox.book()

    for refused in (
        lambda: sandbox.confirm("wx-unknown"),
        lambda: sandbox.confirm(prepay_id, tip=1),
        lambda: sandbox.confirm(prepay_id, total="1"),
        lambda: sandbox.misbehave("sing"),
        lambda: sandbox.use_keys("none"),
        lambda: sandbox.advance(-1),
        lambda: sandbox.resend(10**9),
        lambda: sandbox.finish_refund("Runknown"),
    ):
        with pytest.raises(SandboxRefused):
            refused()

    assert sandbox.book() == before


def test_one_order_of_ours_may_be_paid_under_two_numbers(merchant, sandbox):
    first, second = merchant.order(attach="order-1"), merchant.order(attach="order-1")

    for order in (first, second):
        sandbox.confirm(merchant.prepay(order).json()["prepay_id"])

    assert merchant.query(first["out_trade_no"]).json()["attach"] == "order-1"
    assert merchant.query(second["out_trade_no"]).json()["attach"] == "order-1"
    assert sandbox.book()["payments"] == 2


def test_reset_forgets_trade_but_keeps_the_keys(merchant, sandbox):
    sandbox.confirm(merchant.prepay(merchant.order()).json()["prepay_id"])
    sandbox.fault("reset")
    sandbox.advance(60)

    sandbox.reset()

    assert (sandbox.payments(), sandbox.notices(), sandbox.faults()) == ([], [], [])
    assert sandbox.book()["balance"] == 0
    assert merchant.prepay(merchant.order()).status_code == 200


@pytest.fixture
def sandbox_pay(sandbox, tmp_path):
    """`manage.py sandbox_pay`, finding the sandbox through var/run.json."""
    (tmp_path / "run.json").write_text(json.dumps({"urls": {"sandbox": sandbox.base_url}}))
    environment = os.environ | {
        "WALLET_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "wallet_project.settings.test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    def run(*arguments):
        command = [sys.executable, "manage.py", "sandbox_pay", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)  # noqa: S603
        return done.returncode, done.stdout + done.stderr

    return run


def test_one_pays_from_a_terminal(merchant, sandbox, sandbox_pay):
    first, second = merchant.order(), merchant.order()
    merchant.prepay(first)
    merchant.prepay(second)

    _, listed = sandbox_pay()
    code, confirmed = sandbox_pay("confirm", first["out_trade_no"])
    _, cancelled = sandbox_pay("cancel")
    refused, message = sandbox_pay("confirm", first["out_trade_no"])

    assert "待支付 2 笔" in listed
    assert second["out_trade_no"] in listed
    assert (code, "requestPayment:ok  ¥12.50" in confirmed) == (0, True)
    assert f"requestPayment:fail cancel  ¥12.50  {second['out_trade_no']}" in cancelled
    assert (refused, "该订单已支付" in message) == (1, True)
    assert merchant.query(first["out_trade_no"]).json()["trade_state"] == "SUCCESS"
