"""One person with many accounts asks for what a new customer gets, all at the same moment."""

from collections import Counter

import pytest
from django.db import transaction

from accounts.tests.factories import logged_in
from coupons.models import PersonClaim
from coupons.services.real_people import claim_person

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def test_sixteen_accounts_on_one_phone_are_one_new_customer(in_parallel):
    device_id = f"shared-{logged_in().user.uid}"
    people = [logged_in() for _ in range(16)]
    for person in people:
        person.device.device_id = device_id
        person.device.save()

    def claims(person):
        def claim():
            with transaction.atomic():
                return claim_person(user_id=person.user.pk, of=f"race:{device_id}")

        return claim

    answers = in_parallel([claims(person) for person in people], threads=16)

    assert Counter(answers) == {True: 1, False: 15}
    assert PersonClaim.objects.filter(purpose=f"race:{device_id}").count() == 1
