"""A paid order goes back the way its money came: to the fen, in pieces, whoever asks."""

import uuid

import pytest

from payments.errors import RefundNotInReview
from payments.models import Order, OrderRefund, OrderSource, Refund
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import refund_by_staff
from payments.services.refund_decisions import approve_refund, reject_refund
from payments.tasks import query_open_refunds
from wallet.models import Lot, Record
from wallet_project.approvals.errors import AlreadyProposed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit.money import Fen
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.tests.flows.refunding import (
    a_minute_passes,
    ask,
    asked,
    grant,
    left_in,
    lets_go,
    member,
    put_in,
    shown,
)


def test_pieces_go_back_over_every_source_and_make_up_the_whole(customer, sandbox, paid, settled):
    wallet = put_in(customer, principal=333, bonus=200, cashback=100)
    lots = dict(Lot.objects.filter(account__wallet=wallet).values_list("pk", "remaining"))
    order_no = paid(customer, 1_000, "combined")
    assert left_in(wallet) == {"principal": 0, "bonus": 0, "cashback": 0}
    lets_go(order_no, 1_000)

    first = asked(ask(customer, order_no, 501))
    settled()

    assert first["state"] == "PROCESSING"
    assert [(part["paid_by"], part["amount"]) for part in first["parts"]] == [
        ("principal", 167),
        ("bonus", 100),
        ("cashback", 50),
        ("wechat", 184),
    ]
    assert first["summary"].startswith("退回余额 ¥3.17（已到账），退回微信 ¥1.84（")
    found = shown(customer, order_no)
    assert (found["refunded"], found["refundable"]) == (501, 499)
    assert [step["code"] for step in found["refunds"][0]["timeline"]][-2:] == ["ARRIVED_WECHAT", "SUCCEEDED"]

    second = asked(ask(customer, order_no, 499))
    settled()
    assert shown(customer, order_no)["refunds"][0]["state"] == "PROCESSING", "WeChat takes one a minute"
    a_minute_passes(sandbox, order_no)
    query_open_refunds()
    settled()

    assert customer.get(f"orders/{order_no}/refunds/{second['number']}").json()["state"] == "SUCCEEDED"
    assert left_in(wallet) == {"principal": 333, "bonus": 200, "cashback": 100}
    assert dict(Lot.objects.filter(account__wallet=wallet).values_list("pk", "remaining")) == lots
    at_wechat = Refund.objects.filter(part__refund__order__number=order_no)
    assert sum(refund.amount for refund in at_wechat) == 367
    assert shown(customer, order_no)["refundable"] == 0
    assert_error(ask(customer, order_no, 1), 409, "REFUND_EXCEEDS_PAID")
    lines = Record.objects.filter(wallet=wallet, reference=order_no).order_by("pk")
    assert [(line.kind, line.amount) for line in lines] == [
        ("payment", 1_000),
        ("refund", 501),
        ("refund", 499),
    ]


def test_what_the_seller_does_not_let_go_waits_for_a_person(customer, paid, settled):
    wallet = put_in(customer, principal=900)
    order_no = paid(customer, 900, "balance")
    lets_go(order_no, 300)

    small = asked(ask(customer, order_no, 200))
    large = asked(ask(customer, order_no, 200))  # 400 of the order in all: no piece slips through

    assert (small["state"], large["state"], large["may_be_withdrawn"]) == ("SUCCEEDED", "REVIEW", True)
    assert left_in(wallet)["principal"] == 200
    assert_error(ask(customer, order_no, 1), 409, "REFUND_UNDER_REVIEW")
    assert shown(customer, order_no)["refundable"] == 500

    approve_refund(number=large["number"], reviewer_id=member(), note="核对无误")

    assert shown(customer, order_no)["refunds"][0]["state"] == "SUCCEEDED"
    assert left_in(wallet)["principal"] == 400


def test_a_refusal_says_why_and_may_be_questioned_once(customer, paid):
    wallet = put_in(customer, principal=900)
    order_no = paid(customer, 900, "balance")

    for why in ("已超过退货时间", "商品已签收并使用"):
        number = asked(ask(customer, order_no, 900))["number"]
        reject_refund(number=number, reviewer_id=member(), answer=why)
        found = customer.get(f"orders/{order_no}/refunds/{number}").json()
        assert (found["state"], found["refusal"]) == ("REJECTED", why)
        with pytest.raises(RefundNotInReview):
            approve_refund(number=number, reviewer_id=member(), note="核对无误")

    assert_error(ask(customer, order_no, 900), 409, "REFUND_REJECTED_BEFORE")
    assert left_in(wallet)["principal"] == 0
    assert shown(customer, order_no)["refundable"] == 900
    assert not OrderSource.objects.filter(order__number=order_no, returned__gt=0).exists()


def test_a_request_is_withdrawn_once_and_by_its_payer_alone(new_customer, paid):
    mine, stranger = new_customer(), new_customer()
    put_in(mine, principal=900)
    order_no = paid(mine, 900, "balance")
    path = f"orders/{order_no}/refunds/{asked(ask(mine, order_no, 400))['number']}"

    for answer in (stranger.get(path), stranger.post(f"{path}/withdraw"), ask(stranger, order_no, 1)):
        assert_error(answer, 404, "NOT_FOUND")

    assert mine.post(f"{path}/withdraw").json()["state"] == "WITHDRAWN"
    assert mine.post(f"{path}/withdraw").status_code == 200
    assert shown(mine, order_no)["refundable"] == 900
    assert asked(ask(mine, order_no, 900))["state"] == "REVIEW"


def test_the_same_key_asks_once(customer, paid):
    put_in(customer, principal=900)
    order_no = paid(customer, 900, "balance")
    key = uuid.uuid4().hex

    first, again = ask(customer, order_no, 400, key=key), ask(customer, order_no, 400, key=key)

    assert first.json() == again.json()
    assert OrderRefund.objects.filter(order__number=order_no).count() == 1


def test_a_large_one_takes_two_people_and_nobody_decides_their_own(customer, paid, settings):
    settings.STAFF_REFUND_ALONE_MAX = 199
    wallet = put_in(customer, principal=300)
    order_no = paid(customer, 300, "balance")
    order = Order.objects.get(number=order_no)
    maker, checker = member(), member()

    refund = refund_by_staff(
        order_id=order.pk, amount=Fen(200), reason=RefundReason.DEFECTIVE, note="整单质量问题", maker_id=maker
    )

    assert refund.state == "REVIEW"
    with pytest.raises(AlreadyProposed):
        approve_refund(number=refund.number, reviewer_id=checker, note="一个人不行")
    with pytest.raises(OwnProposal):
        refund_by_staff(
            order_id=order.pk, amount=Fen(1), reason=RefundReason.OTHER, note="", maker_id=order.payer_id
        )
    assert left_in(wallet)["principal"] == 0
    grant(checker, "approve_order_refund")
    approve(proposal_id=Proposal.objects.get(subject=f"order_refund:{refund.number}").pk, checker_id=checker)

    refund.refresh_from_db()
    assert (refund.state, refund.maker_id, refund.reviewer_id) == ("SUCCEEDED", maker, checker)
    assert left_in(wallet)["principal"] == 200


def test_the_shop_gives_back_under_its_own_number(customer, shop, pay, settled):
    wallet = put_in(customer, principal=8_000)
    order_no = shop.create_order(amount=8_000, payer_openid=customer.openid)["number"]
    wish = {"shop_refund_no": "SR-1", "amount": 3_000, "reason": "OUT_OF_STOCK"}
    assert_error(shop.call("POST", f"orders/{order_no}/refunds", wish), 409, "ORDER_NOT_REFUNDABLE")
    pay(customer, order_no, "balance")

    first = shop.call("POST", f"orders/{order_no}/refunds", wish)
    again = shop.call("POST", f"orders/{order_no}/refunds", wish)
    other = shop.call("POST", f"orders/{order_no}/refunds", {**wish, "amount": 3_001})

    assert (first.status_code, first.json()["state"]) == (201, "SUCCEEDED")
    assert again.json()["number"] == first.json()["number"]
    assert_error(other, 409, "SHOP_REFUND_CONFLICT")
    assert shop.call("GET", f"orders/{order_no}/refunds/SR-1").json() == again.json()
    assert shop.call("GET", f"orders/{order_no}").json()["refunded"] == 3_000
    assert left_in(wallet)["principal"] == 3_000


def test_the_sellers_refund_takes_the_place_of_what_the_payer_asked_for(customer, shop, pay):
    wallet = put_in(customer, principal=8_000)
    order_no = shop.create_order(amount=8_000, payer_openid=customer.openid)["number"]
    pay(customer, order_no, "balance")
    waiting = asked(ask(customer, order_no, 5_000))

    whole = {"shop_refund_no": "SR-1", "amount": 8_000, "reason": "OUT_OF_STOCK"}
    answer = shop.call("POST", f"orders/{order_no}/refunds", whole)

    assert answer.json()["state"] == "SUCCEEDED"
    assert customer.get(f"orders/{order_no}/refunds/{waiting['number']}").json()["state"] == "WITHDRAWN"
    assert left_in(wallet)["principal"] == 8_000


def test_a_large_refund_of_a_shop_waits_for_a_person(customer, shop, pay, settings):
    settings.SHOP_REFUND_ALONE_MAX = 599
    wallet = put_in(customer, principal=900)
    order_no = shop.create_order(amount=900, payer_openid=customer.openid)["number"]
    pay(customer, order_no, "balance")

    states = [
        shop.call(
            "POST", f"orders/{order_no}/refunds", {"shop_refund_no": number, "amount": 300, "reason": "OTHER"}
        ).json()["state"]
        for number in ("SR-1", "SR-2")
    ]

    assert states == ["SUCCEEDED", "REVIEW"]
    assert left_in(wallet)["principal"] == 300


@pytest.mark.parametrize(
    "wish",
    [
        {"amount": 0, "reason": "OTHER"},
        {"amount": "1", "reason": "OTHER"},
        {"amount": 1, "reason": "BORED"},
        {"amount": 1, "reason": "OTHER", "note": "字" * 201},
        {"amount": 1, "reason": "OTHER", "to": "somebody else"},
        {"amount": 1},
    ],
)
def test_what_is_no_refund_is_refused(customer, paid, wish):
    put_in(customer, principal=10)
    order_no = paid(customer, 10, "balance")

    assert_error(customer.post(f"orders/{order_no}/refunds", wish), 400, "INVALID_INPUT")

    assert not OrderRefund.objects.filter(order__number=order_no).exists()


def test_one_request_id_leads_from_the_customer_to_wechat(customer, sandbox, paid, settled):
    order_no = paid(customer, 1_000, "wechat")
    lets_go(order_no, 1_000)
    request_id = f"r-{uuid.uuid4().hex}"
    customer.session.headers["Request-Id"] = request_id

    answer = ask(customer, order_no, 300)
    settled()  # over the relay, and a job of its own that asks WeChat

    assert answer.headers["Request-Id"] == request_id
    assert (
        f"POST /v3/refund/domestic/refunds 200 {request_id}"
        in (sandbox.directory / "sandbox.log").read_text()
    )
