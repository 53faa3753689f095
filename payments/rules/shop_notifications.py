"""What shop systems hear of, where, and how often it is tried."""

import ipaddress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import models


class ShopEvent(models.TextChoices):
    ORDER_PAID = "order.paid", "订单已支付"
    ORDER_CLOSED = "order.closed", "订单已关闭"
    REFUND_SUCCEEDED = "refund.succeeded", "退款已到账"
    REFUND_DELAYED = "refund.delayed", "退款受阻"
    REFUND_REJECTED = "refund.rejected", "退款未通过"
    REFUND_WITHDRAWN = "refund.withdrawn", "退款已撤回"


class Outcome(models.TextChoices):
    ACCEPTED = "ACCEPTED", "已接收"
    REFUSED = "REFUSED", "应答不是 2xx"
    SILENT = "SILENT", "没有应答"
    NO_ADDRESS = "NO_ADDRESS", "没有可用的地址"


# Between tries, as WeChat Pay does it (doc 4012791861): at once, then fifteen more over 24 h 4 min.
STEPS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
_ANSWER_SECONDS = 60  # by then the last try has been answered, or never will be


def next_try(*, at: datetime, used: int) -> datetime:
    """When to look again after this many tries, the one that begins now included."""
    return at + timedelta(seconds=STEPS[used - 1] if used <= len(STEPS) else _ANSWER_SECONDS)


def is_last_try(used: int) -> bool:
    return used > len(STEPS)


def is_notify_url(url: str, *, local: bool) -> bool:
    """
    https://host[:port]/path?query of somebody on the internet. What a name resolves to is looked at when it
    is connected to. `local` allows http and any host, for a shop on the developer's own machine.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment or not url.isascii() or not url.isprintable():
        return False
    if " " in url or "\\" in url:
        return False
    if local:
        return parts.scheme in {"http", "https"}
    return parts.scheme == "https" and "." in host and not _is_inside(host)


def _is_inside(host: str) -> bool:
    if host.endswith((".local", ".internal", ".localhost")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.rpartition(".")[2].isdigit()  # 127.1, 0177.0.0.1: another way to write an address
