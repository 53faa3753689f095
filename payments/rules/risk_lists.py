"""Who is on a list: spelled in one way, and found by equality alone."""

import ipaddress
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RiskList(TextChoices):
    ALLOW = "ALLOW", _("白名单")
    WATCH = "WATCH", _("关注名单")
    DENY = "DENY", _("黑名单")


class Listed(TextChoices):
    USER = "USER", _("用户")
    DEVICE = "DEVICE", _("设备")
    NETWORK = "NETWORK", _("IP 或网段")


def network_of(text: str) -> str:
    """
    10.1.2.3/8 → 10.0.0.0/8; a single address is a network of one.

    :raises ValueError: neither an address nor a network
    """
    return str(ipaddress.ip_network(text.strip(), strict=False))


@lru_cache(maxsize=4_096)
def networks_around(ip: str) -> list[str]:
    """Every network an address is in, as `network_of` spells them; none where it is no address. Read only."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return []
    return [
        str(ipaddress.ip_network((address, prefix), strict=False))
        for prefix in range(address.max_prefixlen + 1)
    ]
