"""Refunds that WeChat does not do, does late, or hears of twice: owed is owed, once."""

from functools import partial
from itertools import permutations

import pytest
from django.db import connection, transaction

from payments.errors import RefundExceedsPaid, RefundNotDelayed
from payments.gateways.wechat.refunds import query_refund
from payments.models import ExceptionCase, Order, OrderRefund, Refund, TokenBucket
from payments.rules.order_refunds import RefundReason
from payments.services.delayed_refunds import ask_wechat_again, propose_to_balance, send_to_card
from payments.services.order_refunds import refund_for_shop
from payments.services.refund_pace import end_turn, take_turn
from payments.services.refunds import apply_refund, push_refund
from payments.tasks import query_open_refunds
from wallet.models import Journal, LedgerAccount, Record
from wallet.services.freezes import freeze_wallet
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
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
    user_of,
)


def waiting_for_wechat() -> int:
    return sum(LedgerAccount.objects.filter(code="refund_clearing").values_list("balance", flat=True))


@pytest.fixture
def both_ways(customer, paid):
    """9.00 from the balance and 9.00 through WeChat, and a seller who lets all of it go at once."""
    wallet = put_in(customer, principal=900)
    order_no = paid(customer, 1_800, "combined")
    lets_go(order_no, 1_800)
    return wallet, order_no


def attempts(number) -> list[str]:
    found = Refund.objects.filter(part__refund__number=number).order_by("pk")
    return list(found.values_list("state", flat=True))


def test_the_balance_comes_back_at_once_and_wechat_is_owed_until_it_arrives(
    customer, sandbox, both_ways, settled
):
    wallet, order_no = both_ways
    before = waiting_for_wechat()
    sandbox.fault("refund_processing")

    number = asked(ask(customer, order_no, 1_000))["number"]
    settled()

    assert (left_in(wallet)["principal"], waiting_for_wechat() - before) == (500, 500)
    assert shown(customer, order_no)["refunds"][0]["state"] == "PROCESSING"
    sandbox.finish_refund(Refund.objects.get(part__refund__number=number).number)
    settled()

    found = shown(customer, order_no)
    assert (found["refunds"][0]["state"], found["refunded"]) == ("SUCCEEDED", 1_000)
    assert waiting_for_wechat() == before


def test_what_wechat_closes_is_still_owed_and_asked_for_again(customer, sandbox, both_ways, settled):
    _wallet, order_no = both_ways
    sandbox.fault("refund_closed")
    number = asked(ask(customer, order_no, 1_000))["number"]
    settled()

    assert shown(customer, order_no)["refunds"][0]["state"] == "DELAYED"
    case = ExceptionCase.objects.get(kind="REFUND_REFUSED", number=number)
    assert shown(customer, order_no)["refundable"] == 800
    sandbox.advance(61)
    again = ask_wechat_again(number=number)
    Refund.objects.exclude(pk=again.pk).filter(part__refund__number=number).update(asked_at=None)
    with pytest.raises(RefundNotDelayed):
        ask_wechat_again(number=number)
    settled()

    assert attempts(number) == ["CLOSED", "SUCCESS"]
    case.refresh_from_db()
    assert case.state == "RESOLVED"
    assert shown(customer, order_no)["refunds"][0]["state"] == "SUCCEEDED"


def test_a_payer_without_an_account_at_wechat_gets_it_in_the_wallet_if_two_agree(
    customer, sandbox, both_ways, settled
):
    wallet, order_no = both_ways
    sandbox.fault("refund_no_account")
    number = asked(ask(customer, order_no, 1_000))["number"]
    settled()
    assert attempts(number) == ["CLOSED"], "refused for good, and unknown to WeChat"
    maker, checker = member(), member()
    grant(checker, "approve_order_refund")

    propose_to_balance(number=number, reason="微信账号已注销", maker_id=maker)
    assert left_in(wallet)["principal"] == 500
    approve(proposal_id=Proposal.objects.get(subject=f"order_refund:{number}").pk, checker_id=checker)

    refund = shown(customer, order_no)["refunds"][0]
    assert (refund["state"], {part["goes_to"] for part in refund["parts"]}) == ("SUCCEEDED", {"WALLET"})
    assert left_in(wallet)["principal"] == 1_000
    with pytest.raises(RefundNotDelayed):
        ask_wechat_again(number=number)
    assert Record.objects.filter(wallet=wallet, reference=number).get().kind == "refund_balance"


def test_an_abnormal_refund_is_sent_to_another_card(customer, sandbox, both_ways, settled):
    _wallet, order_no = both_ways
    sandbox.fault("refund_abnormal")
    number = asked(ask(customer, order_no, 1_000))["number"]
    card = {"bank_type": "ICBC_DEBIT", "account": "6222021234567890123", "name": "张三"}
    with pytest.raises(RefundNotDelayed):
        send_to_card(number=number, **card)
    settled()
    assert shown(customer, order_no)["refunds"][0]["state"] == "DELAYED"
    with pytest.raises(RefundNotDelayed):
        propose_to_balance(number=number, reason="钱已离开商户", maker_id=member())

    send_to_card(number=number, **card)
    settled()

    assert shown(customer, order_no)["refunds"][0]["state"] == "SUCCEEDED"
    stuck = ExceptionCase.objects.get(kind="REFUND_ABNORMAL", number=Refund.objects.latest("pk").number)
    assert stuck.state == "RESOLVED"


def test_an_empty_merchant_account_is_waited_for(customer, sandbox, both_ways, settled):
    _wallet, order_no = both_ways
    sandbox.fault("not_enough")
    number = asked(ask(customer, order_no, 1_000))["number"]
    settled()
    assert attempts(number) == ["REQUESTED"]

    Refund.objects.filter(part__refund__number=number).update(next_query_at=clock.now())
    query_open_refunds()
    settled()

    assert attempts(number) == ["SUCCESS"]


def test_a_frozen_wallet_takes_its_part_in_and_a_closed_one_is_a_case(
    new_customer, sandbox, paid, settled, web_server
):
    frozen, gone = new_customer(), new_customer()
    orders = {}
    for person in (frozen, gone):
        put_in(person, principal=900)
        orders[person] = paid(person, 1_800, "combined")
        lets_go(orders[person], 1_800)
    wallet = put_in(frozen)
    freeze_wallet(wallet_id=wallet.pk, reason="核实身份")
    left = user_of(gone)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_close_wallet(%s)", [put_in(gone).pk])

    refunds = {person: asked(ask(person, orders[person], 1_800))["number"] for person in (frozen, gone)}
    settled()

    assert left_in(wallet)["principal"] == 900
    closed = OrderRefund.objects.get(number=refunds[gone])
    assert closed.state == "SUCCEEDED"
    assert set(closed.parts.values_list("goes_to", flat=True)) == {"SUSPENSE", "WECHAT"}
    case = ExceptionCase.objects.get(kind="REFUND_UNCLAIMED", number=closed.number)
    assert (case.evidence["amount"], case.evidence["user_id"]) == (900, left.pk)


def test_an_order_whose_payment_is_disputed_gives_nothing_back(customer, place_order, pay, settled):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.confirm(started["pay_params"], total=799)
    settled()
    lets_go(number, 800)

    assert_error(ask(customer, number, 800), 409, "ORDER_NOT_REFUNDABLE")
    assert not OrderRefund.objects.filter(order__number=number).exists()


def test_a_second_payment_goes_back_beside_the_refund_of_the_first(
    customer, sandbox, place_order, pay, settled
):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.confirm(started["pay_params"], twice=True)
    settled()
    lets_go(number, 800)

    asked(ask(customer, number, 800))
    settled()

    assert shown(customer, number)["refunds"][0]["state"] == "SUCCEEDED"
    twice = sandbox.payment(started["payment_no"])["transaction_ids"]
    assert Refund.objects.filter(transaction_id__in=twice, state="SUCCESS").count() == len(twice) == 2


def test_many_at_once_never_give_back_more_than_was_paid(customer, shop, pay, in_parallel):
    wallet = put_in(customer, principal=70, bonus=30)
    order_no = shop.create_order(amount=100, payer_openid=customer.openid)["number"]
    pay(customer, order_no, "balance")
    order = Order.objects.get(number=order_no)

    def give_back(number):
        return refund_for_shop(
            shop_order=order,
            shop_refund_no=f"SR-{number}",
            amount=Fen(7),
            reason=RefundReason.OTHER,
            note="",
        )

    answers = in_parallel([partial(give_back, number) for number in range(32)])

    refused = [answer for answer in answers if isinstance(answer, RefundExceedsPaid)]
    assert (len(answers) - len(refused), len(refused)) == (14, 18)
    back = left_in(wallet)
    assert (back["principal"], back["bonus"]) in {(68, 30), (69, 29)}
    order.refresh_from_db()
    assert (order.refunding, order.refunded) == (0, 98)


@pytest.mark.parametrize("end", ["SUCCESS", "CLOSED", "ABNORMAL"])
def test_whoever_tells_first_and_in_any_order_it_ends_once(customer, sandbox, paid, outbox, settled, end):
    """Every order of news about one refund ends in the same state with the same journals."""
    put_in(customer, principal=100)
    order_no = paid(customer, 1_000, "combined")
    lets_go(order_no, 1_000)
    sandbox.misbehave("drop", times=1_000)
    ends = set()
    for order_of_news in permutations(("callback", "query", "push")):
        if end != "SUCCESS":
            sandbox.fault(f"refund_{end.lower()}")
        number = asked(ask(customer, order_no, 10))["number"]
        attempt = Refund.objects.get(part__refund__number=number)
        outbox.deliver()
        sandbox.advance(1)
        sandbox.wait_for_notices()
        [notice] = [
            notice
            for notice in sandbox.notices(state="DROPPED")
            if notice["resource"].get("out_refund_no") == attempt.number
        ]
        for news in order_of_news:
            if news == "callback":
                sandbox.resend(notice["id"])
                sandbox.resend(notice["id"])
                outbox.deliver()
            elif news == "query":
                told = query_refund(attempt.number)
                with transaction.atomic():
                    apply_refund(notice=told)
            else:
                push_refund(number=attempt.number)
        ends.add(
            (
                OrderRefund.objects.get(number=number).state,
                Refund.objects.get(pk=attempt.pk).state,
                Journal.objects.filter(reference=number).count(),
                ExceptionCase.objects.filter(number__in=(number, attempt.number)).count(),
            )
        )
        a_minute_passes(sandbox, order_no)

    assert (
        ends
        == {
            "SUCCESS": {("SUCCEEDED", "SUCCESS", 2, 0)},
            "CLOSED": {("DELAYED", "CLOSED", 1, 1)},
            "ABNORMAL": {("DELAYED", "ABNORMAL", 1, 1)},
        }[end]
    )


def test_requests_that_fail_are_few_in_a_second_however_many_ask(settings, in_parallel):
    settings.REFUND_ERRORS_PER_SECOND = 6
    full = {"tokens": 6, "at": clock.now()}
    TokenBucket.objects.update_or_create(name="refund_errors", defaults=full)
    attempts = [Refund(transaction_id=f"nobody-{number}", number=f"F{number}") for number in range(32)]

    turns = in_parallel([partial(take_turn, attempt) for attempt in attempts])

    asked_now = [turn.later for turn in turns].count(None)
    assert 6 <= asked_now <= 12, "six, and those that the bucket refilled while they came"
    for _each in range(asked_now):
        end_turn(requests_failed=0)
    assert take_turn(attempts[0]).later is None
