"""Which numbers stand on which page, and how they are drawn there."""

from dataclasses import dataclass

from wallet_project.analytics.rules.metrics import Topic
from wallet_project.analytics.rules.periods import Against, Span


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Each with its definition, and with what it was before."""

    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Day by day; hour by hour where the period is one day. One metric is drawn with what it was before."""

    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a number is made of."""

    title: str
    code: str
    part: str


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """What came of the first number, each in percent of it."""

    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Hours:
    """At which hour of which day of the week."""

    title: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked when a page is opened, by its name in admin/asked.py; `codes` are seen in it alone."""

    title: str
    name: str
    codes: tuple[str, ...] = ()


Panel = Numbers | Curve | Parts | Funnel | Hours | Asked


@dataclass(frozen=True, kw_only=True)
class Board:
    """
    One page; whoever may look at it has `analytics.view_{code}_board`. Numbers of its topics that stand on no
    panel follow the last one.
    """

    code: str
    title: str
    icon: str
    topics: tuple[Topic, ...]
    panels: tuple[Panel, ...] = ()
    span: Span = Span.MONTH
    against: Against = Against.PREVIOUS

    @property
    def permission(self) -> str:
        return f"analytics.view_{self.code}_board"
