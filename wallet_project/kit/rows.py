"""
Single rows, where they are read and written all the time.

Django composes each statement anew, which takes several times as long as PostgreSQL needs to run it; here it
is composed once. What it takes from Django are the fields: how a value is stored and read is theirs to say.
No signals are sent, and relations are fetched when they are asked for.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar, cast

from django.db import DatabaseError, connection, models
from django.db.models import AutoField, Field, Model, Value
from django.db.models.expressions import DatabaseDefault

from wallet_project.kit.db import require_transaction

_Model = TypeVar("_Model", bound=Model)
_Fields = list["Field[Any, Any]"]

# A value of this type, or none, is stored in such a field as it is, whatever Django asks before it does so.
_PLAIN: dict[type, type] = {
    models.BigIntegerField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.ForeignKey: int,
    models.OneToOneField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.TextField: str,
}


def insert(*rows: Model) -> None:
    """
    INSERT new rows in one statement; each gets its key, where the database makes it. Of several models those
    of one stand together.
    """
    parts, values = [], []
    for model, same in groupby(rows, key=type):
        beginning, marks, key, fields = _insert(model)
        these = list(same)
        values += [_stored(field, row) for row in these for field in fields]
        parts.append(f"{beginning} {', '.join([marks] * len(these))} RETURNING {key}")
    with connection.cursor() as cursor:
        cursor.execute(_together(parts), values)
        made = cursor.fetchall()
    for row, (pk,) in zip(rows, made, strict=True):
        _has_been_stored(row, pk)


def insert_once(row: Model) -> bool:
    """INSERT a new row; False: one that is unique in the same way is there, and nothing was written."""
    beginning, marks, key, fields = _insert(type(row))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{beginning} {marks} ON CONFLICT DO NOTHING RETURNING {key}",
            [_stored(field, row) for field in fields],
        )
        made = cursor.fetchone()
    if made is not None:
        _has_been_stored(row, *made)
    return made is not None


def update(row: Model, *names: str) -> None:
    """
    UPDATE these fields of a stored row; `updated_at` only where it is among them.

    :raises DatabaseError: there is no such row any more
    """
    statement, fields = _update(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(_stored(field, row, add=False) for field in fields), row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"there is no {row!r} to update")


def find_row(model: type[_Model], **by: Any) -> _Model | None:
    """The row of a unique field, or None."""
    return _find(model, by, locked="")


def get_row(model: type[_Model], **by: Any) -> _Model:
    """
    The row of a unique field.

    :raises ObjectDoesNotExist: `model.DoesNotExist`
    """
    return _there(model, _find(model, by, locked=""))


def lock_row(model: type[_Model], **by: Any) -> _Model:
    """
    The row of a unique field, locked until the caller's transaction ends.

    :raises ObjectDoesNotExist: `model.DoesNotExist`
    """
    require_transaction()
    return _there(model, _find(model, by, locked=" FOR NO KEY UPDATE"))


def find_answer(model: type[_Model], statement: str, values: Any) -> _Model | None:
    """The whole row that a statement of our own answers with, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        columns = tuple(column.name for column in cursor.description or ())
        found = cursor.fetchone()
    if found is None:
        return None
    places, names, readers = _answer(model, columns)
    return _as_model(model, names, readers, [found[place] for place in places])


def get_answer(model: type[_Model], statement: str, values: Any) -> _Model:
    """
    The whole row that a statement of our own answers with.

    :raises ObjectDoesNotExist: `model.DoesNotExist`
    """
    return _there(model, find_answer(model, statement, values))


def _there(model: type[_Model], row: _Model | None) -> _Model:
    if row is None:
        raise cast(Any, model).DoesNotExist
    return row


def _find(model: type[_Model], by: dict[str, Any], *, locked: str) -> _Model | None:
    ((name, value),) = by.items()
    statement, names, readers = _select(model, name)
    with connection.cursor() as cursor:
        cursor.execute(statement + locked, [value])
        found = cursor.fetchone()
    return None if found is None else _as_model(model, names, readers, found)


def _as_model(model: type[_Model], names: list[str], readers: list[Any], found: Sequence[Any]) -> _Model:
    return model.from_db(connection.alias, names, [_read(*pair) for pair in zip(readers, found, strict=True)])


def _has_been_stored(row: Model, pk: Any) -> None:
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias


def _together(parts: list[str]) -> str:
    """One statement, which answers with the keys of each in turn."""
    if len(parts) == 1:
        return parts[0]
    named = ", ".join(f"made_{place} (pk) AS ({part})" for place, part in enumerate(parts))
    keys = " UNION ALL ".join(f"SELECT pk FROM made_{place}" for place in range(len(parts)))  # noqa: S608 - numbers
    return f"WITH {named} {keys}"


@cache
def _insert(model: type[Model]) -> tuple[str, str, str, _Fields]:
    """How it begins, a row of marks, the key's column, and the fields in that order."""
    quote, meta = connection.ops.quote_name, cast(Any, model._meta)
    fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    beginning = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES"
    return beginning, marks, quote(meta.pk.column), fields


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, _Fields]:
    quote, meta = connection.ops.quote_name, cast(Any, model._meta)
    fields = [meta.get_field(name) for name in names]
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key = quote(meta.pk.column)
    return f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {key} = %s", fields  # noqa: S608 - as above


@cache
def _select(model: type[Model], name: str) -> tuple[str, list[str], list[Any]]:
    """The statement, the names of what it answers, and how each is read."""
    quote, meta = connection.ops.quote_name, cast(Any, model._meta)
    fields = meta.concrete_fields
    by = meta.pk if name == "pk" else meta.get_field(name)
    if not by.unique:
        raise TypeError(f"{by} does not name a row")
    columns = ", ".join(quote(field.column) for field in fields)
    statement = f"SELECT {columns} FROM {quote(meta.db_table)} WHERE {quote(by.column)} = %s"  # noqa: S608 - as above
    return statement, [field.attname for field in fields], [_reader(field) for field in fields]


@cache
def _answer(model: type[Model], columns: tuple[str, ...]) -> tuple[list[int], list[str], list[Any]]:
    """Where each field stands in the answer, what it is called, and how it is read."""
    fields = cast(Any, model._meta).concrete_fields
    places = [columns.index(field.column) for field in fields]
    return places, [field.attname for field in fields], [_reader(field) for field in fields]


def _reader(field: Any) -> Any:
    converters = field.get_db_converters(connection)
    return (converters, field.cached_col) if converters else None


def _read(reader: Any, value: Any) -> Any:
    if reader is None:
        return value
    converters, column = reader
    for convert in converters:
        value = convert(value, column, connection)
    return value


def _stored(field: "Field[Any, Any]", row: Model, *, add: bool = True) -> Any:
    value = getattr(row, field.attname)
    plain = _PLAIN.get(type(field))
    if plain and (value is None or type(value) is plain):
        return value
    value = field.pre_save(row, add=add)
    if isinstance(value, DatabaseDefault):
        if not isinstance(field.db_default, Value):
            raise TypeError(f"{field} is made by the database: save() the row instead")
        value = field.db_default.value
        setattr(row, field.attname, value)
    return field.get_db_prep_save(value, connection)
