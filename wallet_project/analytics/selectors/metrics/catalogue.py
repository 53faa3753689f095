"""
Every number that is rolled up, and the question that answers it.

A metric is a small function in the file of its topic; its docstring is printed beside the number. It is asked
about one business day and yields values: of the whole day, of an hour, or of a part. Where an hourly metric
adds up it yields hours alone, and the day is their sum.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from inspect import cleandoc
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet

from wallet_project.analytics.rules.metrics import Adds, Metric, Ratio, Topic, Unit
from wallet_project.kit import clock

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Window:
    """
    One Shanghai day, from `first` until before `end`. `among`: only of these people, ids for a subquery.

    A day that is not over is asked about as a whole: nothing of its rest has happened yet.
    """

    day: date
    first: datetime
    end: datetime
    among: QuerySet[Any, Any] | None = None
    _answers: dict[Callable[..., Any], Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, day: date, *, among: QuerySet[Any, Any] | None = None) -> "Window":
        first = clock.beginning_of(day)
        return cls(day=day, first=first, end=first + timedelta(days=1), among=among)

    def once(self, question: "Callable[[Window], _Answer]") -> _Answer:
        """What several metrics read off one answer: asked once, so that they agree with each other."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: _Answer = self._answers[question]
        return answer


class Value(NamedTuple):
    """`cut` names a part, "method:WECHAT"; of the whole it is empty."""

    hour: int | None
    cut: str
    value: int


Question = Callable[[Window], Iterable[Value]]

METRICS: dict[str, Metric] = {}
RATIOS: dict[str, Ratio] = {}
QUESTIONS: dict[str, Question] = {}


def metric(
    name: str,
    *,
    unit: Unit,
    topic: Topic,
    adds: Adds = Adds.SUM,
    hourly: bool = False,
    by_person: bool = False,
    parts: tuple[str, ...] = (),
) -> Callable[[Question], Question]:
    """Put a number into the catalogue: the function is its code, the function's docstring its definition."""

    def register(question: Question) -> Question:
        number = Metric(
            code=question.__name__,
            name=name,
            definition=cleandoc(question.__doc__ or ""),
            unit=unit,
            topic=topic,
            adds=adds,
            hourly=hourly,
            by_person=by_person,
            parts=parts,
        )
        add(number, question)
        return question

    return register


def add(number: Metric, question: Question) -> None:
    """
    :raises ValueError: there is a number of that code, or nobody has said what it means
    """
    _require_new(number.code)
    if not number.definition:
        raise ValueError(f"{number.code} needs a definition: it is printed beside the number")
    METRICS[number.code], QUESTIONS[number.code] = number, question


def ratio(code: str, name: str, definition: str, *, over: str, under: str, topic: Topic) -> None:
    """Put one number over another into the catalogue, of whichever topics they are."""
    _require_new(code)
    RATIOS[code] = Ratio(code=code, name=name, definition=definition, over=over, under=under, topic=topic)


def metrics(topic: Topic) -> list[Metric]:
    """Of one topic, in the order of its file."""
    return [each for each in METRICS.values() if each.topic == topic]


def ratios(topic: Topic) -> list[Ratio]:
    return [each for each in RATIOS.values() if each.topic == topic]


def spread(rows: Iterable[Any], number: str, **parts: str) -> Iterator[Value]:
    """
    One number of counted rows: by their `hour`, and for each part, `method="method"`, by the words in that
    attribute; where it is empty there is nothing to name.
    """
    sums: dict[tuple[int | None, str], int] = {}
    for row in rows:
        value = int(getattr(row, number))  # PostgreSQL's sums of bigint come as decimals
        cuts = {f"{part}:{word}" for part, attribute in parts.items() if (word := getattr(row, attribute))}
        for key in ((row.hour, ""), *((None, cut) for cut in cuts)):
            sums[key] = sums.get(key, 0) + value
    for (hour, cut), value in sums.items():
        yield Value(hour, cut, value)


def _require_new(code: str) -> None:
    if code in METRICS or code in RATIOS:
        raise ValueError(f"two metrics are named {code}")
