"""
What every column tells about a person, said once, beside the columns (after JR/T 0171-2020).

C3 lets somebody act as another: credentials, codes, biometrics, keys. C2 says who somebody is and what they
have and do: names, phones, openids, money. C1 is our own bookkeeping about them. Public is for anybody.
"""

from dataclasses import dataclass, field

from django.db import models

from wallet_project.kit.fields import Renewable

COUNTED = "the database adds it up and guards it"  # why amounts of money are stored in clear


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """
    Names of fields, separated by spaces. Every field but an automatic primary key is in one class.

    A C3 or C2 field is stored unreadable (named `…_sealed` or `…_hash`, or of kit.fields) or has its reason
    in `in_clear`: reason → names.
    """

    c3: str = ""
    c2: str = ""
    c1: str = ""
    public: str = ""
    in_clear: dict[str, str] = field(default_factory=dict)


def classes_of(model: type[models.Model]) -> dict[str, list[str]]:
    """Field name → its classes, as the model and its abstract parents say: one each, when all is well."""
    said: dict[str, list[str]] = {}
    for privacy in _said_by(model):
        for name in ("c3", "c2", "c1", "public"):
            for field_name in getattr(privacy, name).split():
                said.setdefault(field_name, []).append(name)
    return said


def readable_secrets_of(model: type[models.Model]) -> set[str]:
    """C3 and C2 fields that the database shows in clear."""
    return {
        name
        for name, classes in classes_of(model).items()
        if {"c3", "c2"} & set(classes) and not _is_unreadable(model._meta.get_field(name))
    }


def excuses_of(model: type[models.Model]) -> dict[str, str]:
    """Field name → why it is stored in clear."""
    return {
        name: reason
        for privacy in _said_by(model)
        for reason, names in privacy.in_clear.items()
        for name in names.split()
    }


def _said_by(model: type[models.Model]) -> list[Privacy]:
    return [vars(parent)["privacy"] for parent in model.__mro__ if "privacy" in vars(parent)]


def _is_unreadable(column: object) -> bool:
    if isinstance(column, Renewable):
        return True
    return isinstance(column, models.Field) and column.name.endswith(("_sealed", "_hash"))
