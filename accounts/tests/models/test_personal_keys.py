"""What was sealed for a person opens for that person, for as long as their key is there."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import KeyDestroyed, PersonalKey, User
from wallet_project.kit import clock
from wallet_project.kit.crypto import CannotOpen

pytestmark = pytest.mark.django_db

NAME = "accounts.real_name.name"


def destroy_key(user):
    PersonalKey.objects.filter(user=user).update(key_sealed=None, destroyed_at=clock.now())
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    "register",
    [
        User.objects.create_user,
        User.objects.create,
        lambda: User.objects.create_superuser("chen", "a long enough password"),
    ],
)
def test_a_user_has_a_key_from_the_first_moment_and_keeps_it(register):
    user = register()
    sealed = user.personal_key.seal("张三", column=NAME)

    user.save()

    assert User.objects.get(pk=user.pk).personal_key.open(sealed, column=NAME) == "张三"


def test_what_is_sealed_opens_for_one_user_and_one_column():
    user, other = User.objects.create(), User.objects.create()
    sealed = user.personal_key.seal("张三", column=NAME)

    for key, column in ((other.personal_key, NAME), (user.personal_key, "accounts.real_name.number")):
        with pytest.raises(CannotOpen):
            key.open(sealed, column=column)
    PersonalKey.objects.filter(user=other).update(key_sealed=user.personal_key.key_sealed)
    with pytest.raises(CannotOpen):
        User.objects.get(pk=other.pk).personal_key.open(sealed, column=NAME)


def test_a_destroyed_key_never_opens_again():
    user = User.objects.create()
    sealed = user.personal_key.seal("张三", column=NAME)

    shredded = destroy_key(user).personal_key

    with pytest.raises(KeyDestroyed):
        shredded.open(sealed, column=NAME)
    with pytest.raises(KeyDestroyed):
        shredded.seal("李四", column=NAME)


def test_a_user_whose_key_was_destroyed_shows_no_phone():
    user = User.objects.create()
    user.set_phone("13800138000", at=clock.now())
    user.save()

    shredded = destroy_key(user)

    assert (shredded.phone, shredded.phone_masked) == (None, None)


def test_a_key_is_there_or_says_when_it_was_destroyed():
    user = User.objects.create()

    for half in ({"key_sealed": None}, {"destroyed_at": clock.now()}):
        with pytest.raises(IntegrityError, match="a_personal_key_is_there"), transaction.atomic():
            PersonalKey.objects.filter(user=user).update(**half)
