"""The ledger's SQL. A file is what a migration ran: once released, a change is a new file."""

from pathlib import Path

from django.db.migrations.operations.special import RunSQL

_REVERSE = "\n-- reverse\n"


def sql_file(name: str) -> RunSQL:
    """A migration operation: the file up to its line `-- reverse`, and back with the rest of it."""
    forward, backward = _halves(name)
    return RunSQL(forward, backward)


def sql_again(name: str) -> RunSQL:
    """Nothing on the way forward; on the way back, after a later operation dropped it, the file once more."""
    return RunSQL(RunSQL.noop, _halves(name)[0])


def sql_anew(name: str) -> RunSQL:
    """The functions of a file once more, where an earlier spelling of it has run; nothing on the way back."""
    return RunSQL(_halves(name)[0], RunSQL.noop)


def _halves(name: str) -> tuple[str, str]:
    forward, _, backward = (Path(__file__).parent / name).read_text(encoding="utf-8").partition(_REVERSE)
    return forward, backward
