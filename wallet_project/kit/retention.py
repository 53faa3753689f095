"""
What is kept, how long and why: the kinds that each app's `selectors/retention.py` puts its tables in.

Compliance collects them and clears by age what has had its time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

YEAR = 365


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    Rows of `tables`, kept for good; `keep_days` is what a new rule begins with, and nobody may shorten
    `minimum_days`. A kind that several apps have a share in has its words in the lowest of them.
    """

    action: ClassVar[str] = "长期保存"

    key: str
    title: str
    tables: tuple[str, ...]
    keep_days: int
    minimum_days: int
    basis: str

    def of(self, *tables: str) -> Self:
        """The same, and these tables are what somebody else puts in it."""
        return replace(self, tables=tables)


@dataclass(frozen=True, kw_only=True)
class PassingKind(Kind):
    """
    Cleared by age, which `since` tells; `outdated(before=…)` are the rows that go. The first of the tables is
    asked, the others go with it.
    """

    action: ClassVar[str] = "删除"

    outdated: Callable[..., QuerySet[Any]]
    since: str


@dataclass(frozen=True, kw_only=True)
class FadingKind(PassingKind):
    """That something happened stays, its content goes: these columns get these values."""

    action: ClassVar[str] = "清空内容"

    emptied: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DroppedKind(PassingKind):
    """Kept in months, which go whole: `drop` is the path of a service, f(*, before) -> how many rows went."""

    action: ClassVar[str] = "整月删除"

    drop: str


SETTINGS = Kind(
    key="project.settings",
    title="门店、角色与规则",
    tables=(),
    keep_days=3 * YEAR,
    minimum_days=1,
    basis="使用期间保存，不含顾客信息",
)
TRAIL = Kind(
    key="audit.trail",
    title="审计与审批记录",
    tables=(),
    keep_days=3 * YEAR,
    minimum_days=3 * YEAR,
    basis="网络安全法与等保：不少于六个月在线、三年归档",
)
