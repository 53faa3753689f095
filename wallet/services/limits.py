"""Count a move on its limits, exactly, whatever runs beside it; and give back what came to nothing."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.rules.kyc import KycLevel
from accounts.selectors.kyc import missing_steps, standing_of
from accounts.services.kyc_levels import hold_level
from wallet.errors import LimitExceeded
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import NAMES, Period, counted_on
from wallet.rules.modes import require_allowed
from wallet.selectors.limit_policies import policies_in_force
from wallet.selectors.limits import resets_at
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen

_COUNT = "SELECT * FROM wallet_count_on_limits(%(user)s, %(moves)s, %(day)s, %(amount)s, %(level)s, %(at)s)"
_GIVE_BACK = """
    WITH counted AS (
        SELECT move FROM wallet_limitusage WHERE user_id = %(user)s AND move = ANY(%(moves)s)
        ORDER BY array_position(%(moves)s, move::text) FOR NO KEY UPDATE
    )
    UPDATE wallet_limitusage AS used SET
        times = greatest(used.times - CASE WHEN used.day = %(day)s THEN %(times)s ELSE 0 END, 0),
        day_amount = greatest(used.day_amount - CASE WHEN used.day = %(day)s THEN %(amount)s ELSE 0 END, 0),
        month_amount = greatest(used.month_amount - CASE
            WHEN date_trunc('month', used.day) = date_trunc('month', %(day)s) THEN %(amount)s ELSE 0 END, 0),
        year_amount = greatest(used.year_amount - CASE
            WHEN date_trunc('year', used.day) = date_trunc('year', %(day)s) THEN %(amount)s ELSE 0 END, 0),
        lifetime_amount = greatest(used.lifetime_amount - %(amount)s, 0)
    FROM counted WHERE used.user_id = %(user)s AND used.move = counted.move
"""


def use_limit(*, user_id: int, kind: MoveKind, amount: Fen, at: datetime) -> None:
    """
    Count this move, `at` this moment, on every limit it falls under: in the transaction that moves the money.

    The real-name level stays what it is until that transaction ends. Refused, the innermost atomic block is
    rolled back, even by a caller who goes on.

    :raises LimitExceeded: with the tightest limit it would pass, and what is left of it
    :raises NotInThisMode: this wallet makes no such moves
    """
    require_transaction()
    require_allowed(kind, mode=settings.WALLET_MODE)
    level = hold_level(user_id)
    if passed := _count(user_id=user_id, level=level, kind=kind, amount=amount, at=at):
        move, period, up_to, used = passed
        refusal = _refusal(
            user_id=user_id, level=level, move=move, period=Period(period), up_to=up_to, used=used, at=at
        )
        transaction.set_rollback(True)
        raise refusal


def check_limit(*, user_id: int, kind: MoveKind, amount: Fen, at: datetime) -> None:
    """
    Refuse now what `use_limit` would refuse, before anybody is asked for a PIN. Nothing is counted.

    :raises LimitExceeded: as use_limit does
    :raises NotInThisMode: as use_limit does
    """
    with transaction.atomic():
        use_limit(user_id=user_id, kind=kind, amount=amount, at=at)
        transaction.set_rollback(True)


def give_back_limit(*, user_id: int, kind: MoveKind, amount: Fen, at: datetime, moved: Fen = ZERO) -> None:
    """
    So much of a move that was counted `at` that moment never happened: cancelled, refused, expired. Call it
    once, in the transaction that says so.

    What it used is free again in the periods that have not passed since. Where `moved` fen of it did happen,
    it stays one of that day's moves. Money that did move and came back, a refund say, is another move and
    gives nothing back.
    """
    require_transaction()
    counters = _counters(user_id=user_id, kind=kind, amount=amount, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {**counters, "times": 0 if moved else 1})


def _count(
    *, user_id: int, level: KycLevel, kind: MoveKind, amount: Fen, at: datetime
) -> tuple[str, str, int, int] | None:
    """The tightest limit that is passed now: move, period, limit, and what was used of it before."""
    counters = _counters(user_id=user_id, kind=kind, amount=amount, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {**counters, "level": int(level), "at": at})
        passed: tuple[str, str, int, int] | None = cursor.fetchone()
    return passed


def _counters(*, user_id: int, kind: MoveKind, amount: Fen, at: datetime) -> dict[str, Any]:
    if amount <= 0:
        raise ValueError("a move of nothing uses no limit")
    return {"user": user_id, "moves": counted_on(kind), "amount": amount, "day": clock.business_day(at)}


def _refusal(
    *, user_id: int, level: KycLevel, move: str, period: Period, up_to: int, used: int, at: datetime
) -> LimitExceeded:
    resets = resets_at(period, at=at) if up_to else None  # what is shut stays shut tomorrow
    return LimitExceeded(
        move=move,
        period=period.value,
        title=f"{NAMES[move]} · {period.label}",
        limit=up_to,
        left=max(up_to - used, 0),
        resets_at=resets and clock.iso(resets),
        next_level=_next_level(user_id=user_id, level=level, move=move, period=period, up_to=up_to, at=at),
    )


def _next_level(
    *, user_id: int, level: KycLevel, move: str, period: Period, up_to: int, at: datetime
) -> dict[str, Any] | None:
    """How far the next level would reach here, and the way to it; None where it reaches no further."""
    if level == max(KycLevel):
        return None
    higher = KycLevel(level + 1)
    limits = policies_in_force([higher], at=at, user_id=user_id).get((higher, move))
    limit = limits.of(period) if limits else 0
    if limit is not None and limit <= up_to:
        return None
    steps = missing_steps(higher, standing=standing_of(user_id))
    return {
        "level": higher.value,
        "title": str(higher.label),
        "limit": limit,
        "missing": [{"code": step.value, "title": str(step.label)} for step in steps],
    }
