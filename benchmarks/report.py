"""The numbers of a run: on the screen, as JSON, and as a page for the docs."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One number and what it should be at least or at most, if anything was promised."""

    what: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        met = self.value >= self.at_least if self.at_least is not None else self.value <= (self.at_most or 0)
        return "✓" if met else "✗"


def show(rows: list[Row]) -> None:
    for row in rows:
        print(f"{row.verdict:1}  {row.what:58} {_number(row.value):>10}  {row.target}")


def keep(rows: list[Row], *, settings: dict[str, object]) -> None:
    """
    results/latest.json for programs, results/latest.md for people: what was measured now, and of an earlier
    run what was not.
    """
    about = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **settings,
    }
    kept = {row["what"]: row for row in _earlier()}
    kept |= {row.what: {**asdict(row), "at": about["at"]} for row in rows}
    RESULTS.mkdir(exist_ok=True)
    data = {"about": about, "rows": list(kept.values())}
    (RESULTS / "latest.json").write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    lines = [
        "# Benchmarks",
        "",
        "`make bench` writes this page. Ratios travel between machines, absolute numbers do not: every ratio",
        "to the anchor was measured in the same minute on the same server.",
        "",
        ", ".join(f"{name} {value}" for name, value in about.items()),
        "",
        "| what | value | target | | measured |",
        "|---|---:|---|---|---|",
        *(_line(moment=row.pop("at"), row=Row(**row)) for row in data["rows"]),
    ]
    (RESULTS / "latest.md").write_text("\n".join(lines) + "\n")


def _earlier() -> list[dict[str, Any]]:
    latest = RESULTS / "latest.json"
    rows: list[dict[str, Any]] = json.loads(latest.read_text())["rows"] if latest.exists() else []
    return rows


def _line(*, moment: str, row: Row) -> str:
    return f"| {row.what} | {_number(row.value)} | {row.target} | {row.verdict} | {moment[:16]} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
