"""What the users table promises by itself."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from wallet_project.kit import clock
from wallet_project.kit.crypto import CannotOpen

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = User.objects.create_user()
    user.set_phone("13800138000", at=clock.now())
    user.save()
    return user


def test_a_phone_is_stored_sealed_and_read_back(user):
    stored = User.objects.get(pk=user.pk)

    assert (stored.phone, stored.phone_masked) == ("13800138000", "138****8000")
    assert b"13800138000" not in bytes(stored.phone_sealed) + bytes(stored.phone_index)


def test_a_phone_sealed_for_one_row_does_not_open_in_another(user):
    thief = User.objects.create_user()
    thief.set_phone("13900139000", at=clock.now())
    thief.save()

    User.objects.filter(pk=thief.pk).update(phone_sealed=user.phone_sealed)

    with pytest.raises(CannotOpen):
        _ = User.objects.get(pk=thief.pk).phone


def test_two_seals_of_one_number_look_different(user):
    before = bytes(user.phone_sealed)

    user.set_phone("13800138000", at=clock.now())

    assert bytes(user.phone_sealed) != before


def test_a_number_belongs_to_one_user(user):
    other = User.objects.create_user()
    other.set_phone("13800138000", at=clock.now())

    with pytest.raises(IntegrityError, match="a_phone_belongs_to_one_user"), transaction.atomic():
        other.save()


@pytest.mark.parametrize("part", ["phone_sealed", "phone_index", "phone_bound_at"])
def test_a_phone_is_there_in_all_its_parts_or_not_at_all(user, part):
    with (
        pytest.raises(IntegrityError, match="a_phone_is_sealed_indexed_and_dated"),
        transaction.atomic(),
    ):
        User.objects.filter(pk=user.pk).update(**{part: None})


def test_a_customer_has_a_name_to_be_called_by_and_no_way_into_the_admin(client):
    user = User.objects.create_user()

    assert user.nickname.startswith("微信用户")
    assert (user.username, user.is_staff, user.has_usable_password()) == (None, False, False)
    client.post("/admin/login/", {"username": "", "password": ""})
    assert client.get("/admin/").status_code == 302
