"""How goods reach a customer, and what WeChat's answers to that mean (mini-program doc: 发货信息管理)."""

from datetime import datetime, timedelta
from enum import Enum

from django.db import models

ITEMS_MOST = 120  # characters of item_desc


class ShippingWay(models.TextChoices):
    EXPRESS = "EXPRESS", "快递"
    LOCAL = "LOCAL", "同城配送"
    VIRTUAL = "VIRTUAL", "虚拟商品"
    PICKUP = "PICKUP", "用户自提"


LOGISTICS_TYPE = {
    ShippingWay.EXPRESS: 1,
    ShippingWay.LOCAL: 2,
    ShippingWay.VIRTUAL: 3,
    ShippingWay.PICKUP: 4,
}
# What needs nobody to carry it may count as shipped as soon as it is paid.
BY_ITSELF = [(way.value, way.label) for way in (ShippingWay.VIRTUAL, ShippingWay.PICKUP)]


class ShipmentState(models.TextChoices):
    WAITING = "WAITING", "待上传微信"
    UPLOADED = "UPLOADED", "已上传微信"
    NOT_NEEDED = "NOT_NEEDED", "无需上传"
    REFUSED = "REFUSED", "微信拒绝"


class Verdict(Enum):
    DONE = "WeChat has it"
    LATER = "the same again, later"
    REFUSED = "it will not take this"


_UNCHANGED = 10060023
# 10060001: no such order; so it says for a while after a payment, too. The others are WeChat's own trouble.
_LATER = {10060001, 10060012, 10060019}

# For two days: by then WeChat has complained of it, and somebody must look.
_STEPS = (30, 60, 120, 300, 600, 1800, *[3600] * 46)


def verdict_of(errcode: int, *, busy: bool = False) -> Verdict:
    if errcode in {0, _UNCHANGED}:
        return Verdict.DONE
    return Verdict.LATER if busy or errcode in _LATER else Verdict.REFUSED


def next_upload(*, at: datetime, tried: int) -> datetime | None:
    """None: it has been tried often enough."""
    return at + timedelta(seconds=_STEPS[tried - 1]) if tried <= len(_STEPS) else None


def describe_items(lines: list[tuple[str, int]], *, title: str) -> str:
    """马克杯*2，挂耳咖啡*1: what was bought, as short as WeChat wants it; without items the title."""
    text = "，".join(f"{name}*{quantity}" for name, quantity in lines) or title
    return text if len(text) <= ITEMS_MOST else f"{text[: ITEMS_MOST - 1]}…"
