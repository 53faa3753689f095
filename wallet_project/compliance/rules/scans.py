"""
Reports of scanners, read strictly into one shape.

Formats: `pip-audit --format json`, `bandit --format json`, `ruff check --output-format json`, and a plain one
for everything else: {"tool": …, "findings": [{"id", "place", "severity", "title", "fixed_version"?}]}.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import TextChoices


class Tool(TextChoices):
    PIP_AUDIT = "pip-audit", "pip-audit"
    BANDIT = "bandit", "bandit"
    RUFF = "ruff", "ruff"
    GENERIC = "generic", "通用格式"


class Severity(TextChoices):
    HIGH = "HIGH", "高"
    MEDIUM = "MEDIUM", "中"
    LOW = "LOW", "低"


class Unreadable(ValueError):
    """Not what this tool writes; the text says where it differs."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One rule broken in one place; `count` times, `detail` says where exactly."""

    identifier: str
    place: str
    title: str
    severity: Severity
    count: int = 1
    detail: str = ""
    fixed_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`source` is whose report it is: another one of the same source replaces it."""

    source: str
    observations: list[Observation]


def read_report(tool: Tool, document: Any, *, root: str) -> Reading:
    """
    Places below `root`, the folder of the source code, are told from there.

    :raises Unreadable: the document is not a report of this tool
    """
    if tool is Tool.GENERIC:
        report = _mapping(document)
        return Reading(
            source=_text(report, "tool", longest=32),
            observations=_one_per_place(map(_plain, _list(report, "findings"))),
        )
    observations = [
        replace(seen, place=seen.place.removeprefix("./").removeprefix(f"{root}/"))
        for seen in _READERS[tool](document)
    ]
    return Reading(source=tool.value, observations=_one_per_place(observations))


def _pip_audit(document: Any) -> Iterable[Observation]:
    """It grades nothing: a published weakness in what we run counts as high until somebody has looked."""
    for package in map(_mapping, _list(_mapping(document), "dependencies")):
        if "skip_reason" in package:
            continue
        for found in map(_mapping, _list(package, "vulns")):
            fixes = [version for version in _list(found, "fix_versions") if isinstance(version, str)]
            yield Observation(
                identifier=_text(found, "id", longest=64),
                place=_text(package, "name", longest=200),
                title=_text(found, "description", longest=300, default=_text(found, "id", longest=64)),
                severity=Severity.HIGH,
                detail=_text(package, "version", longest=200),
                fixed_version=", ".join(fixes)[:64],
            )


def _bandit(document: Any) -> Iterable[Observation]:
    for found in map(_mapping, _list(_mapping(document), "results")):
        yield Observation(
            identifier=_text(found, "test_id", longest=64),
            place=_text(found, "filename", longest=200),
            title=_text(found, "issue_text", longest=300),
            severity=_severity(found, "issue_severity"),
            detail=_line(found.get("line_number")),
        )


def _ruff(document: Any) -> Iterable[Observation]:
    """It grades nothing: the security rules that we chose count as medium."""
    if not isinstance(document, list):
        raise Unreadable("a list of violations was expected")
    for found in map(_mapping, document):
        yield Observation(
            identifier=_text(found, "code", longest=64),
            place=_text(found, "filename", longest=200),
            title=_text(found, "message", longest=300),
            severity=Severity.MEDIUM,
            detail=_line(_mapping(found.get("location")).get("row")),
        )


def _plain(found: Any) -> Observation:
    found = _mapping(found)
    unknown = set(found) - {"id", "place", "severity", "title", "fixed_version"}
    if unknown:
        raise Unreadable(f"unknown: {', '.join(sorted(unknown))}")
    return Observation(
        identifier=_text(found, "id", longest=64),
        place=_text(found, "place", longest=200),
        title=_text(found, "title", longest=300),
        severity=_severity(found, "severity"),
        fixed_version=_text(found, "fixed_version", longest=64, default=""),
    )


_READERS: dict[Tool, Callable[[Any], Iterable[Observation]]] = {
    Tool.PIP_AUDIT: _pip_audit,
    Tool.BANDIT: _bandit,
    Tool.RUFF: _ruff,
}
_HIGHEST_FIRST = list(Severity)


def _one_per_place(observations: Iterable[Observation]) -> list[Observation]:
    """Lines move with every edit, so a rule broken twice in a file is one finding with two lines."""
    merged: dict[tuple[str, str], Observation] = {}
    for seen in observations:
        earlier = merged.get((seen.identifier, seen.place))
        if earlier is None:
            merged[seen.identifier, seen.place] = seen
            continue
        merged[seen.identifier, seen.place] = replace(
            earlier,
            count=earlier.count + 1,
            detail=", ".join(part for part in (earlier.detail, seen.detail) if part)[:200],
            severity=min(earlier.severity, seen.severity, key=_HIGHEST_FIRST.index),
        )
    return list(merged.values())


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("an object was expected")
    return value


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    if not isinstance(value, list):
        raise Unreadable(f"{name} must be a list")
    return value


def _text(holder: dict[str, Any], name: str, *, longest: int, default: str | None = None) -> str:
    value = holder.get(name) or default
    if not isinstance(value, str) or (not value and default is None):
        raise Unreadable(f"{name} must be a text")
    if not value.isprintable():
        value = "".join(each if each.isprintable() else " " for each in value)
    return value[:longest]


def _severity(holder: dict[str, Any], name: str) -> Severity:
    value = str(holder.get(name)).upper()
    if value not in Severity.values:
        raise Unreadable(f"{name} must be HIGH, MEDIUM or LOW")
    return Severity(value)


def _line(number: Any) -> str:
    return f"第 {number} 行" if type(number) is int else ""
