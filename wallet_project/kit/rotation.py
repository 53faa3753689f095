"""
Write again, with today's keys, what older ones wrote.

What a value begins with says which key made it, so what is left to do is a question to the tables: an
interrupted rotation is taken up by the next, and a finished one finds nothing. Each batch is a short
transaction on locked rows; readers hold both keys meanwhile, writers wait for a batch or use the new key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Func, QuerySet, Value

from wallet_project.kit import crypto
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.fields import BlindIndexField, Renewable, SealedField

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One batch of one column. `gone`: the text of an index was erased. `broken`: it does not open at all."""

    column: str
    renewed: int
    gone: int
    broken: int
    last_pk: Any


def renewable_columns() -> list[Renewable]:
    """Sealed texts and blind indexes of every app; the sealed first, for indexes are made from them."""
    ours = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [
        *(field for field in ours if isinstance(field, SealedField)),
        *(field for field in ours if isinstance(field, BlindIndexField)),
    ]


def outdated(column: Renewable) -> QuerySet[Any]:
    """Rows of which this column was not made with today's suite and key."""
    header = Func(
        F(column.attname),
        Value(1),
        Value(crypto.HEADER),
        function="SUBSTRING",
        output_field=models.BinaryField(),
    )
    filled = column.model._base_manager.filter(**{f"{column.attname}__isnull": False})
    return filled.annotate(header=header).exclude(header=column.header_of_today())


def rotate(*, batch: int = _BATCH) -> Iterator[Progress]:
    """Renew everything that is outdated, batch by batch."""
    for column in renewable_columns():
        last_pk = None
        while progress := _renew_batch(column, after=last_pk, size=batch):
            yield progress
            last_pk = progress.last_pk


@retry_conflicts
def _renew_batch(column: Renewable, *, after: Any, size: int) -> Progress | None:
    with transaction.atomic(durable=True):
        left = outdated(column).order_by("pk").select_related(*column.read_with)
        if after is not None:
            left = left.filter(pk__gt=after)
        rows = list(left.select_for_update(no_key=True, of=("self",))[:size])
        if not rows:
            return None
        outcomes = [(row, _renewed(column, row)) for row in rows]
        renewed = [row for row, outcome in outcomes if outcome == "renewed"]
        column.model._base_manager.bulk_update(renewed, [column.attname])
    said = [outcome for _row, outcome in outcomes]
    return Progress(
        column=str(column),
        renewed=len(renewed),
        gone=said.count("gone"),
        broken=said.count("broken"),
        last_pk=rows[-1].pk,
    )


def _renewed(column: Renewable, row: models.Model) -> str:
    try:
        return "renewed" if column.renew(row) else "gone"
    except crypto.CannotOpen:
        return "broken"
