"""A split is over when nobody is left to pay."""

from datetime import datetime

from django.db.models import Count, Q

from wallet.events import SplitEnded
from wallet.models import MoneyRequest, Split
from wallet.rules.money_requests import RequestState
from wallet.rules.splits import SPLIT_MOVES, end_of
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.states import require_move


def lock_split(split_id: int) -> Split:
    """A split is locked before its shares."""
    require_transaction()
    return Split.objects.select_for_update(no_key=True).get(pk=split_id)


def look_whether_over(split_id: int, *, at: datetime) -> None:
    """One of its shares has ended; the split is locked."""
    shares = MoneyRequest.objects.filter(split=split_id).aggregate(
        still_open=Count("id", filter=Q(state=RequestState.OPEN)),
        paid=Count("id", filter=Q(state=RequestState.PAID)),
        shares=Count("id"),
    )
    state = end_of(**shares)
    if state is None:
        return
    split = Split.objects.get(pk=split_id)
    require_move(SPLIT_MOVES, split.state, state)
    split.state, split.ended_at = state, at
    split.save(update_fields=["state", "ended_at"])
    publish(SplitEnded(number=split.number, organiser_id=split.organiser_id, state=str(state)))
