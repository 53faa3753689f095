"""The SQL of payments: what migrations ran (a change is a new file), and what services send."""

from functools import cache
from pathlib import Path

from django.db.migrations.operations.special import RunSQL

_REVERSE = "\n-- reverse\n"


def sql_file(name: str) -> RunSQL:
    """A migration operation: the file up to its line `-- reverse`, and back with the rest of it."""
    forward, _, backward = statement(name).partition(_REVERSE)
    return RunSQL(forward, backward)


@cache
def statement(name: str) -> str:
    """One statement, with named parameters."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
