"""Numbers as WeChat writes them. The time inside is the sandbox clock's."""

import secrets
from datetime import datetime

from wallet_project.sandbox.clock import stamp


def _digits(length: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(length))


def new_prepay_id(now: datetime) -> str:
    return f"wx{stamp(now)}{secrets.token_hex(10)}"


def new_transaction_id(now: datetime) -> str:
    return f"420000{_digits(4)}{stamp(now)[:8]}{_digits(10)}"


def new_refund_id(now: datetime) -> str:
    return f"5030{_digits(7)}{stamp(now)[:8]}{_digits(10)}"


def new_transfer_bill_no(now: datetime) -> str:
    return f"13300000{_digits(10)}{stamp(now)[:8]}{_digits(12)}"


def new_complaint_id(now: datetime) -> str:
    return f"2002018{stamp(now)}{_digits(8)}"


def new_log_id(now: datetime) -> str:
    return f"{stamp(now)}{_digits(14)}"


def new_event_id(now: datetime) -> str:
    return f"EV-{stamp(now)}{_digits(10)}"
