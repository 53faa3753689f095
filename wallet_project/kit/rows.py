"""
Single rows, where they are read and written all the time.

Django composes each statement anew, which takes several times as long as PostgreSQL needs to run it; here it
is composed once. What it takes from Django are the fields: how a value is stored and read is theirs to say.
No signals are sent, and relations are fetched when they are asked for.
"""

from functools import cache
from typing import Any, TypeVar, cast

from django.db import DatabaseError, connection
from django.db.models import AutoField, Field, Model, Value
from django.db.models.expressions import DatabaseDefault

from wallet_project.kit.db import require_transaction

_Model = TypeVar("_Model", bound=Model)
_Fields = list["Field[Any, Any]"]


def insert(*rows: Model) -> None:
    """INSERT new rows of one model in one statement; each gets its key, where the database makes it."""
    beginning, marks, key, fields = _insert(type(rows[0]))
    values = [_stored(field, row) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{beginning} {', '.join([marks] * len(rows))} RETURNING {key}", values)
        made = cursor.fetchall()
    for row, (pk,) in zip(rows, made, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


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
        (row.pk,) = made
        row._state.adding, row._state.db = False, connection.alias
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
    if found is None:
        return None
    return model.from_db(connection.alias, names, [_read(*pair) for pair in zip(readers, found, strict=True)])


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
    value = field.pre_save(row, add=add)
    if isinstance(value, DatabaseDefault):
        if not isinstance(field.db_default, Value):
            raise TypeError(f"{field} is made by the database: save() the row instead")
        value = field.db_default.value
        setattr(row, field.attname, value)
    return field.get_db_prep_save(value, connection)
