"""A part of the demo's story: what the customer was told, and what their phone tells us."""

import uuid

from wallet_project.kit import clock
from wallet_project.management.clients import MiniProgram, wait_until
from wallet_project.management.demo_friends import Expect, Say


def tell_of_messages(customer: MiniProgram, *, say: Say, expect: Expect) -> None:
    """`customer` has topped up and paid."""
    told = wait_until(
        lambda inbox: any(message["title"] == "支付成功" for message in inbox["items"]),
        lambda: customer.get("notifications/messages?category=MONEY"),
    )
    newest = next(message for message in told["items"] if message["title"] == "支付成功")
    say("消息中心", "the inbox", newest["body"])
    unread = customer.post("notifications/messages/read", {})["categories"]
    left = [each["title"] for each in unread if each["unread"]]
    expect("全部已读后，未读", "unread when all is read", left, [])

    seen = {
        "id": str(uuid.uuid4()),
        "name": "viewed",
        "at": clock.iso(clock.now()),
        "properties": {"screen": "inbox", "seconds": 3},
    }
    told_of = {"device_id": f"demo-{uuid.uuid4().hex[:12]}", "platform": "android", "events": [seen]}
    kept = [customer.post("events", told_of)["kept"] for _again in range(2)]
    expect("行为事件重发只记一次", "an event told twice is kept once", kept, [1, 0])

    config = customer.get("config")
    on = [name for name, is_on in config["features"].items() if is_on]
    say("启动配置，已开放的功能", "what is on for this client", "、".join(on))
