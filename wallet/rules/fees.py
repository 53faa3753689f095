"""What a move of money costs: arithmetic on a schedule's terms and what is left of the month's free quota."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from wallet_project.kit.money import MAX_FEN, ZERO, Fen, basis_points

MOST_RATE = 10_000  # basis points: all of it


class FeeLine(TextChoices):
    """One line of a breakdown; the amounts of a fee's lines add up to the fee."""

    FREE_MOVE = "free_move"
    FREE_AMOUNT = "free_amount"
    FLAT = "flat"
    RATE = "rate"
    LEAST = "least"
    MOST = "most"
    SPARED = "spared"


# For whom and of what a preview is shown: amounts in fen.
SAMPLES = (Fen(10_00), Fen(100_00), Fen(1_000_00), Fen(5_000_00), Fen(50_000_00))


@dataclass(frozen=True, kw_only=True)
class FreeQuota:
    """What is free: so many moves, and after them so much money."""

    moves: int = 0
    amount: Fen = ZERO

    def without(self, used: "FreeQuota") -> "FreeQuota":
        """What is left; never below nothing, because a quota may shrink while a month runs."""
        return FreeQuota(moves=max(self.moves - used.moves, 0), amount=Fen(max(self.amount - used.amount, 0)))


@dataclass(frozen=True, kw_only=True)
class FeeTerms:
    """
    `flat` fen plus `rate` basis points of what is not free, at least `least` and at most `most` fen (None:
    no end), and `free` of every Shanghai month.
    """

    flat: Fen = ZERO
    rate: int = 0
    least: Fen = ZERO
    most: Fen | None = None
    free: FreeQuota = FreeQuota()

    @classmethod
    def of(
        cls, *, flat: int, rate: int, least: int, most: int | None, free_amount: int, free_moves: int
    ) -> "FeeTerms":
        """As a schedule's columns and a proposal's facts have them."""
        return cls(
            flat=Fen(flat),
            rate=rate,
            least=Fen(least),
            most=None if most is None else Fen(most),
            free=FreeQuota(moves=free_moves, amount=Fen(free_amount)),
        )

    @property
    def columns(self) -> dict[str, int | None]:
        """What `of` takes."""
        return {
            "flat": self.flat,
            "rate": self.rate,
            "least": self.least,
            "most": self.most,
            "free_amount": self.free.amount,
            "free_moves": self.free.moves,
        }

    @property
    def is_sensible(self) -> bool:
        amounts = (self.flat, self.least, self.free.amount, self.free.moves, self.rate)
        return min(amounts) >= 0 and self.rate <= MOST_RATE and _highest(self) >= self.least

    @property
    def is_free(self) -> bool:
        return not (self.flat or self.rate or self.least) or self.most == 0

    @property
    def has_quota(self) -> bool:
        """There is something to count from month to month."""
        return not self.is_free and self.free != FreeQuota()


@dataclass(frozen=True, kw_only=True)
class Fee:
    """`amount` fen, what it uses of the free quota, and how it came about: plain values, line by line."""

    amount: Fen = ZERO
    uses: FreeQuota = FreeQuota()
    lines: tuple[Mapping[str, Any], ...] = ()


def fee_of(amount: Fen, terms: FeeTerms, *, left: FreeQuota) -> Fee:
    """
    The fee of moving `amount` fen when `left` of the month's quota is.

    A free move is used before the free amount, and takes none of it. What the free amount does not cover
    pays; `least` is asked only where something does.
    """
    if terms.is_free:
        return Fee()
    if left.moves > 0:
        return Fee(uses=FreeQuota(moves=1), lines=({"line": FeeLine.FREE_MOVE.value, "amount": 0},))
    covered = Fen(min(amount, left.amount))
    lines: list[dict[str, Any]] = []
    if covered:
        lines.append({"line": FeeLine.FREE_AMOUNT.value, "amount": 0, "of": covered})
    if charged := Fen(amount - covered):
        lines += _charge(charged, terms)
    return Fee(
        amount=Fen(sum(line["amount"] for line in lines)), uses=FreeQuota(amount=covered), lines=tuple(lines)
    )


def spared(fee: Fee, *, most: Fen) -> Fee:
    """The same fee, up to `most` fen of it spared."""
    less = min(fee.amount, most)
    line = {"line": FeeLine.SPARED.value, "amount": -less}
    return Fee(amount=Fen(fee.amount - less), uses=fee.uses, lines=(*fee.lines, line))


def is_dearer(after: FeeTerms, before: FeeTerms) -> bool:
    """Somebody could pay more than before, were it for one amount in one month."""
    if after.is_free:
        return False
    if before.is_free:
        return True
    return (
        after.flat > before.flat
        or after.rate > before.rate
        or after.least > before.least
        or _highest(after) > _highest(before)
        or after.free.moves < before.free.moves
        or after.free.amount < before.free.amount
    )


def _highest(terms: FeeTerms) -> Fen:
    return MAX_FEN if terms.most is None else terms.most


def _charge(charged: Fen, terms: FeeTerms) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    if terms.flat:
        lines.append({"line": FeeLine.FLAT.value, "amount": terms.flat})
    if terms.rate:
        share = basis_points(charged, terms.rate)
        lines.append({"line": FeeLine.RATE.value, "amount": share, "of": charged, "rate": terms.rate})
    fee = sum(line["amount"] for line in lines)
    if fee < terms.least:
        lines.append({"line": FeeLine.LEAST.value, "amount": terms.least - fee, "least": terms.least})
    if terms.most is not None and fee > terms.most:
        lines.append({"line": FeeLine.MOST.value, "amount": terms.most - fee, "most": terms.most})
    return lines
