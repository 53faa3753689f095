"""Every failure has the one shape, whoever noticed it; what nobody expected tells nothing."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.test import Client
from rest_framework import exceptions as drf

from wallet_project.kit.api.exceptions import as_domain_error
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.testing.assertions import assert_error

small_doors = pytest.mark.urls("wallet_project.kit.tests.doors")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StateConflict(state="A", wanted="B"), 409, "STATE_CONFLICT"),
        (drf.ValidationError({"a": ["no"]}), 400, "INVALID_INPUT"),
        (drf.ParseError("no"), 400, "MALFORMED_BODY"),
        (drf.NotAuthenticated(), 401, "NOT_AUTHENTICATED"),
        (drf.AuthenticationFailed(), 401, "NOT_AUTHENTICATED"),
        (drf.PermissionDenied(), 403, "NOT_ALLOWED"),
        (PermissionDenied(), 403, "NOT_ALLOWED"),
        (drf.NotFound(), 404, "NOT_FOUND"),
        (Http404(), 404, "NOT_FOUND"),
        (drf.MethodNotAllowed("PUT"), 405, "METHOD_NOT_ALLOWED"),
        (drf.NotAcceptable(), 406, "NOT_ACCEPTABLE"),
        (drf.UnsupportedMediaType("x"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (drf.Throttled(7), 429, "TOO_MANY_REQUESTS"),
        (RequestDataTooBig(), 413, "BODY_TOO_LARGE"),
        (UnreadablePostError(), 400, "MALFORMED_BODY"),
        (DataError(), 400, "INVALID_INPUT"),
        (OperationalError(), 503, "TEMPORARILY_UNAVAILABLE"),
        (InterfaceError(), 503, "TEMPORARILY_UNAVAILABLE"),
        (ZeroDivisionError(), 500, "INTERNAL_ERROR"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_whatever_was_raised_has_a_status_and_a_code(error, status, code):
    found = as_domain_error(error)

    assert (found.status, found.code) == (status, code)


def test_errors_deep_in_a_body_are_named_by_their_path():
    error = drf.ValidationError({"items": [{}, {"price": ["负数", "太大"]}], "title": ["必填"], "a": "no"})

    assert as_domain_error(error).detail == {
        "fields": {"items.1.price": ["负数", "太大"], "title": ["必填"], "a": ["no"]}
    }


@small_doors
@pytest.mark.django_db
def test_a_value_the_database_cannot_hold_is_the_callers():
    assert_error(Client().get("/api/v1/failing/data"), 400, "INVALID_INPUT")


@small_doors
def test_a_database_that_is_slow_or_gone_is_a_reason_to_try_again(committed_db):
    for how in ("slow", "away"):
        answer = Client().get(f"/api/v1/failing/{how}")

        assert_error(answer, 503, "TEMPORARILY_UNAVAILABLE")
        assert answer.headers["Retry-After"] == "2"
    assert_error(Client().get("/api/v1/failing/data"), 400, "INVALID_INPUT")  # connected again


@small_doors
def test_a_mistake_of_ours_is_logged_and_tells_the_caller_nothing(committed_db, caplog):
    answer = Client(raise_request_exception=False).get("/api/v1/failing/bug")

    assert_error(answer, 500, "INTERNAL_ERROR")
    assert b"13800138000" not in answer.content
    assert b"KeyError" not in answer.content
    [alarm] = [record for record in caplog.records if record.getMessage() == "kit.api.unhandled"]
    assert alarm.levelno == logging.ERROR
    assert alarm.exc_info


@small_doors
@pytest.mark.django_db
def test_a_plain_view_keeps_the_shape_too():
    client = Client(raise_request_exception=False)

    assert_error(client.get("/api/v1/plain/away"), 503, "TEMPORARILY_UNAVAILABLE")
    assert_error(client.get("/api/v1/plain/data"), 500, "INTERNAL_ERROR")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v1/me/",
        "/api/v1/ME",
        "/api/v1/me/..;/x",
        "/api/v1//me",
        "/api/v1/me%00",
    ],
)
@pytest.mark.django_db
def test_a_route_that_does_not_exist_is_not_found_in_our_shape(path):
    assert_error(Client().get(path), 404, "NOT_FOUND")


@pytest.mark.django_db
def test_a_method_that_a_door_does_not_know_is_refused(client):
    answer = Client().put("/api/v1/auth/login", "{}", content_type="application/json")

    assert_error(answer, 405, "METHOD_NOT_ALLOWED")
    override = Client().get("/api/v1/auth/login", headers={"X-HTTP-Method-Override": "POST"})
    assert_error(override, 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:80@evil.example", "a b", "evil.example:99999999"]
)
@pytest.mark.django_db
def test_a_foreign_host_is_refused_in_our_shape(host):
    assert_error(Client().get("/api/v1/me", headers={"Host": host}), 400, "INVALID_INPUT")


@pytest.mark.django_db
def test_only_json_is_served():
    assert_error(Client().get("/api/v1/me", headers={"Accept": "text/html"}), 406, "NOT_ACCEPTABLE")


@pytest.mark.django_db
def test_nobody_is_asked_to_log_in_by_name():
    answer = Client().get("/api/v1/me")

    assert_error(answer, 401, "NOT_AUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_message_speaks_the_callers_language_and_chinese_otherwise():
    assert Client().get("/api/v1/me").json()["message"] == "请先登录"
    assert Client().get("/api/v1/me", headers={"Accept-Language": "fr"}).json()["message"] == "请先登录"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("5f0c8e7a9b1d4c52b8c6a3f7d2e19034", True),
        ("a" * 65, False),
        ("short", False),
        ("x\r\ny: 1", False),
        ("{{7*7}}!", False),
    ],
)
@pytest.mark.django_db
def test_a_request_keeps_the_number_it_came_with_if_it_is_one(given, kept):
    answer = Client().get("/api/v1/me", headers={"Request-Id": given})

    assert (answer.headers["Request-Id"] == given) is kept
    assert answer.json()["request_id"] == answer.headers["Request-Id"]


@pytest.mark.django_db
def test_every_request_leaves_one_line_without_its_query(caplog):
    with caplog.at_level(logging.INFO, logger="wallet.access"):
        Client().get("/api/v1/me?secret=hunter2")
        Client().get("/healthz")

    [line] = [record for record in caplog.records if record.name == "wallet.access"]
    assert (line.method, line.path, line.status) == ("GET", "/api/v1/me", 401)
    assert "hunter2" not in str(vars(line))


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "inline"), [("/api/v1/me", False), ("/", False), ("/admin/login/", True)])
def test_pages_may_be_framed_by_nobody_and_run_only_our_scripts(path, inline):
    headers = Client().get(path).headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert ("unsafe-inline" in headers["Content-Security-Policy"]) is inline
