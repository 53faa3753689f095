"""The story of one customer, told over the public API alone, and every fen of it checked."""

import json
import secrets
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError

from wallet.rules.chart import Side
from wallet.selectors.journal import trial_balance
from wallet.services.integrity import check_ledger
from wallet_project.kit.money import yuan
from wallet_project.launcher.places import var
from wallet_project.management.clients import MiniProgram, Shop, wait_for
from wallet_project.management.demo_friends import tell_of_friends
from wallet_project.management.demo_growth import tell_of_growth
from wallet_project.management.demo_help import tell_of_help
from wallet_project.management.demo_messages import tell_of_messages
from wallet_project.sandbox.client import Sandbox, SandboxRefused

SHOP_ORDER = {
    "title": "网上商城订单",
    "items": [
        {"name": "挂耳咖啡 10 片", "sku": "DRIP-10", "unit_price": 39_00, "quantity": 1},
        {"name": "马克杯", "sku": "MUG-1", "unit_price": 25_00, "quantity": 2},
    ],
}
RECORDS = [
    ("payment", 99_00, 0),
    ("payment", 89_00, 65_00),
    ("payment", 35_00, 65_00),
    ("top_up", 100_00, 100_00),
]


class Command(BaseCommand):
    help = "演示：登录、充值、三种方式付款、对账；只用公开接口  Play the story on the running system"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        system = _running_system()
        customer = MiniProgram(system["urls"]["web"], Sandbox(system["urls"]["sandbox"]))
        try:
            self.tell(customer, Shop(**system["merchant_api"]))
        except (requests.RequestException, SandboxRefused) as error:
            raise CommandError(f"✗ 应答不对  not the answer there should be: {error}") from error

    def tell(self, customer: MiniProgram, shop: Shop) -> None:
        wechat_before = customer.wechat.book()

        person = customer.log_in()
        phone = customer.bind_phone(f"139{secrets.randbelow(10**8):08d}")["phone_masked"]
        self.say("微信登录，绑定手机", "WeChat login, phone bound", f"{person['nickname']} {phone}")

        customer.set_pin("318842")
        self.say("设置支付密码", "payment PIN set", "短信验证，之后余额付款都要输入 proven by text message")

        self.top_up(customer, 100_00)

        order = customer.post("orders", {"store": "renmin", "amount": 35_00, "remark": "两杯拿铁"})
        self.pay(customer, order, method="balance", balance=35_00, channel=0)

        identity = {"shop_order_no": f"DEMO-{secrets.token_hex(6)}", "payer_openid": customer.openid}
        order = shop.create_order({**SHOP_ORDER, **identity})
        self.pay(customer, order, method="wechat", balance=0, channel=89_00)

        order = customer.post("orders", {"store": "binjiang", "amount": 99_00})
        self.pay(customer, order, method="combined", balance=65_00, channel=34_00)

        self.check_what_the_customer_sees(customer)
        friend = self.friend_of(customer)
        tell_of_friends(customer, friend, say=self.say, expect=self.expect)
        tell_of_growth(customer, friend, say=self.say, expect=self.expect)
        tell_of_help(customer, say=self.say, expect=self.expect)
        tell_of_messages(customer, say=self.say, expect=self.expect)
        paid = customer.wechat.book()["paid"] - wechat_before["paid"]
        self.expect("微信侧账本，本次收款", "WeChat's own book, this story", paid, 423_00)
        report = check_ledger()
        self.expect(
            "总账检查，不符的",
            "ledger check, what is wrong",
            [finding.sentence for finding in report.findings],
            [],
        )
        rows = trial_balance()
        difference = sum(row.balance if row.side is Side.CREDIT else -row.balance for row in rows)
        self.expect("试算平衡，贷方减借方", "trial balance, credits less debits", difference, 0)
        held = f"{len(report.holds_true)} 项检查成立 sentences hold，{report.journals} 笔凭证 journals"
        self.say("总账一分不差", "every fen is in the ledger", held)

    def friend_of(self, customer: MiniProgram) -> MiniProgram:
        """Somebody whom the customer brought, with a phone and a PIN; and 200.00 to share with them."""
        friend = MiniProgram(customer.address, customer.wechat)
        friend.log_in()
        friend.post("referral/inviter", {"code": customer.get("referral")["code"]})
        friend.bind_phone(f"138{secrets.randbelow(10**8):08d}")
        friend.set_pin("604173")
        self.top_up(customer, 200_00)
        return friend

    def top_up(self, customer: MiniProgram, amount: int) -> None:
        started = customer.post("wallet/top-ups", {"amount": amount})
        customer.confirm(started["pay_params"])
        wait_for("CREDITED", lambda: customer.get(f"wallet/top-ups/{started['top_up']['number']}"))
        self.say("微信充值到账", "topped up by WeChat Pay", f"¥{yuan(amount)}")
        self.expect("可用余额", "available balance", customer.get("wallet")["available"], amount)

    def pay(self, customer: MiniProgram, order: dict, *, method: str, balance: int, channel: int) -> None:
        checkout = customer.post(f"orders/{order['number']}/pay", {"method": method})
        if checkout["pay_params"]:
            customer.confirm(checkout["pay_params"])
        paid = wait_for("PAID", lambda: customer.get(f"orders/{order['number']}?wait=5"))
        parts = {"余额 balance": paid["paid_from_balance"], "微信 WeChat": paid["paid_from_channel"]}
        how = " + ".join(f"{name} ¥{yuan(part)}" for name, part in parts.items() if part)
        self.say(f"订单已付 {paid['title']} ¥{yuan(paid['amount'])}", "order paid", how)
        self.expect("余额与微信各付", "parts", tuple(parts.values()), (balance, channel))

    def check_what_the_customer_sees(self, customer: MiniProgram) -> None:
        wallet = customer.get("wallet")
        self.expect("余额、冻结", "balance, holds", (wallet["total"], wallet["held"]), (0, 0))
        records = customer.get("wallet/records")["items"]
        lines = [(line["kind"], line["amount"], line["balance_after"]) for line in records]
        self.expect("账单记录", "records", lines, RECORDS)
        month = customer.get(f"wallet/records/months/{records[0]['occurred_at'][:7]}")
        self.expect(
            "当月收入、支出", "month's income, expense", (month["income"], month["expense"]), (100_00, 223_00)
        )
        orders = [(order["state"], order["amount"]) for order in customer.get("orders")["items"]]
        self.expect("订单", "orders", orders, [("PAID", 99_00), ("PAID", 89_00), ("PAID", 35_00)])

    def say(self, chinese: str, english: str, facts: str) -> None:
        self.stdout.write(f"· {chinese}  {english}: {facts}")

    def expect(self, chinese: str, english: str, got: Any, wanted: Any) -> None:
        if got != wanted:
            raise CommandError(f"✗ {chinese}不符  {english} differ: {got!r}，应为 should be {wanted!r}")
        self.stdout.write(f"  ✓ {chinese}  {english}: {_shown(got)}")


def _shown(got: Any) -> str:
    """Amounts as amounts, words as words; of a list only how long it is: its rows have been compared."""
    if isinstance(got, list):
        return f"{len(got)} 条 rows" if got else "无 none"
    amounts = got if isinstance(got, tuple) else (got,)
    return "、".join(f"¥{yuan(amount)}" if isinstance(amount, int) else str(amount) for amount in amounts)


def _running_system() -> dict:
    try:
        return json.loads((var() / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandError("系统没有运行，请先 make run  Nothing runs here: start it with make run") from None
