"""What happened to one move of money, from the first wish to the last fen."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from wallet.models import HoldEvent, Journal, Record, TopUp
from wallet.rules.kinds import RecordKind
from wallet.rules.timelines import SETTLEMENTS, Step, StepKind
from wallet_project.kit.money import Fen

_MOST = 100  # steps of one kind; nobody reads on


def timeline_of(record: Record) -> list[Step]:
    """
    Every step of the wallet that has this record's reference, in the order of time; in four queries, or none
    where it has no reference.
    """
    if not record.reference:
        return [_step_of(record)]
    records = list(_siblings(record))
    booked = {sibling.journal_id for sibling in records}
    steps = [
        *_created(record),
        *_held(record, booked=booked),
        *map(_step_of, records),
        *_settled(record),
    ]
    return sorted(steps, key=lambda step: step.at)


def _step_of(record: Record) -> Step:
    return Step(
        at=record.occurred_at, code=record.kind, name=record.get_kind_display(), amount=Fen(record.amount)
    )


def _siblings(record: Record) -> Iterator[Record]:
    """Lines of one wallet with one reference; the record itself among them."""
    found = Record.objects.filter(wallet=record.wallet_id, reference=record.reference)
    yield from found.order_by("id")[:_MOST]


def _created(record: Record) -> Iterator[Step]:
    if record.kind != RecordKind.TOP_UP:
        return
    for top_up in TopUp.objects.filter(number=record.reference, wallet=record.wallet_id):
        yield _step(StepKind.CREATED, at=top_up.created_at, amount=top_up.amount)


def _held(record: Record, *, booked: set[int]) -> Iterator[Step]:
    """What was promised and let go. A promise that was kept is told by the record of its journal."""
    events = HoldEvent.objects.filter(hold__wallet=record.wallet_id, hold__reference=record.reference)
    told = events.exclude(journal__in=booked).order_by("hold_id", "kind", "journal_id", "at")[:_MOST]
    # One event for each account of the wallet; to its owner they are one.
    for (_hold, kind, _journal), together in groupby(told, key=attrgetter("hold_id", "kind", "journal_id")):
        parts = list(together)
        yield _step(StepKind(kind), at=parts[-1].at, amount=sum(abs(part.amount) for part in parts))


def _settled(record: Record) -> Iterator[Step]:
    for journal in Journal.objects.filter(reference=record.reference, kind__in=SETTLEMENTS):
        yield _step(SETTLEMENTS[journal.kind], at=journal.at, amount=record.amount)


def _step(kind: StepKind, *, at: datetime, amount: int) -> Step:
    return Step(at=at, code=kind.value, name=kind.label, amount=Fen(amount))
