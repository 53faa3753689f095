"""Basic payment: prepay, query, close (WeChat Pay v3 docs 4012791856, 4012791858 to 4012791860)."""

import re
from datetime import datetime, timedelta

from django.db import transaction

from wallet_project.sandbox.checks import (
    CURRENCY,
    Flag,
    Items,
    Part,
    Shape,
    Text,
    Whole,
    check_body,
    notify_url,
    read_time,
)
from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.login import OPENID
from wallet_project.sandbox.models import Order, TradeState, Transaction
from wallet_project.sandbox.serials import new_prepay_id
from wallet_project.sandbox.v3 import Call, ParamError, V3Error

PREPAY_LIFE = timedelta(hours=2)
ORDER_LIFE = timedelta(days=7)

PREPAY: Shape = {
    "appid": Text(longest=32, required=True),
    "mchid": Text(longest=32, required=True),
    "description": Text(longest=127, required=True),
    "out_trade_no": Text(longest=32, required=True, shape=r"[0-9A-Za-z_\-|*]{6,32}"),
    "time_expire": Text(longest=64),
    "attach": Text(longest=128),
    "notify_url": notify_url(longest=255, required=True),
    "goods_tag": Text(longest=32),
    "support_fapiao": Flag(),
    "amount": Part(required=True, of={"total": Whole(least=1, required=True), "currency": CURRENCY}),
    "payer": Part(required=True, of={"openid": Text(longest=128, required=True)}),
    "detail": Part(
        of={
            "cost_price": Whole(),
            "invoice_id": Text(longest=32),
            "goods_detail": Items(
                of={
                    "merchant_goods_id": Text(longest=32, required=True),
                    "wechatpay_goods_id": Text(longest=32),
                    "goods_name": Text(longest=256),
                    "quantity": Whole(least=1, required=True),
                    "unit_price": Whole(required=True),
                }
            ),
        }
    ),
    "scene_info": Part(
        of={
            "payer_client_ip": Text(longest=45, required=True),
            "device_id": Text(longest=32),
            "store_info": Part(
                of={
                    "id": Text(longest=32, required=True),
                    "name": Text(longest=256),
                    "area_code": Text(longest=32),
                    "address": Text(longest=512),
                }
            ),
        }
    ),
    "settle_info": Part(of={"profit_sharing": Flag()}),
}


def prepay(call: Call) -> dict:
    """POST /v3/pay/transactions/jsapi: an order to be paid; asking the same again is answered the same."""
    asked = call.body
    check_body(asked, PREPAY)
    check_mchid(asked["mchid"], call)
    if asked["appid"] != keyring.appid:
        raise V3Error(400, "APPID_MCHID_NOT_MATCH", "商户号mchid与appid不匹配")
    if not re.fullmatch(OPENID, asked["payer"]["openid"]):
        raise ParamError("无效的openid", field="/payer/openid", value=asked["payer"]["openid"])
    now = clock.now()
    expires_at = _expiry(asked, now=now)
    with transaction.atomic():
        order = find_order(asked["out_trade_no"])
        if order is None:
            if expires_at <= now:
                raise ParamError("订单失效时间已过", field="/time_expire", value=asked["time_expire"])
            order = Order.objects.create(
                out_trade_no=asked["out_trade_no"],
                prepay_id=new_prepay_id(now),
                prepaid_at=now,
                asked=asked,
                openid=asked["payer"]["openid"],
                total=asked["amount"]["total"],
                description=asked["description"],
                attach=asked.get("attach") or "",
                notify_url=asked["notify_url"],
                expires_at=expires_at,
                created_at=now,
            )
        else:
            _enter_again(order, asked=asked, now=now)
    return {"prepay_id": order.prepay_id}


def query_by_number(call: Call, *, out_trade_no: str) -> dict:
    """GET …/out-trade-no/{out_trade_no}. Of an order paid twice it tells the first payment."""
    check_mchid(call.query.get("mchid"), call)
    order = find_order(out_trade_no)
    if order is None:
        raise V3Error(404, "ORDER_NOT_EXIST", "订单不存在")
    return describe_order(order)


def query_by_transaction(call: Call, *, transaction_id: str) -> dict:
    """GET …/id/{transaction_id}: exists only once paid."""
    check_mchid(call.query.get("mchid"), call)
    paid = Transaction.objects.select_related("order").filter(transaction_id=transaction_id).first()
    if paid is None:
        raise V3Error(404, "ORDER_NOT_EXIST", "订单不存在")
    return describe_payment(paid)


def close(call: Call, *, out_trade_no: str) -> None:
    """POST …/close: 204, again and again; merchants also saw it for a number that never was."""
    check_body(call.body, {"mchid": PREPAY["mchid"]})
    check_mchid(call.body["mchid"], call)
    with transaction.atomic():
        order = find_order(out_trade_no)
        if order is None:
            return
        if order.transactions.exists():
            raise V3Error(400, "ORDER_PAID", "该订单已支付")
        order.state = TradeState.CLOSED
        order.save(update_fields=["state"])


def find_order(out_trade_no: str) -> Order | None:
    """The order as it stands now: one whose time is over has closed itself."""
    order = Order.objects.filter(out_trade_no=out_trade_no).first()
    if order is not None:
        close_if_expired(order)
    return order


def close_if_expired(order: Order) -> None:
    if order.state == TradeState.NOTPAY and order.expires_at <= clock.now():
        order.state = TradeState.CLOSED
        Order.objects.filter(pk=order.pk, state=TradeState.NOTPAY).update(state=TradeState.CLOSED)


def describe_order(order: Order) -> dict:
    """The answer of a query, paid or not."""
    paid = order.transactions.select_related("order").order_by("id").first()
    if paid is not None:
        return describe_payment(paid)
    return {
        "appid": keyring.appid,
        "mchid": keyring.mchid,
        "out_trade_no": order.out_trade_no,
        "trade_state": order.state,
        "trade_state_desc": TradeState(order.state).label,
        **({"attach": order.attach} if order.attach else {}),
        "amount": {"total": order.total, "currency": "CNY"},
        "payer": {},
        "promotion_detail": [],
    }


def describe_payment(paid: Transaction) -> dict:
    """The answer of a query, and the plaintext of TRANSACTION.SUCCESS."""
    order = paid.order
    state = TradeState.REFUND if paid.refunds.exists() else TradeState.SUCCESS
    return {
        "appid": keyring.appid,
        "mchid": keyring.mchid,
        "out_trade_no": order.out_trade_no,
        "transaction_id": paid.transaction_id,
        "trade_type": "JSAPI",
        "trade_state": state.value,
        "trade_state_desc": state.label,
        "bank_type": "OTHERS",
        **({"attach": order.attach} if order.attach else {}),
        "success_time": rfc3339(paid.paid_at),
        "payer": {"openid": paid.openid},
        "amount": {
            "total": paid.total,
            "payer_total": paid.total,
            "currency": "CNY",
            "payer_currency": "CNY",
        },
        "promotion_detail": [],
    }


def check_mchid(mchid: str | None, call: Call) -> None:
    if not mchid:
        raise ParamError("参数缺失：mchid必填", field="/mchid", issue="required")
    if mchid != call.mchid:
        raise ParamError("http header中的mchid与post payload中的mchid不匹配")


def _expiry(asked: dict, *, now: datetime) -> datetime:
    if not asked.get("time_expire"):
        return now + ORDER_LIFE
    return read_time(asked["time_expire"], field="/time_expire")


def _enter_again(order: Order, *, asked: dict, now: datetime) -> None:
    if order.transactions.exists():
        raise V3Error(400, "ORDER_PAID", "该订单已支付")
    if order.state == TradeState.CLOSED:
        raise V3Error(400, "ORDER_CLOSED", "该订单已失效")
    if order.asked != asked:
        raise V3Error(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
    if now - order.prepaid_at >= PREPAY_LIFE:
        order.prepay_id, order.prepaid_at = new_prepay_id(now), now
        order.save(update_fields=["prepay_id", "prepaid_at"])
