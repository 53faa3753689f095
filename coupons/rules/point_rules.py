"""For what points are earned, as data."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coupons.rules.membership import ORDINARY
from wallet_project.kit.money import ZERO, Fen, yuan


class EarnEvent(models.TextChoices):
    """What earns points. All but a purchase and a check-in do so once in a customer's life, or per survey."""

    PURCHASE = "PURCHASE", _("消费")
    CHECK_IN = "CHECK_IN", _("签到")
    REGISTERED = "REGISTERED", _("注册")
    PHONE_BOUND = "PHONE_BOUND", _("绑定手机")
    FIRST_TOP_UP = "FIRST_TOP_UP", _("首次充值")
    TUTORIAL_DONE = "TUTORIAL_DONE", _("完成新手引导")
    QUIZ_PASSED = "QUIZ_PASSED", _("通过安全测验")
    SURVEY_ANSWERED = "SURVEY_ANSWERED", _("完成问卷")


# What a new customer does once, and a real person is rewarded for once, whatever account they come back with.
FIRST_TIMES = frozenset(
    {
        EarnEvent.REGISTERED,
        EarnEvent.PHONE_BOUND,
        EarnEvent.FIRST_TOP_UP,
        EarnEvent.TUTORIAL_DONE,
        EarnEvent.QUIZ_PASSED,
    }
)


class PurchaseKind(models.TextChoices):
    ANY = "", _("不限")
    STORE = "STORE", _("门店")
    SHOP = "SHOP", _("商城")


@dataclass(frozen=True, kw_only=True)
class Spent:
    """
    So many fen of own money at a place, on a Shanghai clock, by somebody of a membership tier, who earns at
    its rate in basis points.
    """

    own: Fen
    place: str
    kind: str
    at: datetime
    tier: str = ""
    points_rate: int = ORDINARY


@dataclass(frozen=True, kw_only=True)
class EarnTerms:
    """
    A purchase earns `rate` points per 100 yuan of own money; anything else earns `points`, a check-in every
    `every_days` days in a row. What is empty or None sets no condition.

    `weekdays` begin with Monday as 1; hours are of the Shanghai clock, `hour_until` is not in it.
    """

    event: str
    rate: int = 0
    points: int = 0
    every_days: int = 1
    kind: str = ""
    places: tuple[str, ...] = ()
    tier: str = ""
    weekdays: tuple[int, ...] = ()
    hour_from: int = 0
    hour_until: int = 24
    least: Fen = ZERO
    most: int | None = None
    most_a_day: int | None = None

    @classmethod
    def of(cls, **columns: Any) -> Self:
        return cls(**{**columns, "places": tuple(columns["places"]), "weekdays": tuple(columns["weekdays"])})

    @property
    def columns(self) -> dict[str, Any]:
        return {**asdict(self), "places": list(self.places), "weekdays": list(self.weekdays)}


def applies_to(terms: EarnTerms, spent: Spent) -> bool:
    return (
        terms.event == EarnEvent.PURCHASE
        and terms.kind in ("", spent.kind)
        and terms.tier in ("", spent.tier)
        and (not terms.places or spent.place in terms.places)
        and (not terms.weekdays or spent.at.isoweekday() in terms.weekdays)
        and terms.hour_from <= spent.at.hour < terms.hour_until
        and spent.own >= terms.least
    )


def earned_by(terms: EarnTerms, spent: Spent) -> int:
    """Points for one purchase, before what its customer may earn a day."""
    if not applies_to(terms, spent):
        return 0
    points = spent.own * terms.rate * spent.points_rate // (10_000 * ORDINARY)
    return points if terms.most is None else min(points, terms.most)


def within_day(points: int, *, terms: EarnTerms, earned_today: int) -> int:
    """What of it somebody may still earn today."""
    return points if terms.most_a_day is None else max(min(points, terms.most_a_day - earned_today), 0)


def is_streak_rewarded(terms: EarnTerms, *, streak: int, above: int) -> bool:
    """Whether a streak that grew from `above` to `streak` days has come to a rewarded length."""
    return streak // terms.every_days > above // terms.every_days


def in_words(terms: EarnTerms, *, places: str) -> str:
    """As customers read it: 消费每 1 元得 1 积分；仅限周三。`places` are those of the terms by name."""
    return "；".join([_what(terms), *_conditions(terms, places=places)])


def samples(terms: EarnTerms, amounts: tuple[Fen, ...]) -> dict[Fen, int]:
    """What purchases that fulfil every condition would earn."""
    spent = Spent(own=ZERO, place="", kind="", at=datetime.min)  # noqa: DTZ901 - no condition looks at it
    open_terms = EarnTerms(event=terms.event, rate=terms.rate, least=terms.least, most=terms.most)
    return {amount: earned_by(open_terms, replace(spent, own=amount)) for amount in amounts}


def _what(terms: EarnTerms) -> str:
    if terms.event == EarnEvent.PURCHASE:
        return gettext("每消费 100 元得 %(points)s 积分") % {"points": terms.rate}
    if terms.event == EarnEvent.CHECK_IN and terms.every_days > 1:
        return gettext("每连续签到 %(days)s 天得 %(points)s 积分") % {
            "days": terms.every_days,
            "points": terms.points,
        }
    return gettext("%(event)s得 %(points)s 积分") % {
        "event": EarnEvent(terms.event).label,
        "points": terms.points,
    }


def _conditions(terms: EarnTerms, *, places: str) -> Iterator[str]:
    if terms.kind:
        yield gettext("仅限%(where)s") % {"where": PurchaseKind(terms.kind).label}
    if places:
        yield gettext("仅限%(where)s") % {"where": places}
    if terms.tier:
        yield gettext("仅限指定会员等级")
    if terms.weekdays:
        yield gettext("仅限%(days)s") % {"days": "、".join(str(WEEKDAYS[day - 1]) for day in terms.weekdays)}
    if (terms.hour_from, terms.hour_until) != (0, 24):
        yield gettext("仅限 %(begin)s–%(end)s 点") % {"begin": terms.hour_from, "end": terms.hour_until}
    if terms.least:
        yield gettext("满 %(amount)s 元") % {"amount": yuan(terms.least)}
    if terms.most is not None:
        yield gettext("每笔最多 %(points)s 积分") % {"points": terms.most}
    if terms.most_a_day is not None:
        yield gettext("每天最多 %(points)s 积分") % {"points": terms.most_a_day}
