"""
When WeChat may be asked for a refund: those of one payment a minute apart, and few requests that fail.

Both are WeChat's rules (doc 4012791862): it refuses whoever breaks them, and refusals count against us.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from payments.models import Payment, Refund
from payments.rules.order_refunds import REFUND_SPACING
from payments.rules.transfers import TOO_OLD_TO_BE_ACCEPTED
from wallet_project.kit import clock

_BUCKET = "refund_errors"
_REFILLED = (
    "least(%(size)s, bucket.tokens"
    " + %(size)s * greatest(0, extract(epoch FROM clock_timestamp() - bucket.at)))"
)
_DRAW = f"""
    INSERT INTO payments_tokenbucket AS bucket (name, tokens, at)
    VALUES (%(name)s, %(size)s - 1, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET tokens = {_REFILLED} - 1, at = clock_timestamp() WHERE {_REFILLED} >= 1
"""  # noqa: S608 - only our own text is put together
_ADD = f"""
    UPDATE payments_tokenbucket AS bucket
    SET tokens = least(%(size)s, {_REFILLED} + %(more)s), at = clock_timestamp() WHERE name = %(name)s
"""  # noqa: S608 - as above


@dataclass(frozen=True, kw_only=True)
class Turn:
    """
    With `later` it is to be tried again then. Otherwise WeChat may be asked for the refund now, at `at`;
    `before` is when it was asked for it last.
    """

    at: datetime
    before: datetime | None = None
    later: datetime | None = None

    @property
    def may_meet_another(self) -> bool:
        """An earlier request for the same refund may still be on its way to WeChat."""
        return self.before is not None and self.at <= self.before + TOO_OLD_TO_BE_ACCEPTED


def take_turn(refund: Refund) -> Turn:
    """
    Whoever asks WeChat in their turn says with `end_turn` how it went. What is repeated under its own number
    waits for no other.
    """
    with transaction.atomic(durable=True):
        now = clock.now()
        payments = Payment.objects.select_for_update(no_key=True)
        payment = payments.filter(transaction_id=refund.transaction_id).first()
        if payment is not None and (last := _last_other(refund)) and last + REFUND_SPACING > now:
            return Turn(at=now, later=last + REFUND_SPACING)
        if not _draw():
            return Turn(at=now, later=now + timedelta(seconds=1))
        before = Refund.objects.filter(pk=refund.pk).values_list("asked_at", flat=True).first()
        Refund.objects.filter(pk=refund.pk).update(asked_at=now)
    return Turn(at=now, before=before)


def end_turn(*, requests_failed: int) -> None:
    """A request that succeeded costs nothing; others cost one each, also what was repeated at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {"name": _BUCKET, "size": settings.REFUND_ERRORS_PER_SECOND, "more": 1 - requests_failed},
        )


def _last_other(refund: Refund) -> datetime | None:
    others = Refund.objects.filter(transaction_id=refund.transaction_id).exclude(pk=refund.pk)
    last: datetime | None = others.aggregate(last=Max("asked_at"))["last"]
    return last


def _draw() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, {"name": _BUCKET, "size": settings.REFUND_ERRORS_PER_SECOND})
        return cursor.rowcount == 1
