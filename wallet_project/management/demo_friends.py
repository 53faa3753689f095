"""The second half of the demo's story: what two customers do with their money."""

import secrets
from collections.abc import Callable
from typing import Any

from wallet_project.kit.money import yuan
from wallet_project.management.clients import MiniProgram, wait_for

Say = Callable[[str, str, str], None]
Expect = Callable[[str, str, Any, Any], None]


def tell_of_friends(customer: MiniProgram, friend: MiniProgram, *, say: Say, expect: Expect) -> None:
    """`customer` has 200.00 of their own; `friend` has a phone and nothing yet."""
    transfer = _send(customer, friend, amount=30_00)
    say(
        "转账，先看清是谁、多少手续费",
        "transfer, payee and fee shown first",
        f"¥30.00 → {transfer['other']['nickname']}",
    )
    expect("朋友的余额", "the friend's balance", friend.get("wallet")["total"], 30_00)

    packet = customer.post(
        "wallet/red-packets", {"kind": "lucky", "amount": 10_00, "count": 2, "greeting": "恭喜发财"}
    )
    shares = [
        person.post(f"wallet/red-packets/{packet['token']}/open", {})["mine"]["amount"]
        for person in (friend, customer)
    ]
    say(
        "拼手气红包，两人各拆一份",
        "lucky red packet, opened by both",
        " + ".join(f"¥{yuan(share)}" for share in shares),
    )
    expect("两份合计", "the shares add up", sum(shares), 10_00)

    quote = customer.post("wallet/quotes", {"kind": "withdraw", "amount": 50_00})
    say("提现前先报价", "a quote before withdrawing", f"手续费 fee ¥{yuan(quote['fee'])}，{quote['arrival']}")

    _pay_bill(customer, amount=56_80, say=say, expect=expect)

    wallet = customer.get("wallet")
    expect("分享之后的余额", "balance after all of it", wallet["total"], 103_20 + shares[1])
    month = customer.get("wallet/records")["items"][0]["occurred_at"][:7]
    asked = customer.post("wallet/statements", {"month": month})
    paper = wait_for("READY", lambda: customer.get(f"wallet/statements/{asked['number']}"))
    forms = "、".join(file["form"].upper() for file in paper["files"])
    say(
        "月度对账单",
        "the month's statement",
        f"{paper['lines']} 笔 lines，{forms}，{paper['checksum'][:12]}…",
    )
    expect("期初、期末余额", "opening, closing", (paper["opening"], paper["closing"]), (0, wallet["total"]))


def _pay_bill(customer: MiniProgram, *, amount: int, say: Say, expect: Expect) -> None:
    """The biller takes its time: until it has answered, the money is held."""
    account = f"3{secrets.randbelow(10**7):07d}"
    customer.wechat.bill_account("power", account, due=amount)
    bill = customer.post("bill-queries", {"biller": "power", "account": account})
    say("查询电费，先看欠多少", "the electricity bill", f"{bill['name']}，¥{yuan(bill['due'])}")
    quote = customer.post("wallet/quotes", {"kind": "bill", "amount": amount, "payee": bill["payee"]})
    wish = {"payee": bill["payee"], "amount": amount, "quote_id": quote["id"]}
    sent = customer.post("bill-payments", wish)
    paid = wait_for("SUCCEEDED", lambda: customer.get(f"bill-payments/{sent['number']}"))
    say(
        "缴费先冻结，机构回了结果才扣款",
        "held, then paid when the biller said so",
        f"{sent['state_name']} → {paid['state_name']}",
    )
    wallet = customer.get("wallet")
    expect("缴费之后的冻结", "held after the bill", wallet["held"], 0)


def _send(sender: MiniProgram, receiver: MiniProgram, *, amount: int) -> dict:
    payee = sender.post("wallet/payees", {"phone": receiver.phone})["payee_token"]
    quote = sender.post("wallet/quotes", {"kind": "transfer", "amount": amount, "payee": payee})
    return sender.post(
        "wallet/transfers",
        {"payee_token": payee, "amount": amount, "quote_id": quote["id"], "remark": "午饭"},
    )
