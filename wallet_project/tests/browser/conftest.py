"""Staff at our pages in a real Chromium, on a database that is thrown away."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.tests.admin.conftest import PASSWORD, Colleague
from feedback.models import Agent
from wallet_project.kit.testing.plugin import committed_beside, copy_database, owner_of
from wallet_project.staff import make_groups


@pytest.fixture(scope="session")
def program() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here: install one, or name it in CHROMIUM")
    return found


@pytest.fixture(scope="module")
def own_database(program: str, django_db_setup: None) -> Iterator[None]:
    """Another one than that of all who commit, whose events these would wait for."""
    database = connections["default"].settings_dict
    shared = database["NAME"]
    copy = committed_beside(f"{shared}_browser")
    connections.close_all()
    with owner_of("postgres") as cursor:
        # A live server's thread stays with its client.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [shared])
        copy_database(cursor, shared, to=copy)
        database["NAME"] = f"{shared}_browser"
        yield
        database["NAME"] = shared
        cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@pytest.fixture
def roles(own_database: None, committed_db: None) -> dict[str, Group]:
    return make_groups()


@pytest.fixture(scope="module")
def chromium(program: str, own_database: None) -> Iterator[Browser]:
    """
    Playwright keeps an event loop in this thread. Inside of one Django refuses its tables unless told
    otherwise, and has connections of its own: those from before must be closed before.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright.chromium.launch(executable_path=program)


@pytest.fixture
def sit_down(
    chromium: Browser, roles: dict[str, Group], committed_db: None, web_server: str
) -> Iterator[Callable[..., Page]]:
    """
    Somebody new of a role logs in by password and code and works at the desk; their page.

    Nothing may go wrong on it until the test is over: no error of a script, no answer of 400 or more.
    """
    wrong: list[str] = []

    def sit(role: str = "客服") -> Page:
        colleague = Colleague(f"li-{uuid.uuid4().hex[:8]}")
        colleague.user.groups.add(roles[role])
        Agent.objects.create(user=colleague.user)
        room = chromium.new_context(
            base_url=web_server, locale="zh-CN", viewport={"width": 1366, "height": 768}
        )
        room.set_default_timeout(10_000)
        page = room.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and wrong.append(f"{page.url}: {said.text}"))
        page.on("response", lambda got: got.status >= 400 and wrong.append(f"{got.status} {got.url}"))
        page.goto("/admin/")
        page.get_by_label("登录名").fill(colleague.user.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("动态码").fill(colleague.code())
        page.locator("#login-form [type=submit]").click()
        page.wait_for_url("**/admin/")
        return page

    yield sit
    for room in chromium.contexts:
        room.close()
    assert wrong == []
