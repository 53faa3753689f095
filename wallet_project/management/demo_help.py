"""A part of the demo's story: somebody needs help with what they paid for."""

import secrets

from wallet_project.management.clients import MiniProgram
from wallet_project.management.demo_friends import Expect, Say


def tell_of_help(customer: MiniProgram, *, say: Say, expect: Expect) -> None:
    """`customer` has paid an order."""
    order = customer.get("orders")["items"][0]
    wish = {
        "kind": "REFUND",
        "body": "有一杯拿铁送来已经凉了，能退这一杯吗？",
        "about": f"order:{order['number']}",
        "client_id": secrets.token_hex(8),
    }
    ticket, again = customer.post("tickets", wish), customer.post("tickets", wish)
    say("提交工单，关联订单", "a ticket about an order", f"{ticket['kind_name']}，{ticket['state_name']}")
    expect("重复提交只有一张工单", "sent twice, one ticket", again["number"], ticket["number"])

    path = f"tickets/{ticket['number']}/messages"
    customer.post(path, {"body": "订单里的第二杯。", "client_id": secrets.token_hex(8)})
    said = [message["body"] for message in customer.get(path)["items"] if message["voice"] == "CUSTOMER"]
    expect("工单里的留言", "what was said in it", sorted(said), sorted([wish["body"], "订单里的第二杯。"]))
