"""What the documents name exists: links, files, make targets and management commands."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from wallet_project.settings.env import BASE_DIR

PAGES = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")])
APPS = ("wallet_project", "accounts", "wallet", "coupons", "payments", "feedback")

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)\)")
_FILE = re.compile(rf"\b(?:{'|'.join(APPS)})/[a-z_/]+\.(?:py|sql)\b")
_TARGET = re.compile(r"`make ([a-z]+)")
_COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_there_are_pages() -> None:
    assert len(PAGES) > 15


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in _LINK.findall(text_of(page)) if not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_exist(page: Path) -> None:
    missing = [name for name in _FILE.findall(text_of(page)) if not (BASE_DIR / name).is_file()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", text_of(BASE_DIR / "Makefile"), re.MULTILINE)
    unknown = set(_TARGET.findall(text_of(page))) - set(targets)
    unknown |= set(_COMMAND.findall(text_of(page))) - set(get_commands())

    assert unknown == set()


def test_whoever_is_on_call_can_read_up_every_scheduled_task() -> None:
    told = text_of(BASE_DIR / "docs" / "operations.md")
    tasks = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {task for task in tasks if f"`{task}`" not in told} == set()
