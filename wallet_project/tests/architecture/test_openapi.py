"""The published description of the API is current, complete, and says what every door shares."""

from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

from wallet_project.settings.env import BASE_DIR
from wallet_project.tests.architecture.routes import doors

PUBLISHED = (BASE_DIR / "openapi.yaml").read_text(encoding="utf-8")
DESCRIPTION = yaml.load(PUBLISHED, Loader=yaml.CSafeLoader)  # in C: in Python it takes ten seconds
SCHEMAS = DESCRIPTION["components"]["schemas"]
OPERATIONS = [
    pytest.param(path, method.upper(), operation, id=f"{method.upper()} {path}")
    for path, item in DESCRIPTION["paths"].items()
    for method, operation in item.items()
]


def test_the_published_description_is_current():
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)

    assert written.getvalue() == PUBLISHED, "run manage.py spectacular --file openapi.yaml"


def test_every_door_but_wechats_is_described():
    described = {(param.values[0], param.values[1]) for param in OPERATIONS}
    known = {
        (route.description, method)
        for route in doors()
        for method in route.methods
        if "/callbacks/" not in route.path
    }

    assert described == known


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_has_a_title_a_group_and_the_failures_that_anybody_may_meet(path, method, operation):
    assert operation["summary"]
    assert operation["tags"]
    assert {"429", "503"} <= set(operation["responses"])
    assert any(status.startswith("2") for status in operation["responses"])
    for status, answer in operation["responses"].items():
        if not status.startswith("2"):
            [content] = answer["content"].values()
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorOutput"}


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_shows_what_goes_in_and_what_comes_out(path, method, operation):
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = [body.get("content", {}).get("application/json") for body in bodies]

    with_a_body = [content for content in contents if content and not _is_empty(content["schema"])]

    assert all(content.get("examples") for content in with_a_body)


def _is_empty(schema):
    """A body without a field, as that of a cancellation, needs no example."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return not SCHEMAS.get(name, schema).get("properties")


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_asks_for_a_key_exactly_where_the_door_does(path, method, operation):
    [route] = [route for route in doors() if route.description == path]
    asked = {
        parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"
    }

    wanted = {"Idempotency-Key"} if route.is_idempotent(method) else set()
    if "428" in operation["responses"] and method != "GET":
        wanted.add("Step-Up-Grant")
    assert asked == wanted


@pytest.mark.django_db
def test_people_can_read_it_without_an_account():
    page = APIClient().get("/api/docs/")

    assert page.status_code == 200
    assert "swagger" in page.content.decode().lower()
    assert APIClient().get("/api/schema").status_code == 200
