"""One number has one owner, also while the keys of its index change."""

import os
import threading
import time
from functools import partial

import pytest
from django.db import transaction

from accounts.errors import PhoneAlreadyBound
from accounts.models import User
from accounts.models.users import indexes_of_phone
from accounts.services.phone_ownership import give_phone
from wallet_project.kit import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]

OLD, NEW = os.urandom(32), os.urandom(32)


class RingOfTwoProcesses(dict):
    """INDEX_KEYS in the middle of a deployment: some threads write with the old key, some with the new."""

    process = threading.local()

    def items(self):
        return sorted(super().items(), reverse=getattr(self.process, "is_new", False))


def bind(user_id, phone, *, process_is_new):
    RingOfTwoProcesses.process.is_new = process_is_new
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        give_phone(user=user, phone=phone, at=clock.now())
        time.sleep(0.05)  # the others look while this is not committed
    return user


def test_two_processes_with_different_keys_cannot_give_one_number_away_twice(
    settings, new_phone, in_parallel
):
    settings.INDEX_KEYS = RingOfTwoProcesses({1: OLD, 2: NEW})
    users, phone = [User.objects.create().pk for _ in range(8)], new_phone()

    outcomes = in_parallel(
        [partial(bind, user, phone, process_is_new=bool(turn % 2)) for turn, user in enumerate(users)]
    )

    owners = [outcome for outcome in outcomes if isinstance(outcome, User)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, PhoneAlreadyBound)]
    assert (len(owners), len(refused)) == (1, 7)
    assert User.objects.filter(phone_index__in=indexes_of_phone(phone)).get() == owners[0]


def test_a_number_indexed_with_an_older_key_is_still_taken_and_still_its_owners(settings, new_phone):
    owner, other, phone = User.objects.create(), User.objects.create(), new_phone()
    settings.INDEX_KEYS = {1: OLD}
    with transaction.atomic():
        give_phone(user=owner, phone=phone, at=clock.now())

    settings.INDEX_KEYS = {2: NEW, 1: OLD}

    with pytest.raises(PhoneAlreadyBound), transaction.atomic():
        give_phone(user=other, phone=phone, at=clock.now())
    with transaction.atomic():
        give_phone(user=owner, phone=phone, at=clock.now())
    settings.INDEX_KEYS = {2: NEW}
    assert User.objects.filter(phone_index__in=indexes_of_phone(phone)).get() == owner
