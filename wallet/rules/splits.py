"""One bill, several people: who pays how much, and when it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet.errors import SplitImpossible
from wallet_project.kit.money import ZERO, Fen, share_out

MOST_PLACES = 50
LONGEST_TITLE = 30


class SplitState(TextChoices):
    """
    OPEN ─▶ PAID_UP     everybody has paid
         ─▶ CLOSED      nobody is left to pay, and not everybody did: declined, closed early, out of time
    """

    OPEN = "OPEN", _("收款中")
    PAID_UP = "PAID_UP", _("已收齐")
    CLOSED = "CLOSED", _("已结束")


SPLIT_MOVES: dict[str, set[str]] = {SplitState.OPEN: {SplitState.PAID_UP, SplitState.CLOSED}}


@dataclass(frozen=True, kw_only=True)
class SplitPlan:
    """What the organiser has paid already for themselves, and what each place is asked for: the total."""

    own: Fen
    shares: tuple[Fen, ...]


def split_equally(total: Fen, *, places: int, with_organiser: bool) -> SplitPlan:
    """
    Alike for everybody, to the fen; what cannot be shared is the organiser's.

    :raises SplitImpossible: NOBODY pays, TOO_MANY do, or there is not a fen for each
    """
    _require_places(places)
    parts = share_out(total, [1] * (places + with_organiser))
    plan = SplitPlan(own=parts[-1] if with_organiser else ZERO, shares=tuple(parts[:places]))
    _require_something_each(plan)
    return plan


def split_by_amounts(total: Fen, *, shares: Sequence[Fen], own: Fen) -> SplitPlan:
    """
    As the organiser says.

    :raises SplitImpossible: NOBODY pays, TOO_MANY do, somebody nothing, or it does not ADD_UP
    """
    _require_places(len(shares))
    plan = SplitPlan(own=own, shares=tuple(shares))
    _require_something_each(plan)
    if own + sum(shares) != total:
        raise SplitImpossible(reason="DOES_NOT_ADD_UP")
    return plan


def end_of(*, still_open: int, paid: int, shares: int) -> SplitState | None:
    """What a split has come to; None: somebody may still pay."""
    if still_open:
        return None
    return SplitState.PAID_UP if paid == shares else SplitState.CLOSED


def _require_places(places: int) -> None:
    if not places:
        raise SplitImpossible(reason="NOBODY")
    if places > MOST_PLACES:
        raise SplitImpossible(reason="TOO_MANY")


def _require_something_each(plan: SplitPlan) -> None:
    if min(plan.shares) <= 0 or plan.own < 0:
        raise SplitImpossible(reason="TOO_SMALL")
