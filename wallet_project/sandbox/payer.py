"""The person with the phone: sees what is to be paid, confirms or goes away; and odd things happen."""

from django.db import transaction

from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Order, TradeState, Transaction
from wallet_project.sandbox.notices import Event, announce
from wallet_project.sandbox.serials import new_transaction_id
from wallet_project.sandbox.signing import is_signed, pay_message
from wallet_project.sandbox.transactions import PREPAY_LIFE, close_if_expired, describe_payment

CONFIRM: dict[str, type] = {
    "twice": bool,
    "total": int,
    "openid": str,
    "pay_sign": dict,
    "notify": bool,
    "late": bool,
}
PAY_SIGN = ("timeStamp", "nonceStr", "package", "signType", "paySign")


def list_payments(wish: dict) -> dict:
    """Orders, newest first; narrowed by `state` or `out_trade_no`."""
    close_expired()
    orders = Order.objects.prefetch_related("transactions").order_by("-id")
    for name in ("state", "out_trade_no"):
        if wish.get(name):
            orders = orders.filter(**{name: wish[name]})
    return {"items": [describe_order(order) for order in orders[:200]]}


def close_expired() -> None:
    Order.objects.filter(state=TradeState.NOTPAY, expires_at__lte=clock.now()).update(state=TradeState.CLOSED)


def confirm(wish: dict, *, prepay_id: str) -> dict:
    """
    Pay. `pay_sign` carries the parameters of wx.requestPayment and is verified as the real client does.
    With `total` a wrong amount, with `openid` somebody else, `twice` once more, `late` although closed.

    :raises Refused: as `requestPayment:fail …`
    """
    _check_wish(wish)
    now = clock.now()
    with transaction.atomic():
        order = _order_of(prepay_id)
        if "pay_sign" in wish:
            _check_pay_sign(wish["pay_sign"], prepay_id=prepay_id)
        already = order.transactions.count()
        if already and not wish.get("twice"):
            raise _fail("该订单已支付", code="ORDER_PAID")
        if order.state == TradeState.CLOSED and not wish.get("late"):
            raise _fail("该订单已关闭", code="ORDER_CLOSED")
        if now - order.prepaid_at >= PREPAY_LIFE and not wish.get("late"):
            raise _fail("支付会话已过期", code="PREPAY_EXPIRED")
        times = 2 if wish.get("twice") and not already else 1
        payments = [
            Transaction.objects.create(
                transaction_id=new_transaction_id(now),
                order=order,
                openid=wish.get("openid") or order.openid,
                total=wish.get("total") or order.total,
                paid_at=now,
            )
            for _ in range(times)
        ]
        if order.state != TradeState.REFUND:
            order.state = TradeState.SUCCESS
            order.save(update_fields=["state"])
        if wish.get("notify", True):
            for paid in payments:
                announce(
                    Event.TRANSACTION_SUCCESS, resource=describe_payment(paid), notify_url=order.notify_url
                )
    return describe_order(order) | {"result": "requestPayment:ok"}


def cancel(_wish: dict, *, prepay_id: str) -> dict:
    """The payer looks at the cashier and goes away; the order can still be paid."""
    with transaction.atomic():
        order = _order_of(prepay_id)
        order.cancels += 1
        order.save(update_fields=["cancels"])
    return describe_order(order) | {"result": "requestPayment:fail cancel"}


def describe_order(order: Order) -> dict:
    """What the payer's phone and the console show."""
    transaction_ids = [paid.transaction_id for paid in order.transactions.all()]
    return {
        "prepay_id": order.prepay_id,
        "out_trade_no": order.out_trade_no,
        "transaction_id": transaction_ids[0] if transaction_ids else None,
        "transaction_ids": transaction_ids,
        "openid": order.openid,
        "total": order.total,
        "description": order.description,
        "state": order.state,
        "cancels": order.cancels,
        "time_expire": rfc3339(order.expires_at),
        "created_at": rfc3339(order.created_at),
    }


def _order_of(prepay_id: str) -> Order:
    order = Order.objects.filter(prepay_id=prepay_id).first()
    if order is None:
        raise Refused("requestPayment:fail 支付会话不存在", status=404, code="PREPAY_NOT_EXIST")
    close_if_expired(order)
    return order


def _check_wish(wish: dict) -> None:
    for name, value in wish.items():
        kind = CONFIRM.get(name)
        if kind is None:
            raise Refused(f"没有参数 {name}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Refused(f"参数 {name} 的类型不对")
    if wish.get("total", 1) < 1:
        raise Refused("total 至少为 1 分")


def _check_pay_sign(given: dict, *, prepay_id: str) -> None:
    if set(given) != set(PAY_SIGN) or not all(isinstance(value, str) for value in given.values()):
        raise _fail(f"缺少或多余的参数，应为 {'、'.join(PAY_SIGN)}", code="PAY_SIGN")
    message = pay_message(
        appid=keyring.appid,
        timestamp=given["timeStamp"],
        nonce=given["nonceStr"],
        package=given["package"],
    )
    same_order = given["package"] == f"prepay_id={prepay_id}" and given["signType"] == "RSA"
    if not same_order or not is_signed(
        key=keyring.merchant_public_key, message=message, signature=given["paySign"]
    ):
        raise _fail("支付验证签名失败", code="PAY_SIGN")


def _fail(reason: str, *, code: str) -> Refused:
    return Refused(f"requestPayment:fail {reason}", code=code)
