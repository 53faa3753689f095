"""What WeChat paid for is shipped, WeChat is told of it, and tells when it pays."""

import uuid

import pytest
from django.conf import settings

from payments.models import CallbackReceipt, ExceptionCase, Payment, RejectedCallback, Shipment, Store
from payments.services.shipping import upload_again, upload_shipment
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

PARCEL = {"way": "EXPRESS", "company": "ZTO", "tracking_no": "78123456789012"}
UPLOAD = "/wxa/sec/order"


@pytest.fixture
def bought(customer, shop, pay, settled):
    """A shop's order that WeChat paid; its number and the transaction's."""

    def buy() -> tuple[str, str]:
        number = shop.create_order(amount=8_900)["number"]
        customer.confirm(pay(customer, number, "wechat")["pay_params"])
        settled()
        return number, Payment.objects.get(order__number=number, state="PAID").transaction_id

    return buy


@pytest.fixture
def push(sandbox, web_server, settled):
    def send(message, **wish) -> dict:
        answer = sandbox.push(f"{web_server}/api/v1/callbacks/wechat/messages", message, **wish)
        settled()
        return answer

    return send


def shipment_of(number) -> Shipment:
    return Shipment.objects.get(order__number=number)


def try_again(number) -> Shipment:
    Shipment.objects.filter(order__number=number).update(next_try_at=clock.now())
    upload_shipment(shipment_id=shipment_of(number).pk)
    return shipment_of(number)


def settlement(transaction_id, **facts) -> dict:
    return {
        "ToUserName": "gh_sandbox",
        "FromUserName": "owechat",
        "CreateTime": 1_714_112_445,
        "MsgType": "event",
        "Event": "trade_manage_order_settlement",
        "transaction_id": transaction_id,
        "merchant_id": settings.WECHAT["mchid"],
        **facts,
    }


def test_a_parcel_of_the_shop_is_told_to_wechat_once(shop, bought, sandbox, settled):
    number, transaction_id = bought()

    shipped = shop.call("POST", f"orders/{number}/shipping", PARCEL)
    again = shop.call("POST", f"orders/{number}/shipping", PARCEL)
    settled()

    assert shipped.status_code == again.status_code == 201
    assert (shipped.json()["state"], shipped.json()["items"]) == ("WAITING", "挂耳咖啡*1")
    assert shipment_of(number).state == "UPLOADED"
    [kept] = sandbox.shippings(transaction_id)
    assert kept["times"] == 1
    assert kept["told"]["shipping_list"] == [
        {"item_desc": "挂耳咖啡*1", "tracking_no": "78123456789012", "express_company": "ZTO"}
    ]
    other = shop.call("POST", f"orders/{number}/shipping", {**PARCEL, "tracking_no": "1"})
    assert_error(other, 409, "SHIPPING_CONFLICT")


def test_what_is_not_paid_or_cannot_be_tracked_is_not_shipped(shop):
    number = shop.create_order(amount=100)["number"]

    assert_error(shop.call("POST", f"orders/{number}/shipping", PARCEL), 409, "ORDER_NOT_SHIPPABLE")
    assert_error(shop.call("POST", f"orders/{number}/shipping", {"way": "EXPRESS"}), 400, "INVALID_INPUT")
    assert not Shipment.objects.filter(order__number=number).exists()


def test_wechat_that_does_not_know_the_order_yet_or_is_silent_is_told_later(shop, bought, sandbox, settled):
    number, transaction_id = bought()
    sandbox.fault("errcode", errcode=10060001, path=UPLOAD)
    shop.call("POST", f"orders/{number}/shipping", PARCEL)
    settled()
    early = shipment_of(number)
    assert (early.state, early.tries_used) == ("WAITING", 1)
    assert early.next_try_at > clock.now()

    sandbox.fault("reset_after", path=UPLOAD)  # taken, and we do not hear of it
    assert try_again(number).state == "WAITING"
    told = try_again(number)  # 10060023: nothing new

    assert told.state == "UPLOADED"
    assert [kept["times"] for kept in sandbox.shippings(transaction_id)] == [1]
    assert not ExceptionCase.objects.filter(transaction_id=transaction_id).exists()


def test_what_wechat_refuses_is_a_case_and_goes_again_by_hand(shop, bought, sandbox, settled):
    number, transaction_id = bought()
    sandbox.fault("errcode", errcode=10060004, path=UPLOAD)
    shop.call("POST", f"orders/{number}/shipping", PARCEL)
    settled()

    refused = shipment_of(number)
    assert (refused.state, refused.next_try_at) == ("REFUSED", None)
    case = ExceptionCase.objects.get(transaction_id=transaction_id)
    assert (case.kind, case.amount, case.state) == ("SHIPPING_REFUSED", 0, "OPEN")

    upload_again(shipment_id=refused.pk, reason="已在后台核对")
    settled()
    case.refresh_from_db()
    assert (shipment_of(number).state, case.state) == ("UPLOADED", "RESOLVED")


def test_goods_that_need_no_carrier_are_shipped_as_soon_as_they_are_paid(
    customer, store, paid, top_up, sandbox, settled
):
    Store.objects.filter(pk=store.pk).update(ships_as="PICKUP")
    by_wechat = paid(customer, 300, "wechat")
    settled()
    top_up(customer, 500)
    from_balance = paid(customer, 500, "balance")
    settled()

    shipment = shipment_of(by_wechat)
    assert (shipment.state, shipment.way, shipment.items) == ("UPLOADED", "PICKUP", store.name)
    [kept] = sandbox.shippings(shipment.payment.transaction_id)
    assert kept["told"]["logistics_type"] == 4
    assert shipment_of(from_balance).state == "NOT_NEEDED"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_wechat_says_when_it_pays_and_is_heard_once(shop, bought, push, settled, form):
    number, transaction_id = bought()
    shop.call("POST", f"orders/{number}/shipping", PARCEL)
    settled()
    message = settlement(transaction_id, estimated_settlement_time=1_796_000_000)

    assert push(message, format=form) == {"status": 200, "answer": "success"}
    assert push(message, format=form)["status"] == 200
    push(settlement(transaction_id, CreateTime=1_714_112_446, settlement_time=1_796_000_100), format=form)

    told = shipment_of(number)
    assert (told.settles_at.timestamp(), told.settled_at.timestamp()) == (1_796_000_000, 1_796_000_100)
    subject = Payment.objects.get(transaction_id=transaction_id).number
    receipts = CallbackReceipt.objects.filter(source="push", subject=subject).order_by("pk")
    assert [(receipt.state, receipt.repeats) for receipt in receipts] == [("DONE", 1), ("DONE", 0)]


def test_a_message_that_does_not_fit_or_warns_is_a_case(push, bought):
    _number, transaction_id = bought()
    push(settlement(f"42{uuid.uuid4().int % 10**26:026d}"))
    push(settlement(transaction_id, Event="trade_manage_remind_shipping", msg="请尽快发货"))
    push(settlement(transaction_id, Event="trade_manage_something_new"))
    push(settlement(transaction_id, CreateTime=2, settlement_time="soon"))

    kinds = [case.kind for case in ExceptionCase.objects.order_by("-pk")[:4]]
    assert kinds == ["UNREADABLE_NOTICE", "UNREADABLE_NOTICE", "WECHAT_WARNING", "UNKNOWN_ORDER"]


def test_what_a_customer_writes_is_kept_and_no_case(push):
    cases = ExceptionCase.objects.count()

    written = {"FromUserName": "ocustomer", "MsgType": "text", "Content": "你好"}
    push({**written, "MsgId": uuid.uuid4().int % 10**11})

    kept = CallbackReceipt.objects.filter(source="push").latest("pk")
    assert (kept.event_type, kept.state) == ("text", "DONE")
    assert "你好" not in kept.body, "it stays encrypted"
    assert ExceptionCase.objects.count() == cases


def test_nobody_but_wechat_pushes_anything(sandbox, push, web_server):
    before = CallbackReceipt.objects.count()
    rejected = sum(RejectedCallback.objects.values_list("count", flat=True))

    forged = push(settlement("42"), token="another")
    stale = push(settlement("42"), timestamp=1_714_112_445)

    assert (forged["status"], stale["status"]) == (401, 401)
    assert CallbackReceipt.objects.count() == before
    assert sum(RejectedCallback.objects.values_list("count", flat=True)) == rejected + 2


def test_wechat_finds_the_address_and_others_do_not(sandbox, web_server):
    url = f"{web_server}/api/v1/callbacks/wechat/messages"

    assert sandbox.push(url, echo="7301234567") == {"status": 200, "answer": "7301234567"}
    assert sandbox.push(url, echo="7301234567", token="another")["status"] == 401
