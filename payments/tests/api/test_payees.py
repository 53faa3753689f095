"""The doors of cards and of accounts whose bills are paid: what lists cost, and what they never show."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from payments.tests.factories import bill_account, bound_card


@pytest.mark.django_db
@pytest.mark.parametrize(("door", "made"), [("cards", bound_card), ("bill-accounts", bill_account)])
def test_a_list_costs_the_same_however_long(door, made, django_assert_max_num_queries):
    person, stranger = logged_in(), logged_in()
    kept = [made(person.user) for _ in range(8)]
    made(stranger.user)
    phone = APIClient(headers=person.as_header())

    with django_assert_max_num_queries(4):
        answer = phone.get(f"/api/v1/{door}")

    assert {item["id"] for item in answer.json()["items"]} == {str(payee.uid) for payee in kept}
    assert not any(payee.reference in answer.content.decode() for payee in kept)


@pytest.mark.django_db
def test_what_can_be_paid_is_listed_at_one_price(django_assert_max_num_queries):
    person = logged_in()
    bound_card(person.user), bill_account(person.user)

    with django_assert_max_num_queries(2):
        answer = APIClient(headers=person.as_header()).get("/api/v1/billers")

    assert {"card", "power"} <= {biller["code"] for biller in answer.json()["items"]}
