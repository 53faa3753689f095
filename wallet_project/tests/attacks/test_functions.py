"""Another verb, another spelling of a path, another site: no way in beside the doors."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import logged_in
from wallet_project.kit.testing.browser import Browser
from wallet_project.tests.architecture.routes import Route, doors

pytestmark = pytest.mark.django_db

DOORS = [pytest.param(route, id=route.path) for route in doors()]
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
BACK_ROOMS = (
    "/.env",
    "/.git/config",
    "/__debug__/",
    "/actuator/health",
    "/admin/doc/",
    "/api/",
    "/api/v0/me",
    "/api/v1/",
    "/api/v2/me",
    "/debug",
    "/flower/",
    "/metrics",
    "/server-status",
    "/silk/",
    "/static/..%2f..%2fmanage.py",
    "/static/../manage.py",
)


def path_of(route: Route) -> str:
    return route.example(kind="privacy", month="2026-11", challenge_id=str(uuid.uuid4()))


def ask(client: Client, method: str, path: str, **headers: str) -> Any:
    sent = {"Idempotency-Key": uuid.uuid4().hex} | headers
    return client.generic(method, path, "{}", content_type="application/json", headers=sent)


@pytest.mark.parametrize("route", DOORS)
def test_a_verb_that_a_door_does_not_have_is_refused(route: Route):
    client, known = Client(headers=logged_in().as_header()), set(route.methods)
    if "GET" in known:
        known.add("HEAD")

    answers = {verb: ask(client, verb, path_of(route)).status_code for verb in VERBS if verb not in known}

    assert set(answers.values()) <= {401, 405}, answers


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_does_not_change_the_verb(header: str):
    person = logged_in()
    path = f"/api/v1/me/devices/{person.device.pk}"

    answer = ask(Client(headers=person.as_header()), "GET", path, **{header: "DELETE"})

    assert answer.status_code == 405
    assert person.session.revoked_at is None


def test_another_spelling_of_a_path_is_another_path():
    client = Client(headers=logged_in().as_header())
    for path in (path_of(route) for route in doors()):
        spellings = (
            path.upper(),
            path + "/",
            path + ".json",
            path + "/..;/",
            path + "%00",
            path.replace("/api", "/api/."),
            path.replace("/v1/", "/v1//"),
        )
        for each in spellings:
            assert ask(client, "GET", each).status_code in {400, 404, 405}, each


@pytest.mark.parametrize("path", BACK_ROOMS)
def test_there_are_no_back_rooms(path: str, settings):
    settings.WHITENOISE_AUTOREFRESH = False  # as in production
    for client in (Client(), Client(headers=logged_in().as_header())):
        answer = client.get(path)
        # The admin sends whoever is not logged in to its login before it looks at the path.
        assert answer.status_code == 404 or answer.headers.get("Location", "").startswith("/admin/login/")


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_another_site_may_not_read_our_answers(method: str):
    answer = ask(
        Client(headers=logged_in().as_header()),
        method,
        "/api/v1/me",
        Origin="https://evil.example",
        **{"Access-Control-Request-Method": "POST"},
    )

    assert [name for name in answer.headers if name.startswith("Access-Control-")] == []


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(target: str):
    staff = Browser()
    staff.force_login(User.objects.create_superuser("he", "a long enough password"))

    for answer in (
        Client().post("/i18n/setlang/", {"language": "en", "next": target}),
        Client().post("/i18n/setlang/", {"language": "en"}, headers={"Referer": target}),
        staff.get("/admin/login/", {"next": target}),
    ):
        location = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])", location), location
