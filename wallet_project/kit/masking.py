"""138****0000 and friends: what people who need not know may see."""


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def mask_name(name: str) -> str:
    """张*, however long the name is."""
    return f"{name[:1]}*" if len(name) > 1 else "*"


def mask_id_number(number: str) -> str:
    """110***********002X: the province and the last four."""
    return _ends(number, first=3, last=4)


def mask_card(number: str) -> str:
    """622202*********1234: the bank and the last four."""
    return _ends(number, first=6, last=4)


def mask_ip(address: str) -> str:
    """203.0.113.*, or the first three groups of an IPv6 address: roughly where, not who."""
    if "." in address:
        return address.rpartition(".")[0] + ".*"
    return ":".join(address.split(":")[:3]) + ":*" if address else ""


def mask_middle(text: str, keep: int = 4) -> str:
    """Openids and other long identifiers: both ends, and never more than half of it."""
    return f"{text[:keep]}…{text[-keep:]}" if len(text) >= 4 * keep else "…"


def _ends(number: str, *, first: int, last: int) -> str:
    """Both ends; and nothing of what is too short to be such a number."""
    hidden = len(number) - first - last
    return f"{number[:first]}{'*' * hidden}{number[-last:]}" if hidden > 4 else "****"
