"""Columns that only a key can read. `manage.py rotate_keys` finds them by their class (kit.rotation)."""

from typing import Any, cast

from django.db import models

from wallet_project.kit import crypto


class Renewable(models.BinaryField):
    """
    A value that says which key made it, and can be made again with another.

    `read_with` names relations that reading it takes, so that many rows are read in one query.
    """

    def __init__(self, *args: Any, read_with: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.read_with = read_with

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, options

    def header_of_today(self) -> bytes:
        """How every value of this kind begins that is written now."""
        raise NotImplementedError

    def renew(self, row: models.Model) -> bool:
        """
        Make the row's value again with today's key; False where there is nothing to make it from.

        :raises CannotOpen: it does not open
        """
        raise NotImplementedError


class SealedField(Renewable):
    """
    A text sealed with the key ring: written by `seal_column`, read by `open_column`.

    `belongs_to` names column and row, with the row's own fields in braces, which must never change:
    'payments.shopsystem.secret:{key_id}'.
    """

    def __init__(self, *args: Any, belongs_to: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.belongs_to = belongs_to

    def header_of_today(self) -> bytes:
        return crypto.seal_header()

    def renew(self, row: models.Model) -> bool:
        seal_column(row, self.attname, open_column(row, self.attname))
        return True


class BlindIndexField(Renewable):
    """`crypto.blind_index` of a sealed text; `of` names the attribute that reads the text (None: erased)."""

    def __init__(self, *args: Any, purpose: str = "", of: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.purpose, self.of = purpose, of

    def header_of_today(self) -> bytes:
        return crypto.index_header()

    def renew(self, row: models.Model) -> bool:
        text = getattr(row, self.of)
        if text is None:
            return False
        setattr(row, self.attname, crypto.blind_index(text, purpose=self.purpose))
        return True


def seal_column(row: models.Model, name: str, plain: str) -> None:
    """Put a text, sealed with the ring's primary key, into a SealedField of a row that is yet to be saved."""
    setattr(row, name, crypto.seal(plain, belongs_to=_belongs_to(row, name)))


def open_column(row: models.Model, name: str) -> str:
    """
    The text in a SealedField.

    :raises CannotOpen: tampered, moved from another row, or sealed with a key we do not hold
    """
    return crypto.open_sealed(getattr(row, name), belongs_to=_belongs_to(row, name))


def _belongs_to(row: models.Model, name: str) -> str:
    column = cast(SealedField, row._meta.get_field(name))
    return column.belongs_to.format_map(vars(row))
