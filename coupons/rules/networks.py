"""Where an address is, so roughly that a household is one place."""

import ipaddress


def network_around(address: str) -> str:
    """The /24 of an IPv4 address, the /64 of an IPv6 one; of what is none, nothing."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
