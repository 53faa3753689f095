"""
The texts people see, and their translations, without gettext's tools.

Chinese is the msgid. `en` holds the English of every text of ours; `zh_Hans` the Chinese of the admin theme's
texts, which its authors did not translate.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from wallet_project.settings.env import BASE_DIR

LOCALE = BASE_DIR / "wallet_project" / "locale"
APPS = ("wallet_project", "accounts", "wallet", "coupons", "payments", "feedback", "templates")
NOT_OURS = {"tests", "testing", "migrations", "sandbox", "launcher"}  # no customer reads these

_FUNCTIONS = {"_", "gettext", "gettext_lazy"}
# What templatize leaves of {% translate %} and of a plain {% blocktranslate %}.
_IN_TEMPLATE = re.compile(
    r"""\bgettext\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)|_\(("[^"]*"|'[^']*')\)"""
)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"), wrapwidth=100)


def our_texts() -> set[str]:
    """Every text of ours that is marked for translation."""
    return {text for app in APPS for text in texts_in(BASE_DIR / app, without=NOT_OURS)}


def texts_in(folder: Path, *, without: set[str]) -> Iterator[str]:
    """The texts marked for translation in Python files and templates below a folder; some rooms left out."""
    for path in sorted(folder.rglob("*")):
        if without.intersection(path.relative_to(folder).parts):
            continue
        if path.suffix == ".py":
            yield from _texts_in_code(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            yield from _texts_in_template(path.read_text(encoding="utf-8"))


def refresh(language: str, texts: set[str]) -> list[str]:
    """Make a catalogue hold exactly these texts; returns those that have no translation yet."""
    known = catalogue(language)
    for entry in [entry for entry in known if entry.msgid not in texts]:
        known.remove(entry)
    for text in sorted(texts - {entry.msgid for entry in known}):
        known.append(polib.POEntry(msgid=text))
    known.sort(key=lambda entry: entry.msgid)
    known.save()
    return [entry.msgid for entry in known.untranslated_entries()]


def compiled(language: str) -> bytes:
    """What the .mo beside the .po should hold."""
    return catalogue(language).to_binary()


def compile_all() -> None:
    for folder in LOCALE.iterdir():
        (folder / "LC_MESSAGES" / "django.mo").write_bytes(compiled(folder.name))


def _texts_in_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FUNCTIONS
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node.args[0].value


def _texts_in_template(source: str) -> Iterator[str]:
    for found in _IN_TEMPLATE.finditer(templatize(source)):
        yield ast.literal_eval(found[1] or found[2])
