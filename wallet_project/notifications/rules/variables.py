"""What a text may speak of: {amount} and the like, of a known kind, filled in by the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from wallet_project.kit.money import yuan

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


class VariableKind(StrEnum):
    """What a fact is when it is handed in."""

    MONEY = "money"  # an int of fen; in a text 12,345.67
    NUMBER = "number"  # an int
    TIME = "time"  # a datetime, or as clock.iso() writes it; in a text 2026-11-29 08:30
    DAY = "day"  # a date, or its ISO form
    TEXT = "text"  # a str; of a choice or a label the lazy translation, read in the reader's language


@dataclass(frozen=True, kw_only=True)
class Variable:
    """`meaning` is for staff; `example` is what a preview and a test message show."""

    kind: VariableKind
    meaning: str
    example: Any


def money(meaning: str, example: int = 12_800) -> Variable:
    return Variable(kind=VariableKind.MONEY, meaning=meaning, example=example)


def number(meaning: str, example: int = 3) -> Variable:
    return Variable(kind=VariableKind.NUMBER, meaning=meaning, example=example)


def moment(meaning: str, example: str = "2026-11-29T08:30:00+08:00") -> Variable:
    return Variable(kind=VariableKind.TIME, meaning=meaning, example=example)


def day(meaning: str, example: str = "2026-12-31") -> Variable:
    return Variable(kind=VariableKind.DAY, meaning=meaning, example=example)


def text(meaning: str, example: str) -> Variable:
    return Variable(kind=VariableKind.TEXT, meaning=meaning, example=example)


def examples(variables: Mapping[str, Variable]) -> dict[str, Any]:
    return {name: variable.example for name, variable in variables.items()}


def variables_in(template: str) -> list[str]:
    """In the order in which they stand there."""
    return _VARIABLE.findall(template)


def variables_of(template: str) -> set[str]:
    return set(variables_in(template))


def is_template(template: str) -> bool:
    """Braces stand around names only; one that stands alone would be sent as it is."""
    return not set("{}") & set(_VARIABLE.sub("", template))


def as_kept(variables: Mapping[str, Variable], facts: Mapping[str, object]) -> dict[str, str | int]:
    """
    The facts as JSON holds them; a lazy text becomes one of the language that is active.

    :raises TypeError: they are not exactly the variables, or one of another kind
    """
    if set(facts) != set(variables):
        raise TypeError(f"facts {sorted(facts)} are not the variables {sorted(variables)}")
    return {name: _kept(variable, facts[name]) for name, variable in variables.items()}


def in_words(variables: Mapping[str, Variable], facts: Mapping[str, str | int]) -> dict[str, str]:
    """Kept facts as people read them."""
    return {name: _said(variable, facts[name]) for name, variable in variables.items()}


def fill(template: str, words: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: words[found[1]], template)


def fill_link(link: str, facts: Mapping[str, str | int]) -> str:
    """A fact is one value of the query, whatever it is made of."""
    return _VARIABLE.sub(lambda found: quote(str(facts[found[1]]), safe=""), link)


def _kept(variable: Variable, fact: Any) -> str | int:
    match variable.kind:
        case VariableKind.MONEY | VariableKind.NUMBER:
            if isinstance(fact, int):
                return fact
        case VariableKind.TIME | VariableKind.DAY:
            if isinstance(fact, date | datetime):
                return fact.isoformat()
            if isinstance(fact, str):
                datetime.fromisoformat(fact)
                return fact
        case VariableKind.TEXT:
            return str(fact)
    raise TypeError(f"{fact!r} is no {variable.kind}")


def _said(variable: Variable, fact: Any) -> str:
    match variable.kind:
        case VariableKind.MONEY:
            return yuan(fact)
        case VariableKind.TIME:
            return datetime.fromisoformat(fact).astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M")
        case VariableKind.NUMBER:
            return f"{fact:,}"
        case _:
            return str(fact)
