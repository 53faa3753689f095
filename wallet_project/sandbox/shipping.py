"""Goods on their way: what the merchant uploads (doc: 发货信息管理)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.login import ErrCode, check_token, read
from wallet_project.sandbox.models import Transaction
from wallet_project.sandbox.shipping_models import Shipping

_EXPRESS = 1


def upload(request: HttpRequest) -> dict:
    """POST /wxa/sec/order/upload_shipping_info: once, and once more when something was wrong."""
    check_token(request)
    wish = read(request)
    paid = _transaction_of(wish)
    _check_goods(wish)
    told = {name: value for name, value in wish.items() if name != "upload_time"}
    with transaction.atomic():
        known = Shipping.objects.filter(transaction_id=paid.transaction_id).first()
        if known is None:
            Shipping.objects.create(transaction_id=paid.transaction_id, told=told, at=clock.now())
        elif known.told == told:
            raise ErrCode(10060023, "发货信息未更新")
        elif known.times > 1:
            raise ErrCode(10060003, "支付单已使用重新发货机会")
        else:
            known.told, known.times = told, 2
            known.save()
    return {"errcode": 0, "errmsg": "ok"}


def list_shippings(wish: dict) -> dict:
    """What merchants have uploaded, newest first; by `transaction_id`."""
    found = Shipping.objects.order_by("-id")
    if wish.get("transaction_id"):
        found = found.filter(transaction_id=wish["transaction_id"])
    items = [
        {"transaction_id": each.transaction_id, "told": each.told, "times": each.times}
        for each in found[:200]
    ]
    return {"items": items}


def _transaction_of(wish: dict) -> Transaction:
    key: Any = wish.get("order_key") or {}
    if key.get("order_number_type") == 2:
        if not key.get("transaction_id"):
            raise ErrCode(268485195, "微信支付单号为空")
        found = Transaction.objects.filter(transaction_id=key["transaction_id"])
    elif key.get("order_number_type") == 1:
        if key.get("mchid") != keyring.mchid:
            raise ErrCode(268485196, "商户号非法")
        found = Transaction.objects.filter(order__out_trade_no=key.get("out_trade_no") or "")
    else:
        raise ErrCode(268485194, "订单单号类型非法")
    paid = found.first()
    if paid is None:
        raise ErrCode(10060001, "支付单不存在")
    if (wish.get("payer") or {}).get("openid") != paid.openid:
        raise ErrCode(10060031, "支付单不属于该 openid")
    return paid


def _check_goods(wish: dict) -> None:
    if wish.get("logistics_type") not in (1, 2, 3, 4):
        raise ErrCode(10060005, "物流类型有误")
    if wish.get("delivery_mode") not in (1, 2):
        raise ErrCode(268485224, "发货模式非法")
    goods = wish.get("shipping_list")
    if not isinstance(goods, list):
        raise ErrCode(47001, "data format error")
    if wish["delivery_mode"] == 1 and len(goods) != 1:
        raise ErrCode(268485228, "统一发货时物流信息列表长度必须为 1")
    for parcel in goods:
        described = parcel.get("item_desc")
        if not described:
            raise ErrCode(10060020, "该笔支付单在没有商品描述的情况下不允许发货")
        if len(described) > 120:
            raise ErrCode(10060009, "商品信息过长")
        if wish["logistics_type"] == _EXPRESS:
            if not parcel.get("tracking_no"):
                raise ErrCode(268485226, "物流单号不能为空")
            if not parcel.get("express_company"):
                raise ErrCode(268485227, "物流公司编码不能为空")
    try:
        moment = datetime.fromisoformat(wish.get("upload_time") or "")
    except ValueError:
        raise ErrCode(268485216, "上传时间非法") from None
    if moment.tzinfo is None:
        raise ErrCode(268485216, "上传时间非法")
