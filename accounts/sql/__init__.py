"""The SQL of accounts. A file is what a migration ran: once released, a change is a new file."""

from pathlib import Path

from django.db.migrations.operations.special import RunSQL

_REVERSE = "\n-- reverse\n"


def sql_file(name: str) -> RunSQL:
    """A migration operation: the file up to its line `-- reverse`, and back with the rest of it."""
    forward, _, backward = (Path(__file__).parent / name).read_text(encoding="utf-8").partition(_REVERSE)
    return RunSQL(forward, backward)
