"""
What we hold about a person, in their own words: each app answers for its tables (PERSONAL_DATA_SOURCES).

A source is `f(user_id) -> Iterator[Section]`; a section is a title and plain rows, Chinese name → value.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet

from wallet_project.kit import clock
from wallet_project.kit.money import yuan

Row = dict[str, Any]
Section = tuple[str, Iterable[Row]]

_AT_ONCE = 2_000


def section(rows: QuerySet[Any], *fields: str, money: tuple[str, ...] = ()) -> Section:
    """
    A table's rows under the table's own name, each column under its own; choices in words, times in Shanghai,
    `money` columns (fen) in yuan. What has to be opened or counted first is a section written by hand.
    """
    return str(rows.model._meta.verbose_name_plural), _rows(rows, fields, money)


def _rows(rows: QuerySet[Any], fields: tuple[str, ...], money: tuple[str, ...]) -> Iterator[Row]:
    headings = {name: str(rows.model._meta.get_field(name).verbose_name) for name in fields}
    for row in rows.iterator(chunk_size=_AT_ONCE):
        told = {heading: _told(row, name) for name, heading in headings.items()}
        for name in money:
            amount = getattr(row, name)
            heading = f"{rows.model._meta.get_field(name).verbose_name}（元）"
            told[heading] = None if amount is None else yuan(amount)
        yield told


def _told(row: models.Model, name: str) -> Any:
    in_words = getattr(row, f"get_{name}_display", None)  # of a column with choices
    return str(in_words()) if in_words else _plain(getattr(row, name))


def _plain(value: Any) -> Any:
    """What JSON can hold as it is; an instant as ISO 8601, anything else as its text."""
    if isinstance(value, datetime):
        return clock.iso(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
