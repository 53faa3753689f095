"""Numbers as the theme's charts take them: JSON in an attribute, colours by the theme's names."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from wallet_project.analytics.rules.metrics import Unit
from wallet_project.analytics.selectors.boards import Number

COLOURS = ("var(--color-primary-600)", "#f59e0b", "#3b82f6", "#a855f7", "#ef4444", "#14b8a6")
_PALE = "#9ca3af"
_HEAT = 9  # shades
_LABELS = 8  # as many days as fit under a chart on a phone


@dataclass(frozen=True, kw_only=True)
class Line:
    """`is_before`: what it is compared with, drawn pale."""

    name: str
    values: Sequence[Number]
    unit: Unit | None
    colour: str = COLOURS[0]
    is_before: bool = False


def chart(labels: Sequence[str], lines: Sequence[Line]) -> str:
    return json.dumps({"labels": labels, "datasets": [_dataset(line) for line in lines]}, ensure_ascii=False)


def shade(value: float, *, of: float) -> int:
    """0 for nothing, else from 1 for little to the darkest."""
    return -(-int(value * _HEAT * 1_000) // int(of * 1_000)) if value > 0 and of > 0 else 0


def _dataset(line: Line) -> dict[str, object]:
    return {
        "label": line.name,
        "data": [_drawn(line.unit, value) for value in line.values],
        "borderColor": _PALE if line.is_before else line.colour,
        "backgroundColor": _PALE if line.is_before else line.colour,
        "borderDash": [4, 4] if line.is_before else [],
        "cubicInterpolationMode": "monotone",
        "displayYAxis": True,
        "suffixYAxis": {Unit.FEN: "元", None: "%"}.get(line.unit, ""),
        "maxTicksXLimit": _LABELS,
    }


def _drawn(unit: Unit | None, value: Number) -> float | None:
    """Points of a picture, not amounts: the nearest that a browser can draw."""
    if value is None:
        return None
    match unit:
        case Unit.FEN:
            return round(float(Decimal(value) / 100), 2)
        case None:
            return round(float(Decimal(value) * 100), 2)
        case Unit.SECONDS:
            return round(float(Decimal(value) / 60), 1)
        case _:
            return round(float(value), 2)
