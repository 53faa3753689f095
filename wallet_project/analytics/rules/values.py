"""How a number is read by people, and what the numbers of several days come to."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from wallet_project.analytics.rules.metrics import Adds, Metric, Unit
from wallet_project.kit.money import yuan

NOTHING = "—"


def in_words(unit: Unit, value: Decimal | int | None) -> str:
    """A number in its unit: fen as yuan, seconds as hours and minutes. None: nothing is known."""
    if value is None:
        return NOTHING
    whole = rounded(value)
    match unit:
        case Unit.FEN:
            return f"¥{yuan(whole)}" if whole >= 0 else f"-¥{yuan(-whole)}"
        case Unit.SECONDS:
            return _time(whole)
        case _:
            return f"{whole:,}"


def share_in_words(over: Unit, under: Unit, value: Decimal | None) -> str:
    """One number over another: in percent where both are of one unit, in the unit of `over` else."""
    if value is None:
        return NOTHING
    return f"{percent(value)}%" if over is under else in_words(over, value)


def change_in_words(
    now: Decimal | int | None, before: Decimal | int | None, *, is_share: bool = False
) -> str:
    """By how much of what it was before, a share by how many points; empty where nothing can be compared."""
    if now is None or before is None or not (before or is_share):
        return ""
    change = (Decimal(now) - Decimal(before)) * 100
    if not is_share:
        change /= abs(Decimal(before))
    arrow = "▲" if change > 0 else "▼" if change < 0 else "＝"
    return f"{arrow} {abs(change):,.1f}{' 个百分点' if is_share else '%'}"


def together(adds: Adds, values: Sequence[int | None]) -> Decimal | int | None:
    """
    What figures of consecutive days come to: their sum, the last one known, or — different people on each
    day, whom nobody can add — the mean day.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    match adds:
        case Adds.SUM:
            return sum(known)
        case Adds.LAST:
            return known[-1]
        case Adds.NEVER:
            return Decimal(sum(known)) / len(known)


def how_of(metric: Metric, *, days: int) -> str:
    """How `together` made one number of several days; empty for one day, and for a sum."""
    if days == 1:
        return ""
    return {Adds.LAST: "期末", Adds.NEVER: "日均"}.get(metric.adds, "")


def percent(share: Decimal | int) -> Decimal:
    """Of one, with two places, half of the last one up."""
    return (Decimal(share) * 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def rounded(value: Decimal | int) -> int:
    return int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _time(seconds: int) -> str:
    minutes, left = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} 分 {left} 秒" if minutes else f"{left} 秒"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours < 48 else f"{hours // 24} 天 {hours % 24} 小时"
