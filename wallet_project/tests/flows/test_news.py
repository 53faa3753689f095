"""Whoever tops up, pays and is paid back reads of it in their inbox, and of nothing else."""


def read(customer) -> list[tuple[str, str]]:
    items = customer.get("notifications/messages?category=MONEY").json()["items"]
    return [(item["title"], item["body"]) for item in reversed(items)]


def test_who_pays_reads_of_it_and_opens_the_order(customer, new_customer, top_up, paid, settled):
    top_up(customer, 10_000)
    number = paid(customer, 3_000, "balance")
    settled()

    (topped_up, bought) = read(customer)
    assert topped_up == ("充值到账", "您充值的 ¥100.00 已到账。")
    assert bought[0] == "支付成功"
    assert "¥30.00" in bought[1]
    newest = customer.get("notifications/messages").json()["items"][0]
    assert newest["link"] == f"pages/orders/show?number={number}"
    assert newest["about"] == f"order:{number}"
    unread = customer.get("notifications/unread").json()
    assert {each["category"]: each["unread"] for each in unread["categories"]}["MONEY"] == 2

    customer.post(f"notifications/messages/{newest['number']}/opened", {}).raise_for_status()
    unread = customer.get("notifications/unread").json()
    assert {each["category"]: each["unread"] for each in unread["categories"]}["MONEY"] == 1
    assert read(new_customer()) == []
