"""How fast a ticket is answered and solved: which policy counts, and when its clock rings."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.rules.calendars import BusinessHours
from feedback.rules.tickets import OPEN_STATES, TicketState

MOST_MINUTES: Final = 60 * 24 * 60
MOST_PERCENT: Final = 1_000


class ClockKind(TextChoices):
    FIRST_REPLY = "FIRST_REPLY", _("首次回复")
    NEXT_REPLY = "NEXT_REPLY", _("后续回复")
    SOLVE = "SOLVE", _("解决")


REPLIES: Final = frozenset({ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY})


class Rung(IntegerChoices):
    """Whom a clock reaches, one after the other: warned of, broken, and broken for long."""

    AGENT = 1, _("受理人")
    LEAD = 2, _("客服主管")
    MANAGER = 3, _("客服经理")


@dataclass(frozen=True, kw_only=True)
class SlaTerms:
    """
    Minutes of work by `calendar` (its code) until the first reply, each next reply and the solution. The
    agent is told at `warn_percent` of them, the lead when they are over, the manager at `manager_percent`.
    Where it `pauses`, the solution's clock stands still while we wait for the customer. What is not `in_use`
    leaves its tickets to a wider policy.
    """

    calendar: str
    first_reply: int
    next_reply: int
    solve: int
    warn_percent: int = 75
    manager_percent: int = 150
    pauses: bool = True
    in_use: bool = True

    @property
    def columns(self) -> dict[str, Any]:
        return asdict(self)

    def budget(self, kind: ClockKind) -> timedelta:
        return timedelta(minutes=getattr(self, kind.lower()))

    def share_of(self, rung: Rung) -> int:
        """Percent of the budget at which somebody is told."""
        return {Rung.AGENT: self.warn_percent, Rung.LEAD: 100, Rung.MANAGER: self.manager_percent}[rung]

    def stands_still(self, state: str) -> bool:
        """Whether nothing is to be solved, or not by us. Whoever waits for a word waits in any state."""
        return state not in OPEN_STATES or (self.pauses and state == TicketState.WAITING)


def problem_with(terms: SlaTerms, *, is_general: bool) -> Promise | None:
    """Why no policy may say this; the table refuses the same."""
    if not all(0 < minutes <= MOST_MINUTES for minutes in (terms.first_reply, terms.next_reply, terms.solve)):
        return _("时限为 1 分钟到 60 天")
    if not 0 < terms.warn_percent < 100 < terms.manager_percent <= MOST_PERCENT:
        return _("提醒须早于超时，升级至经理须晚于超时")
    if is_general and not terms.in_use:
        return _("不限类型、优先级和等级的政策不能停用")
    return None


class Fitting(Protocol):
    """A policy's cell; what is empty fits everybody."""

    kind: str
    priority: int | None
    tier: str


_P = TypeVar("_P", bound=Fitting)


def best_fit(policies: Iterable[_P], *, kind: str, priority: int, tier: str) -> _P:
    """
    The one that says most about a ticket; of two that say as much, the one about its kind, then its priority.

    :raises LookupError: none fits; the general one always does
    """
    fitting = [
        each
        for each in policies
        if each.kind in ("", kind) and each.priority in (None, priority) and each.tier in ("", tier)
    ]
    if not fitting:
        raise LookupError("no general policy")
    return max(fitting, key=_says)


def _says(policy: Fitting) -> tuple[int, bool, bool]:
    said = (policy.kind != "", policy.priority is not None, policy.tier != "")
    return sum(said), said[0], said[1]


Span = tuple[datetime, datetime | None]  # without an end: still going on


def runs(started_at: datetime, pauses: Sequence[Span]) -> list[Span]:
    """What is left of the time since a start, without its pauses (in order, none over another)."""
    left: list[Span] = []
    begins: datetime | None = started_at
    for began, ended in pauses:
        if begins is not None and began > begins:
            left.append((begins, began))
        begins = ended
    return left if begins is None else [*left, (begins, None)]


def reached(hours: BusinessHours, spans: Sequence[Span], worked: timedelta) -> datetime | None:
    """When so much work was, or will be, done in these spans; None: never, while nothing goes on."""
    for start, end in spans:
        if end is None:
            return hours.after(start, worked)
        done = hours.worked_between(start, end)
        if worked <= done:
            return hours.after(start, worked)
        worked -= done
    return None


def used(hours: BusinessHours, spans: Sequence[Span], *, at: datetime) -> timedelta:
    """How much work was done in these spans until a moment."""
    return sum(
        (hours.worked_between(start, at if end is None else min(end, at)) for start, end in spans),
        timedelta(),
    )


def minutes_in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part
        for part in (f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest or not hours else "")
        if part
    )


def terms_in_words(terms: SlaTerms, *, calendar: str) -> dict[str, str]:
    """Label → value, as whoever approves a policy reads it; `calendar` by its name."""
    return {
        **{
            str(kind.label): minutes_in_words(int(terms.budget(kind).total_seconds()) // 60)
            for kind in ClockKind
        },
        "按日历": calendar,
        "提醒受理人": f"用去 {terms.warn_percent}% 时",
        "升级至主管": "超时时",
        "升级至经理": f"用去 {terms.manager_percent}% 时",
        "等待顾客时": "解决时限暂停" if terms.pauses else "照常计时",
        "适用": "是" if terms.in_use else "否，改按更宽的政策",
    }
