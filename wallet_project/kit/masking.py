"""138****0000 and friends: what people who need not know may see."""


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def mask_middle(text: str, keep: int = 4) -> str:
    """Openids and other long identifiers: both ends, and never more than half of it."""
    return f"{text[:keep]}…{text[-keep:]}" if len(text) >= 4 * keep else "…"
