"""
An agreement's text as HTML. Everything is escaped first, and nothing else is understood than

    ## and ### headings, - lists, | tables |, **bold**, and paragraphs between empty lines.
"""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.rules.agreements import paragraphs_of

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_RULER = re.compile(r"\|[-| :]+\|")


def as_html(body: str) -> SafeString:
    """Safe to show: no tag of it comes from the text."""
    blocks = "\n".join(_block(paragraph) for paragraph in paragraphs_of(body))
    return mark_safe(blocks)  # noqa: S308 - every text in it is escaped  # nosec B308 B703


def _block(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.splitlines()]
    if all(line.startswith("|") for line in lines):
        return _table([line for line in lines if not _RULER.fullmatch(line)])
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>"
    for mark, tag in (("### ", "h3"), ("## ", "h2")):
        if paragraph.startswith(mark) and len(lines) == 1:
            return f"<{tag}>{_inline(paragraph.removeprefix(mark))}</{tag}>"
    return "<p>" + "<br>".join(_inline(line) for line in lines) + "</p>"


def _table(lines: list[str]) -> str:
    head, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return (
        "<table><thead>" + _row(head, "th") + "</thead><tbody>"
        "" + "".join(_row(row, "td") for row in rows) + "</tbody></table>"
    )


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in cells) + "</tr>"


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))
