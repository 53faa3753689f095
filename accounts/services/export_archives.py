"""The ZIP of an export: each section as JSON for programs, as CSV for spreadsheets; a page for people."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from wallet_project.kit.csv_text import as_csv
from wallet_project.kit.personal_data import Row, Section

_SHOWN = 200  # rows of a section on the page; the files have them all


def build_archive(*, user_id: int, at: datetime, tell: Callable[[int], None]) -> bytes:
    """Ask every source and pack what it says; `tell` hears how many percent are done."""
    out, shown = io.BytesIO(), []
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for number, (title, rows) in enumerate(_sections(user_id, tell), start=1):
            name = f"{number:02d}-{title}"
            listed = list(rows)
            archive.writestr(f"json/{name}.json", json.dumps(listed, ensure_ascii=False, indent=1))
            archive.writestr(f"csv/{name}.csv", as_csv(listed))
            shown.append(_on_page(title, name, listed))
        page = render_to_string("accounts/export.html", {"sections": shown, "at": at})
        archive.writestr("index.html", page)
    return out.getvalue()


def _sections(user_id: int, tell: Callable[[int], None]) -> Iterator[Section]:
    sources = settings.PERSONAL_DATA_SOURCES
    for done, path in enumerate(sources):
        tell(done * 100 // len(sources))
        yield from import_string(path)(user_id)


def _on_page(title: str, name: str, rows: list[Row]) -> dict[str, Any]:
    return {
        "title": title,
        "file": f"{name}.csv",
        "count": len(rows),
        "headings": list(rows[0]) if rows else [],
        "rows": [list(row.values()) for row in rows[:_SHOWN]],
        "more": max(len(rows) - _SHOWN, 0),
    }
