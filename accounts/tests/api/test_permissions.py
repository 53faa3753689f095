"""A door for people with a phone."""

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from accounts.api.permissions import HasPhone
from accounts.services.sessions import access_hashes_of, forget_access
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.kit.api.views import Door

pytestmark = pytest.mark.django_db


class ForPeopleWithAPhone(Door):
    permission_classes = [HasPhone]
    throttle_scope = "read"

    def get(self, request: Request) -> Response:
        return Response({})


def knock(headers):
    return ForPeopleWithAPhone.as_view()(APIRequestFactory().get("/", headers=headers))


def test_opens_only_to_somebody_with_a_phone_and_says_why_not():
    person = logged_in()

    assert knock({}).status_code == 401
    refused = knock(person.as_header())
    assert (refused.status_code, b"PHONE_REQUIRED" in refused.content) == (403, True)

    person.user.set_phone("13800138000", at=clock.now())
    person.user.save()
    forget_access(access_hashes_of(person.user.pk))

    assert knock(person.as_header()).status_code == 200
