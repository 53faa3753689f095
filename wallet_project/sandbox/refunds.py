"""Refunds: accepted at once, final a moment later (WeChat Pay v3 docs 4012791862 and 4012791865)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from wallet_project.sandbox.checks import Items, Part, Shape, Text, Whole, check_body, notify_url
from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.complaints import heard_of_refund
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Order, Refund, RefundStatus, TradeState, Transaction
from wallet_project.sandbox.notices import Event, announce, bell
from wallet_project.sandbox.scenarios import scenarios
from wallet_project.sandbox.serials import new_refund_id
from wallet_project.sandbox.signing import decrypt_field
from wallet_project.sandbox.v3 import Call, ParamError, V3Error

REFUNDABLE_FOR = timedelta(days=365)
REFUNDS_PER_PAYMENT = 50
APART = timedelta(seconds=60)
DIFFERENT = "订单金额或退款金额与之前请求不一致，请核实后再试"
RECEIVED_BY = "支付用户零钱"

REFUND: Shape = {
    "transaction_id": Text(longest=32),
    "out_trade_no": Text(longest=32),
    "out_refund_no": Text(longest=64, required=True, shape=r"[0-9A-Za-z_\-|*@]+"),
    "reason": Text(longest=80),
    "notify_url": notify_url(longest=256, required=False),
    "funds_account": Text(longest=32, shape="AVAILABLE|UNSETTLED"),
    "amount": Part(
        required=True,
        of={
            "refund": Whole(least=1, required=True),
            "total": Whole(least=1, required=True),
            "currency": Text(longest=16, shape="CNY", required=True),
            "from": Items(
                of={
                    "account": Text(longest=32, shape="AVAILABLE|UNAVAILABLE", required=True),
                    "amount": Whole(least=1, required=True),
                }
            ),
        },
    ),
    "goods_detail": Items(
        of={
            "merchant_goods_id": Text(longest=32, required=True),
            "wechatpay_goods_id": Text(longest=32),
            "goods_name": Text(longest=256),
            "unit_price": Whole(required=True),
            "refund_amount": Whole(required=True),
            "refund_quantity": Whole(least=1, required=True),
        }
    ),
}
ABNORMAL: Shape = {
    "out_refund_no": Text(longest=64, required=True, shape=r"[0-9A-Za-z_\-|*@]+"),
    "type": Text(longest=32, shape="USER_BANK_CARD|MERCHANT_BANK_CARD", required=True),
    "bank_type": Text(longest=16),
    "bank_account": Text(longest=1024),
    "real_name": Text(longest=1024),
}
REFUSALS = {
    "not_enough": (403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"),
    "refund_no_account": (403, "USER_ACCOUNT_ABNORMAL", "用户账号异常或已注销"),
}
EVENTS = {
    RefundStatus.SUCCESS: Event.REFUND_SUCCESS,
    RefundStatus.ABNORMAL: Event.REFUND_ABNORMAL,
    RefundStatus.CLOSED: Event.REFUND_CLOSED,
}


def create_refund(call: Call) -> dict:
    """POST /v3/refund/domestic/refunds: 200 is accepted, not done; the same number again tells how it is."""
    asked = call.body
    check_body(asked, REFUND)
    if not (asked.get("transaction_id") or asked.get("out_trade_no")):
        raise ParamError("transaction_id和out_trade_no二选一必填", field="/transaction_id")
    amount = asked["amount"]
    with transaction.atomic():
        paid = _find_payment(asked)
        refund = Refund.objects.filter(out_refund_no=asked["out_refund_no"]).first()
        if refund is not None:
            same = refund.transaction_id == paid.pk and refund.amount == amount["refund"]
            if not same or paid.total != amount["total"]:
                raise V3Error(400, "INVALID_REQUEST", DIFFERENT)
            return describe_refund(refund)
        now = clock.now()
        _check_refundable(paid, amount=amount, now=now)
        fault = scenarios.refund_fault(call.path)
        if fault in REFUSALS:
            raise V3Error(*REFUSALS[fault])
        outcomes = {"refund_abnormal": RefundStatus.ABNORMAL, "refund_closed": RefundStatus.CLOSED}
        refund = Refund.objects.create(
            refund_id=new_refund_id(now),
            out_refund_no=asked["out_refund_no"],
            transaction=paid,
            amount=amount["refund"],
            reason=asked.get("reason") or "",
            notify_url=asked.get("notify_url") or "",
            outcome=outcomes.get(fault or "", RefundStatus.SUCCESS),
            due_at=None if fault == "refund_processing" else now + settings.ENDS_AFTER,
            created_at=now,
        )
        Order.objects.filter(pk=paid.order_id).update(state=TradeState.REFUND)
        transaction.on_commit(bell.set)
    return describe_refund(refund)


def query_refund(call: Call, *, out_refund_no: str) -> dict:
    """GET /v3/refund/domestic/refunds/{out_refund_no}"""
    refund = _with_payment().filter(out_refund_no=out_refund_no).first()
    if refund is None:
        raise V3Error(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return describe_refund(refund)


def apply_abnormal(call: Call, *, refund_id: str) -> dict:
    """
    POST …/{refund_id}/apply-abnormal-refund (doc 4012791862): the money goes to another card, a moment later.

    The number and the name must have been encrypted with the key that `Wechatpay-Serial` names.
    """
    asked = call.body
    check_body(asked, ABNORMAL)
    with transaction.atomic():
        refund = _with_payment().filter(refund_id=refund_id).first()
        if refund is None or refund.out_refund_no != asked["out_refund_no"]:
            raise V3Error(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        if asked["type"] == "USER_BANK_CARD":
            for field in ("bank_type", "bank_account", "real_name"):
                if not asked.get(field):
                    raise ParamError(f"{field}必填", field=f"/{field}")
            for field in ("bank_account", "real_name"):
                _opened(call, asked[field], field=field)
        if refund.status != RefundStatus.ABNORMAL:
            raise V3Error(400, "INVALID_REQUEST", "退款状态不是退款异常，无法发起异常退款")
        refund.status, refund.outcome = RefundStatus.PROCESSING, RefundStatus.SUCCESS
        refund.due_at = clock.now() + settings.ENDS_AFTER
        refund.save(update_fields=["status", "outcome", "due_at"])
        transaction.on_commit(bell.set)
    return describe_refund(refund)


def _opened(call: Call, sealed: str, *, field: str) -> str:
    try:
        return decrypt_field(key=keyring.signers[call.wechatpay_serial].key, ciphertext=sealed).decode()
    except (KeyError, ValueError) as error:
        raise ParamError("敏感信息解密失败", field=f"/{field}") from error


def settle_due() -> None:
    """Refunds whose time has come get their outcome, and the merchant hears of it."""
    due = Refund.objects.filter(due_at__lte=clock.now())
    if not due.exists():
        return
    with transaction.atomic():
        for refund in _with_payment().filter(due_at__lte=clock.now()).order_by("due_at", "id"):
            finish(refund, status=RefundStatus(refund.outcome))


def finish(refund: Refund, *, status: RefundStatus) -> None:
    """The refund reaches an end, and the callback for it leaves."""
    refund.status, refund.due_at = status, None
    refund.success_at = clock.now() if status == RefundStatus.SUCCESS else None
    refund.save(update_fields=["status", "due_at", "success_at"])
    if status == RefundStatus.SUCCESS:
        heard_of_refund(refund.transaction)
    if refund.notify_url:
        announce(EVENTS[status], resource=_resource(refund), notify_url=refund.notify_url)


def describe_refund(refund: Refund) -> dict:
    """The answer of a refund request and of its query."""
    paid = refund.transaction
    return {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": paid.transaction_id,
        "out_trade_no": paid.order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": RECEIVED_BY,
        **({"success_time": rfc3339(refund.success_at)} if refund.success_at else {}),
        "create_time": rfc3339(refund.created_at),
        "status": refund.status,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": paid.total,
            "refund": refund.amount,
            "payer_total": paid.total,
            "payer_refund": refund.amount,
            "settlement_refund": refund.amount,
            "settlement_total": paid.total,
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }


def _resource(refund: Refund) -> dict:
    """The plaintext of REFUND.*: here the status is called refund_status."""
    paid = refund.transaction
    return {
        "mchid": keyring.mchid,
        "transaction_id": paid.transaction_id,
        "out_trade_no": paid.order.out_trade_no,
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "refund_status": refund.status,
        **({"success_time": rfc3339(refund.success_at)} if refund.success_at else {}),
        "user_received_account": RECEIVED_BY,
        "amount": {
            "total": paid.total,
            "refund": refund.amount,
            "payer_total": paid.total,
            "payer_refund": refund.amount,
        },
    }


def _find_payment(asked: dict) -> Transaction:
    """By number alone, the first payment of an order paid twice; the other needs its transaction_id."""
    payments = Transaction.objects.select_related("order").order_by("id")
    if asked.get("transaction_id"):
        payments = payments.filter(transaction_id=asked["transaction_id"])
    if asked.get("out_trade_no"):
        payments = payments.filter(order__out_trade_no=asked["out_trade_no"])
    paid = payments.first()
    if paid is not None:
        return paid
    if Order.objects.filter(out_trade_no=asked.get("out_trade_no", "")).exists():
        raise V3Error(400, "INVALID_REQUEST", "订单未支付，不可退款")
    raise V3Error(404, "RESOURCE_NOT_EXISTS", "订单不存在")


def _check_refundable(paid: Transaction, *, amount: dict, now: datetime) -> None:
    if amount["total"] != paid.total:
        raise V3Error(400, "INVALID_REQUEST", DIFFERENT)
    if now - paid.paid_at > REFUNDABLE_FOR:
        raise V3Error(400, "INVALID_REQUEST", "订单已超过可退款的最大期限")
    counted = paid.refunds.exclude(status=RefundStatus.CLOSED)
    refunded = counted.aggregate(sum=Sum("amount"))["sum"] or 0
    if refunded >= paid.total:
        raise V3Error(400, "INVALID_REQUEST", "订单已全额退款")
    if refunded + amount["refund"] > paid.total:
        raise V3Error(400, "INVALID_REQUEST", "申请退款金额大于订单可退金额")
    newest = paid.refunds.order_by("-created_at").first()
    if newest is not None and now - newest.created_at < APART:
        raise V3Error(429, "FREQUENCY_LIMITED", "同一笔订单的退款请间隔1分钟后再试")
    if paid.refunds.count() >= REFUNDS_PER_PAYMENT:
        raise V3Error(400, "INVALID_REQUEST", f"同一笔订单最多支持{REFUNDS_PER_PAYMENT}次部分退款")


def _with_payment():
    return Refund.objects.select_related("transaction__order")
