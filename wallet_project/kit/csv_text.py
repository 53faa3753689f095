"""A table as CSV that a spreadsheet shows and never executes."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"  # by this Excel knows UTF-8


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """The first row's keys are the heading. Texts that a spreadsheet could take for a formula are quoted."""
    out, writer = io.StringIO(), None
    out.write(_BOM)
    for row in rows:
        if writer is None:
            writer = csv.writer(out)
            writer.writerow(map(harmless, row))
        writer.writerow(map(harmless, row.values()))
    return out.getvalue()


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The same for rows of any length, line by line as they come."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield _BOM
    for row in rows:
        writer.writerow(map(harmless, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def harmless(cell: Any) -> Any:
    """Numbers as they are; a text that begins like a formula gets an apostrophe, which spreadsheets hide."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(text: str) -> bool:
    """-12.34 is an amount, not a formula."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
