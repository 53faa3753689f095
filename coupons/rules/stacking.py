"""
Several offers for one basket: which may be used together, what each takes off, and which are best.

Each takes off what it would alone, as long as the fen that it is about are still there. Whoever is about few
items goes first, so that nothing is taken twice and as much as possible fits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.discounts import worth_of
from coupons.rules.eligibility import Obstacle, Reason, amount_in_scope, obstacle_to
from coupons.rules.offers import CouponKind, Offer, Who
from wallet_project.kit.money import ZERO, Fen

MOST_TOGETHER = 3


@dataclass(frozen=True, kw_only=True)
class Applied:
    """An offer in use: `off` fen now, `back` fen after paying."""

    offer: Offer
    off: Fen = ZERO
    back: Fen = ZERO


@dataclass(frozen=True, kw_only=True)
class Unlock:
    """`missing` more fen, and `offer` makes it `gain` fen better than now."""

    offer: Offer
    missing: Fen
    gain: Fen


@dataclass(frozen=True, kw_only=True)
class Best:
    """The best combination, what keeps each of the other offers out, and what a little more would unlock."""

    applied: tuple[Applied, ...] = ()
    obstacles: Mapping[Offer, Obstacle] = field(default_factory=dict)
    unlock: Unlock | None = None

    @property
    def off(self) -> Fen:
        return Fen(sum(one.off for one in self.applied))

    @property
    def worth(self) -> Fen:
        return Fen(sum(one.off + one.back for one in self.applied))


def objection_to(offer: Offer, *, beside: Sequence[Offer]) -> Reason | None:
    """Why an offer cannot join these, which go together."""
    if beside and (offer.terms.exclusive or any(one.terms.exclusive for one in beside)):
        return Reason.EXCLUSIVE
    if any(one.terms.group == offer.terms.group for one in beside):
        return Reason.SAME_GROUP
    return Reason.TOO_MANY if len(beside) >= MOST_TOGETHER else None


def apply_together(offers: Sequence[Offer], basket: Basket) -> tuple[Applied, ...]:
    """What each of these takes off, in the order in which they count; each applies, and they go together."""
    lines = {sku: Fen(amount) for sku, amount in _by_sku(basket.lines).items()}
    left, applied = basket.amount, []
    for offer in sorted(offers, key=lambda offer: _place(offer, basket)):
        worth = worth_of(offer.terms, basket)
        if offer.terms.kind == CouponKind.CASHBACK:
            applied.append(Applied(offer=offer, back=worth))
            continue
        off = Fen(min(worth, left))
        if offer.terms.items:
            off = _take(off, lines, offer.terms.items)
        left = Fen(left - off)
        applied.append(Applied(offer=offer, off=off))
    return tuple(applied)


def best_for(offers: Sequence[Offer], *, basket: Basket, who: Who, at: datetime) -> Best:
    """
    The combination that gives most; of several, that of the larger offers, then of those that end sooner.
    """
    obstacles = {
        offer: found for offer in offers if (found := obstacle_to(offer, basket=basket, who=who, at=at))
    }
    applied = _best_of([offer for offer in offers if offer not in obstacles], basket)
    used = [one.offer for one in applied]
    for offer in offers:
        if offer not in obstacles and offer not in used:
            reason = objection_to(offer, beside=used) or Reason.NOTHING_LEFT
            obstacles[offer] = Obstacle(reason=reason)
    best = Best(applied=applied, obstacles=obstacles)
    return Best(
        applied=applied,
        obstacles=obstacles,
        unlock=_unlock(best, basket=basket, who=who, at=at, offers=offers),
    )


def _best_of(offers: Sequence[Offer], basket: Basket) -> tuple[Applied, ...]:
    """
    Every combination that could still be better: an offer among others is never worth more than alone, so
    what is found so far cuts off most of them.
    """
    worths = {offer: worth_of(offer.terms, basket) for offer in offers}
    ranked = sorted((one for one in offers if worths[one]), key=lambda one: (-worths[one], *_ends(one)))
    back = [worths[offer] for offer in ranked if offer.terms.kind == CouponKind.CASHBACK]
    ceiling = basket.amount + sum(back[:MOST_TOGETHER])
    found: tuple[Applied, ...] = ()
    most = 0

    def look(chosen: tuple[Offer, ...], start: int, alone: int) -> None:
        nonlocal found, most
        for place in range(start, len(ranked)):
            offer = ranked[place]
            room = MOST_TOGETHER - len(chosen)
            if min(alone + room * worths[offer], ceiling) <= most:
                return
            if objection_to(offer, beside=chosen):
                continue
            together = (*chosen, offer)
            applied = apply_together(together, basket)
            worth = sum(one.off + one.back for one in applied)
            if worth > most:
                found, most = applied, worth
            look(together, place + 1, alone + worths[offer])

    look((), 0, 0)
    return found


def _unlock(best: Best, *, basket: Basket, who: Who, at: datetime, offers: Sequence[Offer]) -> Unlock | None:
    """The least that makes it better, of the three that are nearest."""
    near = [(found.missing, offer) for offer, found in best.obstacles.items() if found.missing]
    near.sort(key=lambda one: (one[0], *_ends(one[1])))
    for missing, offer in near[:3]:
        more = _with_more(basket, missing, items=offer.terms.items)
        open_now = [one for one in offers if not obstacle_to(one, basket=more, who=who, at=at)]
        gain = sum(one.off + one.back for one in _best_of(open_now, more)) - best.worth
        if gain > 0:
            return Unlock(offer=offer, missing=missing, gain=Fen(gain))
    return None


def _with_more(basket: Basket, missing: Fen, *, items: frozenset[str]) -> Basket:
    more = Fen(basket.amount + missing)
    lines = basket.lines
    if items:
        place = next(place for place, line in enumerate(lines) if line.sku in items)
        grown = BasketLine(
            sku=lines[place].sku, amount=Fen(lines[place].amount + missing), quantity=lines[place].quantity
        )
        lines = (*lines[:place], grown, *lines[place + 1 :])
    return Basket(amount=more, place=basket.place, kind=basket.kind, lines=lines)


def _by_sku(lines: Sequence[BasketLine]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for line in lines:
        amounts[line.sku] = amounts.get(line.sku, 0) + line.amount
    return amounts


def _take(amount: Fen, lines: dict[str, Fen], items: frozenset[str]) -> Fen:
    """As much of an amount as these items still have; it is taken from them."""
    taken = 0
    for sku in sorted(items & lines.keys()):
        part = min(amount - taken, lines[sku])
        lines[sku] = Fen(lines[sku] - part)
        taken += part
    return Fen(taken)


def _place(offer: Offer, basket: Basket) -> tuple[Any, ...]:
    return (not offer.terms.items, amount_in_scope(offer.terms, basket), *_ends(offer))


def _ends(offer: Offer) -> tuple[Any, ...]:
    return (offer.valid_until, offer.template_id, offer.coupon_id or 0)
