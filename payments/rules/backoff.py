"""When to ask again about a payment, a refund or a bill that is not final."""

from datetime import datetime, timedelta

# A lost answer is asked about soon; a customer who is typing a PIN is not chased.
_PAYMENT_STEPS = (10, 20, 30, 60, 60, 120, 300, 300, 600)
# WeChat's advice for refunds: every minute for five minutes, then 5, 10, 20, 30 (doc 4012791862).
_REFUND_STEPS = (5, 60, 60, 60, 60, 300, 600, 1200, 1800)
# Somebody waits for their light to come back on; a biller that is closed for the night is asked every hour.
_BILL_STEPS = (20, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
# A paid bill may come back for a month, and the callback that says so may be lost.
_PAID_BILL_DAYS = (1, 3, 7, 15, 30)


def next_payment_query(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_PAYMENT_STEPS[min(asked, len(_PAYMENT_STEPS) - 1)])


def next_refund_query(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_REFUND_STEPS[min(asked, len(_REFUND_STEPS) - 1)])


def next_bill_query(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_BILL_STEPS[min(asked, len(_BILL_STEPS) - 1)])


def next_look_at_paid_bill(*, paid_at: datetime, looked: int) -> datetime | None:
    """None: it has been looked at often enough."""
    return paid_at + timedelta(days=_PAID_BILL_DAYS[looked]) if looked < len(_PAID_BILL_DAYS) else None
