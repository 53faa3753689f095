"""What a client adds to a body or a query changes nothing, and what it may not know is in no answer."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from accounts.models import User
from accounts.tests.factories import logged_in
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.tests.architecture.routes import Route, doors

WISHES = {
    "balance": 10**9,
    "discount": 1,
    "is_staff": True,
    "is_superuser": True,
    "kyc_level": 3,
    "paid_at": "2026-01-01T00:00:00+08:00",
    "risk_score": 0,
    "status": "ACTIVE",
    "user_id": 1,
}
# In no answer, whatever the door: others could act or pay with these, or learn who somebody is.
NEVER_ANSWERED = {
    "appid",
    "id_number",
    "is_staff",
    "is_superuser",
    "openid",
    "password",
    "phone",
    "pin",
    "risk_score",
    "session_key",
    "unionid",
    "user_id",
}
MINE = [route for route in doors() if not {"merchant", "callbacks"} & set(route.path.split("/"))]
WRITES = [
    pytest.param(route, method, id=f"{method} {route.path}")
    for route in MINE
    for method in route.methods
    if method != "GET"
]
READS = [pytest.param(route, id=route.path) for route in MINE if "GET" in route.methods]


def path_of(route: Route) -> str:
    return route.example(
        kind="privacy", month="2026-11", challenge_id=str(uuid.uuid4()), category="GROWTH", channel="SMS"
    )


def without_request(answer: Any) -> Any:
    body = json.loads(answer.content)
    body.pop("request_id", None)
    return body


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), WRITES)
def test_fields_that_nobody_asked_for_are_named_and_change_nothing(route: Route, method: str):
    person = logged_in()
    before = User.objects.values().get(pk=person.user.pk)

    answer = Client(headers=person.as_header()).generic(
        method,
        path_of(route),
        json.dumps(WISHES),
        content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )

    reads = bodies_read(route, method)
    if "application/json" in reads:
        assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) >= set(WISHES)
    elif reads:
        assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
    else:
        assert answer.status_code in {200, 201, 204, 400, 404, 409, 428}
    assert User.objects.values().get(pk=person.user.pk) == before


@pytest.mark.django_db
@pytest.mark.parametrize("route", READS)
def test_a_query_opens_no_other_view_of_the_data(route: Route):
    client, path = Client(headers=logged_in().as_header()), path_of(route)

    plain = client.get(path)
    for query in ("user=1", "ordering=user__phone_index", "expand=user", "format=api", "fields=openid"):
        asked = client.get(f"{path}?{query}")
        assert asked.status_code in {plain.status_code, 400, 404}, query
        if asked.status_code == 200 and not path.endswith(("archive", "receive-code")):  # new each time
            assert without_request(asked) == without_request(plain), query


@pytest.mark.django_db
@pytest.mark.parametrize("route", [pytest.param(route, id=route.path) for route in doors()])
def test_a_door_tells_nothing_of_itself_to_options(route: Route):
    answer = Client(headers=logged_in().as_header()).options(path_of(route))

    assert answer.status_code in {401, 405}
    assert set(answer.json()) == {"code", "message", "detail", "request_id"}


def test_no_answer_has_a_field_for_what_nobody_may_know():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    answered = {name: part for name, part in schema["components"]["schemas"].items() if not is_input(name)}

    assert len(answered) > 20
    told = {(name, field) for name, part in answered.items() for field in part.get("properties", {})}
    assert {pair for pair in told if pair[1] in NEVER_ANSWERED} == set()


def test_no_door_takes_an_address_to_fetch():
    """Nothing that a client names is ever called: what it names could lie in our own network."""
    inputs = [each for each in subclasses(serializers.Serializer) if is_input(each.__qualname__)]

    assert len(inputs) > 10
    for each in inputs:
        for name, field in each().fields.items():
            assert not isinstance(field, serializers.URLField), (each, name)
            assert not name.endswith(("url", "uri", "host", "callback")), (each, name)


def bodies_read(route: Route, method: str) -> set[str]:
    operation = DESCRIPTION["paths"][route.description][method.lower()]
    return set(operation.get("requestBody", {}).get("content", ()))


def is_input(name: str) -> bool:
    return name.endswith(("Request", "Input")) or ".Input" in name


def subclasses(parent: type) -> list[type]:
    return [each for child in parent.__subclasses__() for each in (child, *subclasses(child))]


DESCRIPTION = SchemaGenerator().get_schema(request=None, public=True)
