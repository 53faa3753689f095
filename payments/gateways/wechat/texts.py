"""WeChat counts the length of texts in UTF-8 bytes."""


def shorten(text: str, *, most_bytes: int) -> str:
    """As many whole characters as fit."""
    return text.encode()[:most_bytes].decode(errors="ignore")
