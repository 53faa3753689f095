"""Write docs/errors.md: every code an answer can carry, read off the classes and the doors."""

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import URLResolver, get_resolver
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from wallet_project.kit import errors as common
from wallet_project.kit.errors import DomainError

HEAD = """# 错误码 · Error codes

<!-- Written by `manage.py errors_doc`; `make lint` notices when it is out of date. -->

失败的应答都是 `{"code", "message", "detail", "request_id"}`：程序看 `code`；`message` 可直接展示给用户，
按 `Accept-Language` 为中文或英文；`detail` 含下表所列的事实；`request_id` 用于联系我们。

Every failure answers `{"code", "message", "detail", "request_id"}`: programs read `code`; people read
`message`, Chinese or English by `Accept-Language`; `detail` holds the facts listed below; `request_id`
finds it in our logs.
"""
HEADINGS = ("code", "HTTP", "中文", "English", "detail", "怎么办 What to do", "哪里 Where")
MOST_DOORS = 6

REACTIONS = {
    400: "改正请求 correct the request",
    401: "重新登录，或检查签名 log in again, or check the signature",
    404: "检查编号 check the number",
    409: "展示给用户，刷新后再决定 show it and look again",
    422: "换一个键 use a new key",
    429: "等待 `Retry-After` 秒 wait",
    403: "展示给用户 show it",
    500: "联系我们，附 `request_id` tell us",
    503: "用同一个键重试 try again with the same key",
}


class Command(BaseCommand):
    help = "Write docs/errors.md, or check that it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "errors.md"
        wanted = document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != wanted:
                raise CommandError("docs/errors.md is out of date: run manage.py errors_doc")
            return
        path.write_text(wanted, encoding="utf-8")


def catalogue() -> list[type[DomainError]]:
    """Every failure of every installed app, by module and code."""
    autodiscover_modules("errors")
    found = [error for error in _below(DomainError) if ".tests." not in error.__module__]
    return sorted(
        found,
        key=lambda error: (error.__module__ != common.__name__, error.__module__, error.status, error.code),
    )


def document() -> str:
    where = _doors_by_error()
    parts = [HEAD]
    module = ""
    for error in catalogue():
        if error.__module__ != module:
            module = error.__module__
            parts.append(f"\n## {module.removesuffix('.errors')}\n")
            parts.append(_line(HEADINGS))
            parts.append(_line(["---"] * len(HEADINGS)))
        parts.append(_row(error, where.get(error, [])))
    return "\n".join(parts) + "\n"


def _row(error: type[DomainError], doors: list[str]) -> str:
    with translation.override("zh-hans"):
        chinese = str(error.message)
    with translation.override("en"):
        english = str(error.message)
    meaning = "" if error.__doc__ is None else f"{inspect.cleandoc(error.__doc__)} "
    reaction = REACTIONS.get(503 if error.retry_after else error.status, REACTIONS[400])
    columns = [
        f"`{error.code}`",
        str(error.status),
        chinese,
        english,
        ", ".join(f"`{fact}`" for fact in error.facts) or "—",
        meaning + reaction,
        _where(error, doors),
    ]
    return _line(columns)


def _line(columns: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(column.split()).replace("|", "\\|") for column in columns) + " |"


def _where(error: type[DomainError], doors: list[str]) -> str:
    if error.__module__ == common.__name__:
        return "任何接口 any door"
    if len(doors) > MOST_DOORS:
        return "需要凭证的接口 wherever a token is needed"
    return "<br>".join(f"`{door}`" for door in doors) or "内部 inside"


def _doors_by_error() -> dict[type[DomainError], list[str]]:
    """Which routes name a failure, themselves or where they look at the token."""
    found: dict[type[DomainError], list[str]] = {}
    for path, door in _doors(get_resolver().url_patterns, "/"):
        for source in [door, *door.authentication_classes]:
            for error in getattr(source, "errors", ()):
                found.setdefault(error, []).append(path)
    return {error: sorted(set(paths)) for error, paths in found.items()}


def _doors(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _doors(pattern.url_patterns, path)
        elif hasattr(door := getattr(pattern.callback, "cls", None), "throttle_scope"):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", simplify_regex(path)), door


def _below(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)
