"""Which limits are in force, and what is left of them."""

from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings

from accounts.rules.kyc import KycLevel, Step
from accounts.selectors.kyc import Standing, level_of, missing_steps, standing_of
from wallet.models import LimitUsage
from wallet.rules.balance_caps import cap_for
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import NAMES, NONE, Period, Used, counted_on, left_of, resets_on
from wallet.rules.modes import is_off
from wallet.selectors.balance_caps import Room, room_of
from wallet.selectors.limit_policies import Policies, policies_in_force
from wallet_project.kit import clock
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class LimitLeft:
    """`limit`, `used` and `left` are fen; with the period TIMES they are numbers of moves."""

    period: Period
    limit: int
    used: int
    left: int
    resets_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MoveLimits:
    """
    A move, or OUT, the sum of those that leave the balance. `left` is the most that one more may be now, by
    its own limits and by those of the sum; the balance is another matter. `at_next_level` has no place for
    what sets no limit there.
    """

    move: str
    title: str
    is_on: bool
    left: Fen
    limits: list[LimitLeft]
    at_next_level: list[tuple[Period, int]]


@dataclass(frozen=True, kw_only=True)
class NextLevel:
    level: KycLevel
    missing: list[Step]
    cap: Fen


@dataclass(frozen=True, kw_only=True)
class MyLimits:
    level: KycLevel
    next_level: NextLevel | None
    moves: list[MoveLimits]
    room: Room


def used_by(user_id: int) -> dict[str, Used]:
    """By move; in one query."""
    return {row.move: row.used for row in LimitUsage.objects.filter(user=user_id)}


def limits_of(user_id: int, *, at: datetime) -> MyLimits:
    """Everything somebody may want to know before they move money; in four queries."""
    standing = standing_of(user_id)
    level = standing.level
    higher = KycLevel(level + 1) if level < max(KycLevel) else None
    policies = policies_in_force([level, *([higher] if higher else [])], at=at, user_id=user_id)
    used = used_by(user_id)
    return MyLimits(
        level=level,
        next_level=_next_level(higher, standing=standing) if higher else None,
        moves=[
            _move_limits(move, policies=policies, level=level, higher=higher, used=used, at=at)
            for move in NAMES
        ],
        room=room_of(user_id, level=level),
    )


def left_for(user_id: int, *, kind: MoveKind, at: datetime) -> Fen:
    """The most that one more such move may be now; the balance is another matter. In three queries."""
    level = level_of(user_id)
    return _left(
        counted_on(kind),
        level=level,
        policies=policies_in_force([level], at=at, user_id=user_id),
        used=used_by(user_id),
        at=at,
    )


def resets_at(period: Period, *, at: datetime) -> datetime | None:
    """When what was used of a period is forgotten; None: never."""
    day = resets_on(period, today=clock.business_day(at))
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI) if day else None


def _next_level(level: KycLevel, *, standing: Standing) -> NextLevel:
    return NextLevel(
        level=level,
        missing=missing_steps(level, standing=standing),
        cap=cap_for(level, mode=settings.WALLET_MODE),
    )


def _move_limits(
    move: str,
    *,
    policies: Policies,
    level: KycLevel,
    higher: KycLevel | None,
    used: dict[str, Used],
    at: datetime,
) -> MoveLimits:
    today = clock.business_day(at)
    counters = counted_on(MoveKind(move)) if move in MoveKind else [move]
    is_on = move not in MoveKind or not is_off(MoveKind(move), mode=settings.WALLET_MODE)
    left = _left(counters, level=level, policies=policies, used=used, at=at)
    mine, spent = policies.get((level, move), NONE), used.get(move, Used())
    next_ones = policies.get((higher, move), NONE) if higher else None
    return MoveLimits(
        move=move,
        title=str(NAMES[move]),
        is_on=is_on,
        left=left if is_on else ZERO,
        limits=[
            LimitLeft(
                period=period,
                limit=limit,
                used=(so_far := spent.of(period, today=today)),
                left=max(limit - so_far, 0),
                resets_at=resets_at(period, at=at) if limit else None,  # what is shut stays shut
            )
            for period, limit in mine.set
        ],
        at_next_level=next_ones.set if next_ones else [],
    )


def _left(
    counters: list[str], *, level: KycLevel, policies: Policies, used: dict[str, Used], at: datetime
) -> Fen:
    """Of all that a move is counted on, the least."""
    today = clock.business_day(at)
    return min(
        left_of(policies.get((level, counter), NONE), used.get(counter, Used()), today=today)
        for counter in counters
    )
