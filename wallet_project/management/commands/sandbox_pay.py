"""Act as the payer from a terminal: see what waits for payment, confirm or cancel it."""

import json
from argparse import ArgumentParser
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError

from wallet_project.launcher.places import var
from wallet_project.sandbox.client import Sandbox, SandboxRefused


class Command(BaseCommand):
    help = "沙箱付款：不带参数列出待支付订单；confirm / cancel 后跟商户订单号、prepay_id 或 last"
    requires_system_checks = ()  # it talks to the sandbox, not to our database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", nargs="?", choices=["list", "confirm", "cancel"], default="list")
        parser.add_argument("which", nargs="?", default="last", help="商户订单号、prepay_id 或 last")
        parser.add_argument("--twice", action="store_true", help="付两次")
        parser.add_argument("--late", action="store_true", help="关单后仍付款")
        parser.add_argument("--total", type=int, help="实付金额（分）")
        parser.add_argument("--openid", help="他人代付")
        parser.add_argument("--sandbox", help="沙箱地址；默认读取 var/run.json")

    def handle(self, *, deed: str, which: str, sandbox: str | None, **options: Any) -> None:
        payer = Sandbox(sandbox or _running_sandbox())
        wish = {name: options[name] for name in ("twice", "late", "total", "openid") if options[name]}
        try:
            if deed == "list":
                self._list(payer)
            elif deed == "confirm":
                self._tell(payer.confirm(_find(payer, which), **wish))
            else:
                self._tell(payer.cancel(_find(payer, which)))
        except SandboxRefused as refusal:
            raise CommandError(refusal.message) from refusal
        except requests.ConnectionError as error:
            raise CommandError(f"沙箱没有应答：{payer.base_url}") from error

    def _list(self, payer: Sandbox) -> None:
        waiting = payer.payments(state="NOTPAY")
        for order in waiting:
            self.stdout.write(f"{_yuan(order['total']):>12}  {order['out_trade_no']}  {order['description']}")
        self.stdout.write(f"待支付 {len(waiting)} 笔")

    def _tell(self, order: dict) -> None:
        self.stdout.write(f"{order['result']}  {_yuan(order['total'])}  {order['out_trade_no']}")
        for transaction_id in order["transaction_ids"]:
            self.stdout.write(f"  {transaction_id}")


def _running_sandbox() -> str:
    try:
        return json.loads((var() / "run.json").read_text(encoding="utf-8"))["urls"]["sandbox"]
    except FileNotFoundError as error:
        raise CommandError("系统没有运行（没有 var/run.json）；先启动，或用 --sandbox 指明地址") from error


def _find(payer: Sandbox, which: str) -> str:
    """The prepay_id of an order named by either number, or of the last one that waits."""
    orders = payer.payments(state="NOTPAY") if which == "last" else payer.payments()
    for order in orders:
        if which in {"last", order["out_trade_no"], order["prepay_id"]}:
            return order["prepay_id"]
    raise CommandError("没有这笔订单" if which != "last" else "没有待支付的订单")


def _yuan(fen: int) -> str:
    return f"¥{fen // 100}.{fen % 100:02d}"
