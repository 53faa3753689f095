"""Clients that write, and what stands before them."""

import pytest
from django.test import Client

from wallet_project.pauses.selectors import look_again


@pytest.mark.django_db
def test_a_write_without_a_database_is_told_to_come_back(unreachable_database):
    look_again()

    answer = Client().post("/api/v1/auth/refresh", "{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert int(answer["Retry-After"]) > 0
