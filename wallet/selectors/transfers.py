"""One customer's transfers, sent and received."""

from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from accounts.selectors.name_hints import NameHint, hint_of, with_hints
from wallet.models import Transfer
from wallet.rules.kinds import Direction
from wallet.rules.payees import Party
from wallet.rules.transfers import TransferState
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def transfers_of(user_id: int, *, direction: str, state: str | None = None) -> QuerySet[Transfer]:
    """What they sent (`out`) or received (`in`), newest first, with both sides' names."""
    side = {Direction.OUT: Q(sender=user_id), Direction.IN: Q(receiver=user_id)}[Direction(direction)]
    found = _seen_by(user_id).filter(side)
    return (found.filter(state=state) if state else found).order_by("-id")


def transfer_for(*, user_id: int, number: str) -> Transfer:
    """
    A transfer that this user sent or received, with both sides' names.

    :raises NotFound: no such transfer, or between others: the two look alike
    """
    mine = Q(sender=user_id) | Q(receiver=user_id)
    found = _seen_by(user_id).filter(mine, number=number).first() if is_serial(number, "T") else None
    if found is None:
        raise NotFound
    return found


def other_side(transfer: Transfer) -> NameHint | Party:
    """Of a transfer that was read for one of the two: the other one."""
    if transfer.other is not None:
        return transfer.other
    return hint_of(transfer.receiver if transfer.direction == Direction.OUT else transfer.sender)


def overdue_transfers(at: datetime) -> QuerySet[Transfer]:
    return Transfer.objects.filter(state=TransferState.WAITING, accept_by__lte=at).order_by("accept_by")


def _seen_by(user_id: int) -> QuerySet[Transfer]:
    """`direction` is this user's: whether they gave or got."""
    out = Case(When(sender=user_id, then=Value(Direction.OUT.value)), default=Value(Direction.IN.value))
    seen = Transfer.objects.select_related("request", *with_hints("sender"), *with_hints("receiver"))
    return seen.annotate(direction=out)  # type: ignore[no-redef]  # the model says what it is
