"""Much of something costs little."""

import json
import time

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import logged_in
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick():
    """The test's own time, in seconds, must stay below one."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 1


@pytest.fixture
def client_of_somebody():
    return Client(headers=logged_in().as_header())


def test_ten_thousand_parameters_are_not_even_read(client_of_somebody, quick):
    query = "&".join(f"a{number}=1" for number in range(10_000))

    assert client_of_somebody.get(f"/api/v1/wallet/records?{query}").status_code == 400


def test_ten_megabytes_are_refused_at_the_door(client_of_somebody, quick):
    body = json.dumps({"store": "a" * 10 * 1024 * 1024})

    answer = client_of_somebody.post(
        "/api/v1/orders", body, content_type="application/json", headers={"Idempotency-Key": "k" * 8}
    )

    assert_error(answer, 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1000000000", "1e9", "²"])
@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/wallet/records", "/api/v1/me/logins"])
def test_a_page_is_never_larger_than_a_hundred(client_of_somebody, path, limit):
    assert_error(client_of_somebody.get(path, {"limit": limit}), 400, "INVALID_INPUT")


def test_a_form_of_five_thousand_fields_is_refused(quick):
    User.objects.create_superuser("he", "a long enough password")

    answer = Browser().post("/admin/login/", {f"a{number}": "1" for number in range(5000)})

    assert answer.status_code == 400
