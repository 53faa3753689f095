"""What WeChat reports and does not fit: kept, never dropped, never credited wrongly."""

import uuid

import pytest
from django.db import transaction as one_transaction

from payments.errors import CaseHoldsMoney
from payments.gateways.wechat.transactions import query_payment
from payments.models import CallbackReceipt, ExceptionCase, Payment, Refund
from payments.rules.order_refunds import REFUND_SPACING
from payments.services.case_money import refund_case
from payments.services.case_work import resolve_by_hand
from payments.services.closing import close_payment
from payments.services.receipts import read_in_clear
from payments.services.refunds import push_refund
from payments.services.settlement import settle_payment
from payments.tasks import query_open_refunds
from wallet.models import Journal
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.testing.assertions import assert_error


def case_of(payment_no: str) -> ExceptionCase:
    return ExceptionCase.objects.get(number=payment_no)


def test_a_payment_after_the_order_was_closed_goes_back_by_itself(customer, place_order, pay, settled):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.post(f"orders/{number}/cancel")

    customer.confirm(started["pay_params"], late=True)
    settled()

    case = case_of(started["payment_no"])
    assert (case.kind, case.amount, case.state) == ("LATE_PAYMENT", 800, "RESOLVED")
    assert case.refunds.get().state == "SUCCESS"
    assert customer.get(f"orders/{number}").json()["state"] == "CLOSED"
    assert customer.get("wallet/records").json()["items"] == []


def test_a_late_top_up_is_refunded_and_not_credited(customer, settled):
    started = customer.post("wallet/top-ups", {"amount": 10_000}).json()
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    close_payment(number=payment.number, reason="超时未支付")

    customer.confirm(started["pay_params"], late=True)
    settled()

    assert case_of(payment.number).refunds.get().state == "SUCCESS"
    assert customer.get("wallet").json()["available"] == 0
    assert customer.get(f"wallet/top-ups/{started['top_up']['number']}").json()["state"] == "CLOSED"


def test_paying_twice_is_credited_once_and_refunded_once(customer, settled):
    started = customer.post("wallet/top-ups", {"amount": 5_000}).json()

    customer.confirm(started["pay_params"], twice=True)
    settled()

    assert customer.get("wallet").json()["available"] == 5_000
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    case = case_of(payment.number)
    assert (case.kind, case.state) == ("DOUBLE_PAYMENT", "RESOLVED")
    assert case.transaction_id != payment.transaction_id


@pytest.mark.parametrize(
    ("wish", "kind"), [({"total": 799}, "AMOUNT_MISMATCH"), ({"openid": "o-somebody-else"}, "PAYER_MISMATCH")]
)
def test_money_that_does_not_match_is_kept_for_a_person(customer, place_order, pay, settled, wish, kind):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")

    customer.confirm(started["pay_params"], **wish)
    settled()

    case = case_of(started["payment_no"])
    assert (case.kind, case.state, case.amount) == (kind, "OPEN", wish.get("total", 800))
    assert case.journal_id
    assert customer.get(f"orders/{number}").json()["state"] == "PAYING"
    assert Payment.objects.get(number=started["payment_no"]).state == "DISPUTED"


def test_a_disputed_payment_that_goes_back_frees_the_order_and_the_hold(
    customer, top_up, place_order, pay, settled
):
    top_up(customer, 300)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")
    customer.confirm(started["pay_params"], total=499)
    settled()

    refund_case(case_id=case_of(started["payment_no"]).pk, reason="金额不符，原路退回", staff_id=1)
    settled()

    assert case_of(started["payment_no"]).state == "RESOLVED"
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert customer.get("wallet").json()["available"] == 300
    assert pay(customer, number, "combined")["from_balance"] == 300


def test_a_second_payment_that_goes_back_does_not_end_a_dispute(customer, top_up, place_order, pay, settled):
    top_up(customer, 300)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")
    customer.confirm(started["pay_params"], total=1)
    settled()

    customer.confirm(started["pay_params"], twice=True)
    settled()

    states = dict(ExceptionCase.objects.filter(number=started["payment_no"]).values_list("kind", "state"))
    assert states == {"AMOUNT_MISMATCH": "OPEN", "LATE_PAYMENT": "RESOLVED"}
    assert Payment.objects.get(number=started["payment_no"]).state == "DISPUTED"
    assert customer.get("wallet").json()["held"] == 300

    refund_case(
        case_id=ExceptionCase.objects.get(kind="AMOUNT_MISMATCH", number=started["payment_no"]).pk,
        reason="退回",
        staff_id=1,
    )
    settled()

    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert customer.get("wallet").json()["held"] == 0


def new_transaction_id() -> str:
    return f"42{uuid.uuid4().int % 10**26:026d}"


def transaction(sandbox, **changed) -> dict:
    return {
        "appid": sandbox.credentials["appid"],
        "mchid": sandbox.credentials["mchid"],
        "out_trade_no": "P-nobody-knows-this",
        "transaction_id": new_transaction_id(),
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "success_time": "2026-11-21T20:15:30+08:00",
        "payer": {"openid": "o-nobody"},
        "amount": {"total": 100, "payer_total": 100, "currency": "CNY", "payer_currency": "CNY"},
        **changed,
    }


def forge(sandbox, web_server, resource, settled, event_type="TRANSACTION.SUCCESS") -> CallbackReceipt:
    sandbox.forge(event_type, resource, f"{web_server}/api/v1/callbacks/wechat/transactions")
    settled()
    return CallbackReceipt.objects.latest("pk")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"mchid": "1900000001"}, "MERCHANT_MISMATCH"),
        ({"appid": "wx0000000000000001"}, "MERCHANT_MISMATCH"),
    ],
)
def test_a_notice_of_somebody_elses_money_is_a_case_without_a_booking(
    sandbox, web_server, settled, changed, kind
):
    receipt = forge(sandbox, web_server, transaction(sandbox, **changed), settled)

    case = receipt.cases.get()
    assert (case.kind, case.amount, case.journal_id) == (kind, 0, None)
    assert receipt.state == "CASE"


def test_a_foreign_currency_is_never_credited(customer, sandbox, web_server, settled):
    started = customer.post("wallet/top-ups", {"amount": 100}).json()
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    said = transaction(
        sandbox,
        out_trade_no=payment.number,
        payer={"openid": customer.openid},
        amount={"total": 100, "payer_total": 100, "currency": "USD", "payer_currency": "USD"},
    )

    receipt = forge(sandbox, web_server, said, settled)

    assert receipt.cases.get().kind == "CURRENCY_MISMATCH"
    assert customer.get("wallet").json()["available"] == 0


def test_a_dispute_without_money_ends_when_a_person_says_so(
    customer, sandbox, web_server, top_up, place_order, pay, settled
):
    top_up(customer, 300)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")
    said = transaction(
        sandbox,
        out_trade_no=started["payment_no"],
        payer={"openid": customer.openid},
        amount={"total": 500, "payer_total": 500, "currency": "USD", "payer_currency": "USD"},
    )
    case = forge(sandbox, web_server, said, settled).cases.get()
    assert customer.get("wallet").json()["held"] == 300
    assert_error(customer.post(f"orders/{number}/cancel"), 409, "ORDER_NOT_CANCELLABLE")

    resolve_by_hand(case_id=case.pk, resolution="人工核实，没有款项", staff_id=1)

    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert customer.get("wallet").json()["held"] == 0
    with pytest.raises(CaseHoldsMoney):
        resolve_by_hand(case_id=case.pk, resolution="再来一次", staff_id=1)


def test_a_case_with_money_is_not_just_marked_as_done(customer, place_order, pay, settled):
    started = pay(customer, place_order(customer, 800), "wechat")
    customer.confirm(started["pay_params"], total=1)
    settled()
    case = case_of(started["payment_no"])

    with pytest.raises(CaseHoldsMoney):
        resolve_by_hand(case_id=case.pk, resolution="就这样", staff_id=1)

    case.refresh_from_db()
    assert (case.state, case.amount) == ("OPEN", 1)
    assert Payment.objects.get(number=started["payment_no"]).state == "DISPUTED"


def test_money_that_went_back_at_wechat_before_we_heard_of_it_is_not_credited(
    customer, sandbox, web_server, settled
):
    started = customer.post("wallet/top-ups", {"amount": 100}).json()
    payment = Payment.objects.get(top_up__number=started["top_up"]["number"])
    said = transaction(
        sandbox,
        out_trade_no=payment.number,
        trade_state="REFUND",
        payer={"openid": customer.openid},
    )

    receipt = forge(sandbox, web_server, said, settled)

    assert receipt.cases.get().kind == "REFUNDED_ELSEWHERE"
    assert customer.get("wallet").json()["available"] == 0
    payment.refresh_from_db()
    assert payment.state == "DISPUTED"

    # The notice of the payment itself comes afterwards: nothing is given back a second time for it.
    forge(sandbox, web_server, {**said, "trade_state": "SUCCESS"}, settled)

    assert [case.kind for case in payment.cases.all()] == ["REFUNDED_ELSEWHERE"]
    assert not Refund.objects.filter(case__payment=payment).exists()


def test_what_cannot_be_read_is_a_case_and_not_an_endless_retry(sandbox, web_server, settled):
    for event_type, resource in (
        ("TRANSACTION.SUCCESS", {"out_trade_no": "P1"}),
        ("SOMETHING.NEW", {"hello": "world"}),
    ):
        receipt = forge(sandbox, web_server, resource, settled, event_type)

        assert receipt.state == "CASE"
        assert receipt.cases.get().kind == "UNREADABLE_NOTICE"


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "P\0"},
        {"out_trade_no": "P" * 200},
        {"transaction_id": "4\n2"},
        {"transaction_id": "4" * 40},
        {"mchid": "\0"},
        {"payer": {"openid": "o" * 500}},
        {"amount": {"total": 10**19, "currency": "CNY"}},
        {"amount": {"total": 100, "currency": "CNY" * 100}},
        {"success_time": "yesterday"},
    ],
)
def test_a_text_that_nobody_could_keep_is_a_case_and_not_an_endless_retry(
    sandbox, web_server, settled, changed
):
    receipt = forge(sandbox, web_server, transaction(sandbox, **changed), settled)

    assert (receipt.state, receipt.cases.get().kind) == ("CASE", "UNREADABLE_NOTICE")


def test_a_refund_that_cannot_reach_the_payer_is_reported(customer, sandbox, place_order, pay, settled):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.post(f"orders/{number}/cancel")
    sandbox.fault("refund_abnormal")

    customer.confirm(started["pay_params"], late=True)
    settled()

    late = ExceptionCase.objects.get(number=started["payment_no"])
    refund = late.refunds.get()
    assert refund.state == "ABNORMAL"
    assert ExceptionCase.objects.get(number=refund.number).kind == "REFUND_ABNORMAL"
    assert late.state == "REFUNDING"


@pytest.mark.parametrize(("end", "case_state"), [("SUCCESS", "RESOLVED"), ("CLOSED", "OPEN")])
@pytest.mark.parametrize("told_by", ["callback", "query"])
def test_an_abnormal_refund_ends_when_somebody_helps_it_on_at_wechat(
    customer, sandbox, place_order, pay, settled, end, case_state, told_by
):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.post(f"orders/{number}/cancel")
    sandbox.fault("refund_abnormal")
    customer.confirm(started["pay_params"], late=True)
    settled()
    late = case_of(started["payment_no"])
    refund = late.refunds.get()
    if told_by == "query":
        sandbox.misbehave("drop")

    sandbox.finish_refund(refund.number, end)
    settled()
    Refund.objects.filter(pk=refund.pk).update(next_query_at=clock.now())
    query_open_refunds()

    late.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.state, late.state) == (end, case_state)
    assert ExceptionCase.objects.get(kind="REFUND_ABNORMAL", number=refund.number).state == "RESOLVED"


def test_a_refund_that_wechat_closes_may_be_asked_for_again_under_a_new_number(
    customer, sandbox, place_order, pay, settled
):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.post(f"orders/{number}/cancel")
    sandbox.fault("refund_closed")
    customer.confirm(started["pay_params"], late=True)
    settled()
    case = case_of(started["payment_no"])
    assert case.state == "OPEN"
    sandbox.advance(60)  # WeChat takes one refund of a payment a minute
    case.refunds.update(asked_at=clock.now() - REFUND_SPACING)

    refund_case(case_id=case.pk, reason="再次退款", staff_id=1)
    settled()

    assert sorted(case.refunds.values_list("state", flat=True)) == ["CLOSED", "SUCCESS"]
    case.refresh_from_db()
    assert case.state == "RESOLVED"


def test_one_late_payment_told_of_by_ten_at_the_same_moment_goes_back_once(
    customer, place_order, pay, in_parallel
):
    started = pay(customer, place_order(customer, 800), "wechat")
    payment = Payment.objects.get(number=started["payment_no"])
    close_payment(number=payment.number, reason="超时未支付")
    customer.confirm(started["pay_params"], late=True, notify=False)
    said = query_payment(payment.number)

    @retry_conflicts
    def tell() -> None:
        with one_transaction.atomic():
            settle_payment(notice=said, via="query")

    in_parallel([tell] * 10)

    case = case_of(payment.number)
    assert (case.kind, case.state, case.refunds.count()) == ("LATE_PAYMENT", "REFUNDING", 1)
    assert Journal.objects.filter(key=f"wx:pay:{case.transaction_id}").count() == 1
    push_refund(number=case.refunds.get().number)


def test_what_a_notice_says_is_read_in_clear_by_name_and_for_a_reason(sandbox, web_server, settled):
    receipt = forge(sandbox, web_server, transaction(sandbox, mchid="1900000001"), settled)
    assert "o-nobody" not in receipt.body

    said = read_in_clear(receipt_id=receipt.pk, reason="核对付款人")

    assert (said["payer.openid"], said["amount.total"]) == ("o-nobody", "100")
    entry = AuditEntry.objects.get(action="payments.receipt.opened", subject=f"receipt:{receipt.pk}")
    assert entry.facts["reason"] == "核对付款人"


def test_one_payment_told_under_many_ids_is_credited_once(customer, sandbox, web_server, settled):
    started = customer.post("wallet/top-ups", {"amount": 700}).json()
    customer.confirm(started["pay_params"])
    settled()
    told = next(n["resource"] for n in sandbox.notices() if n["event_type"] == "TRANSACTION.SUCCESS")

    receipts = [forge(sandbox, web_server, told, settled) for _ in range(2)]

    assert {receipt.state for receipt in receipts} == {"DONE"}
    assert len({receipt.notice_id for receipt in receipts}) == 2
    assert Journal.objects.filter(key=f"wx:pay:{told['transaction_id']}").count() == 1
    assert customer.get("wallet").json()["available"] == 700


def test_a_word_of_a_refund_that_nobody_asked_for_is_a_case_and_moves_nothing(sandbox, web_server, settled):
    told = {
        "mchid": sandbox.credentials["mchid"],
        "out_trade_no": "P-nobody-knows-this",
        "transaction_id": new_transaction_id(),
        "out_refund_no": f"F-{uuid.uuid4().hex[:20]}",
        "refund_id": f"5{uuid.uuid4().int % 10**28:028d}",
        "refund_status": "SUCCESS",
        "success_time": "2026-11-21T20:15:30+08:00",
        "user_received_account": "支付用户零钱",
        "amount": {"total": 100, "refund": 100, "payer_total": 100, "payer_refund": 100},
    }
    journals = Journal.objects.count()

    receipt = forge(sandbox, web_server, told, settled, "REFUND.SUCCESS")

    assert receipt.state == "CASE"
    assert ExceptionCase.objects.get(receipt=receipt).kind == "UNKNOWN_REFUND"
    assert Journal.objects.count() == journals
