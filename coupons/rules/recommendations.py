"""
What is worth showing somebody next, and why: weights times what is known, and nothing hidden.

Each thing is shown with the reason that counted most for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import ZERO, Fen, yuan

FULL = 100  # the strength of a signal goes from 0 to this
PARTS_OF_DAY = 4  # night, morning, afternoon, evening


class Signal(models.TextChoices):
    """Why something is shown. Of these, POPULAR alone knows nothing about the person who looks."""

    EXPIRING = "expiring", _("即将到期")
    NEXT_TIER = "next_tier", _("会员升级")
    RECENT = "recent", _("最近常去")
    HOUR = "hour", _("这个时段常去")
    SIMILAR = "similar", _("相似顾客喜欢")
    POPULAR = "popular", _("大家喜欢")


class CardKind(models.TextChoices):
    PLACE = "PLACE", _("门店")
    COUPONS = "COUPONS", _("优惠券")
    POINTS = "POINTS", _("积分")
    BONUS = "BONUS", _("赠金")
    TIER = "TIER", _("会员")


@dataclass(frozen=True, kw_only=True)
class KnownPlace:
    """
    How often somebody was there lately, by part of the day, and how many of those who go where they go and
    are of their tier were there, too.
    """

    name: str
    visits: Sequence[int] = (0,) * PARTS_OF_DAY
    similar: int = 0


@dataclass(frozen=True, kw_only=True)
class PopularPlace:
    name: str
    people: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """
    All that is asked. What ends before long: so many coupons and points, so many fen of gifts. `tier_missing`
    growth to the next tier of `tiers_apart` that lie between.
    """

    popular: Mapping[str, PopularPlace]
    known: Mapping[str, KnownPlace] = field(default_factory=dict)
    part_of_day: int = 0
    coupons_ending: int = 0
    points_ending: int = 0
    bonus_ending: Fen = ZERO
    next_tier: str = ""
    tier_missing: int = 0
    tiers_apart: int = 0


@dataclass(frozen=True, kw_only=True)
class Card:
    """`key` names it in what is counted: place:store:renmin, coupons."""

    kind: CardKind
    key: str
    title: str
    signal: Signal
    score: int
    reason: str


def part_of_day(hour: int) -> int:
    return hour * PARTS_OF_DAY // 24


def cards_for(facts: Facts, *, weights: Mapping[str, int], most: int) -> list[Card]:
    """The best, best first; what weighs nothing is not shown."""
    found = [card for card in (*_assets(facts, weights), *_places(facts, weights)) if card.score > 0]
    return sorted(found, key=lambda card: (-card.score, card.key))[:most]


def popular_cards(facts: Facts, *, most: int) -> list[Card]:
    """What anybody would see: for whoever wants nothing personal, and for those held out."""
    return cards_for(Facts(popular=facts.popular), weights={Signal.POPULAR: 1}, most=most)


def _assets(facts: Facts, weights: Mapping[str, int]) -> Iterator[Card]:
    expiring = weights.get(Signal.EXPIRING, 0) * FULL
    reasons: list[tuple[CardKind, Any, str]] = [
        (CardKind.COUPONS, facts.coupons_ending, gettext("您的 %(count)s 张优惠券即将到期")),
        (CardKind.POINTS, facts.points_ending, gettext("您的 %(count)s 积分即将到期")),
        (CardKind.BONUS, facts.bonus_ending, gettext("您的 ¥%(count)s 赠金即将到期")),
    ]
    for kind, count, words in reasons:
        if count:
            shown = yuan(count) if kind == CardKind.BONUS else f"{count:,}"
            yield _card(kind, kind.label, Signal.EXPIRING, expiring, words % {"count": shown})
    if facts.next_tier and facts.tiers_apart:
        near = max(FULL - facts.tier_missing * FULL // facts.tiers_apart, 0)
        words = gettext("再得 %(missing)s 成长值升级为%(tier)s") % {
            "missing": f"{facts.tier_missing:,}",
            "tier": facts.next_tier,
        }
        score = near * weights.get(Signal.NEXT_TIER, 0)
        yield _card(CardKind.TIER, CardKind.TIER.label, Signal.NEXT_TIER, score, words)


def _places(facts: Facts, weights: Mapping[str, int]) -> Iterator[Card]:
    most_similar = max((place.similar for place in facts.known.values()), default=0)
    most_people = max((place.people for place in facts.popular.values()), default=0)
    for key in facts.known.keys() | facts.popular.keys():
        known, popular = facts.known.get(key, KnownPlace(name="")), facts.popular.get(key)
        now = known.visits[facts.part_of_day]
        strengths = {
            Signal.RECENT: min(sum(known.visits) * FULL // 5, FULL),
            Signal.HOUR: min(now * FULL // 3, FULL),
            Signal.SIMILAR: known.similar * FULL // most_similar if most_similar else 0,
            Signal.POPULAR: popular.people * FULL // most_people if popular else 0,
        }
        scores = {signal: strength * weights.get(signal, 0) for signal, strength in strengths.items()}
        signal = max(scores, key=lambda each: (scores[each], -list(scores).index(each)))
        name = known.name or (popular.name if popular else "")
        words = {
            Signal.RECENT: gettext("您最近 %(times)s 次光顾") % {"times": sum(known.visits)},
            Signal.HOUR: gettext("您常在这个时段光顾"),
            Signal.SIMILAR: gettext("光顾过相同门店的顾客也喜欢"),
            Signal.POPULAR: gettext("最近大家常去"),
        }[signal]
        yield _card(CardKind.PLACE, name, signal, sum(scores.values()), words, key=f"place:{key}")


def _card(kind: CardKind, title: Any, signal: Signal, score: int, reason: str, *, key: str = "") -> Card:
    return Card(
        kind=kind,
        key=key or kind.value.lower(),
        title=str(title),
        signal=signal,
        score=score,
        reason=reason,
    )
