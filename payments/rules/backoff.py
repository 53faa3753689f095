"""When to ask WeChat again about a payment or refund that is not final."""

from datetime import datetime, timedelta

# A lost answer is asked about soon; a customer who is typing a PIN is not chased.
_PAYMENT_STEPS = (10, 20, 30, 60, 60, 120, 300, 300, 600)
# WeChat's advice for refunds: every minute for five minutes, then 5, 10, 20, 30 (doc 4012791862).
_REFUND_STEPS = (5, 60, 60, 60, 60, 300, 600, 1200, 1800)


def next_payment_query(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_PAYMENT_STEPS[min(asked, len(_PAYMENT_STEPS) - 1)])


def next_refund_query(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_REFUND_STEPS[min(asked, len(_REFUND_STEPS) - 1)])
