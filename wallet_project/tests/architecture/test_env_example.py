"""`.env.example` names every variable that the settings read, says what it holds, and names no other."""

import ast
import re
from collections.abc import Iterator

from wallet_project.settings.env import BASE_DIR

SETTINGS = BASE_DIR / "wallet_project" / "settings"
EXAMPLE = BASE_DIR / ".env.example"
READERS = {"text", "integer", "words", "choice", "path", "key", "key_ring", "database", "networks", "version"}
READ_ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE",  # by Django itself
    "WALLET_VAR",  # by the launcher, which imports no settings
}

_ASSIGNMENT = re.compile(r"# ([A-Z][A-Z0-9_]*)=\S*")


def names_read_by_settings() -> set[str]:
    names: set[str] = set()
    for path in SETTINGS.glob("*.py"):
        if path.name != "env.py":
            names |= set(names_read_in(ast.parse(path.read_text(encoding="utf-8"))))
    return names


def names_read_in(module: ast.Module) -> Iterator[str]:
    """First arguments of `env.text(...)` and its kin; of `a if … else b` both."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in READERS:
            continue
        first = node.args[0]
        wanted = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        yield from (part.value for part in wanted if isinstance(part, ast.Constant))


def lines_of_example() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def test_it_names_what_is_read_and_nothing_else() -> None:
    documented = [found[1] for line in lines_of_example() if (found := _ASSIGNMENT.fullmatch(line))]

    assert len(documented) == len(set(documented))
    assert set(documented) == names_read_by_settings() | READ_ELSEWHERE


def test_every_variable_is_explained_above_it() -> None:
    lines = lines_of_example()

    for number, line in enumerate(lines):
        if _ASSIGNMENT.fullmatch(line):
            above = lines[number - 1]
            assert above.startswith("# "), line
            assert not above.startswith("# ---"), line


def test_a_copy_changes_nothing_until_it_is_edited() -> None:
    assert all(line.startswith("#") or not line for line in lines_of_example())


def test_the_deployment_check_uses_documented_names_only() -> None:
    given = (BASE_DIR / ".ci" / "production.env").read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0] for line in given if line and not line.startswith("#")}

    assert names <= names_read_by_settings() | READ_ELSEWHERE
