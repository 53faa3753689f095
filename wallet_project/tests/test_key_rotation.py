"""Keys change while people work: nothing is lost, nothing is left, and an interruption costs nothing."""

import os
import uuid
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import KycApplication, PersonalKey, RealName, User
from accounts.models.kyc import ID_NUMBER
from accounts.models.users import indexes_of_phone
from accounts.services.personal_keys import destroy_personal_key
from accounts.services.phone_ownership import give_phone
from accounts.tests.factories import new_id_number
from payments.models import ShopSystem
from payments.services.shops import create_shop_system
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.crypto import CannotOpen, blind_index, blind_indexes
from wallet_project.kit.fields import SealedField
from wallet_project.kit.privileges import READ_WRITE
from wallet_project.kit.rotation import outdated, renewable_columns, rotate

NEW_FIELD, NEW_INDEX = os.urandom(32), os.urandom(32)
COLUMNS = renewable_columns()


@pytest.fixture
def rings(settings):
    """Put new keys first, drop the old ones, and at the end bring everything back under the old ones."""
    old = (settings.FIELD_KEYS, settings.INDEX_KEYS)

    class Rings:
        def add_new(self):
            settings.FIELD_KEYS = {9: NEW_FIELD, **old[0]}
            settings.INDEX_KEYS = {9: NEW_INDEX, **old[1]}

        def drop_old(self):
            settings.FIELD_KEYS, settings.INDEX_KEYS = {9: NEW_FIELD}, {9: NEW_INDEX}

    yield Rings()
    settings.FIELD_KEYS = {**old[0], 9: NEW_FIELD}
    settings.INDEX_KEYS = {**old[1], 9: NEW_INDEX}
    for _progress in rotate():
        pass


def person_with(phone):
    user = User.objects.create()
    with transaction.atomic():
        give_phone(user=user, phone=phone, at=clock.now())
    return user


def people(new_phone, count):
    phones = {new_phone() for _ in range(count)}
    return {person_with(phone).pk: phone for phone in phones}


def changed_phone(user_id, phone):
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        give_phone(user=user, phone=phone, at=clock.now())
    return phone


def phones_of(users):
    found = User.objects.select_related("personal_key").in_bulk(list(users))
    return {pk: user.phone for pk, user in found.items()}


def owners_of(phones):
    return {User.objects.get(phone_index__in=indexes_of_phone(phone)).pk for phone in phones}


def left_of(users):
    """How many of these people have a value that an older key made."""
    theirs = [column for column in COLUMNS if column.model in {User, PersonalKey}]
    return sum(outdated(column).filter(pk__in=users).count() for column in theirs)


@pytest.mark.committed
@pytest.mark.usefixtures("committed_db")
class TestRotation:
    def test_renews_everything_while_people_read_and_write(self, rings, new_phone, in_parallel):
        known, moving = people(new_phone, 30), people(new_phone, 30)
        shop, secret = create_shop_system(key_id=uuid.uuid4().hex, name="测试商城")
        rings.add_new()

        def keep_reading():
            for _ in range(15):
                assert phones_of(known) == known
                assert ShopSystem.objects.get(pk=shop.pk).secret == secret
                assert owners_of(list(known.values())[:3]) == set(list(known)[:3])

        def keep_registering():
            return people(new_phone, 15)

        def keep_changing():
            return {pk: changed_phone(pk, new_phone()) for pk in moving}

        written = in_parallel(
            [partial(list, rotate(batch=7)), keep_reading, keep_reading, keep_registering, keep_changing]
        )
        list(rotate())  # somebody's write may have begun before the keys changed

        assert not [outcome for outcome in written if isinstance(outcome, BaseException)]
        everybody = known | written[3] | written[4]
        assert left_of(everybody) == 0
        rings.drop_old()
        assert phones_of(everybody) == everybody
        assert owners_of(everybody.values()) == set(everybody)
        assert ShopSystem.objects.get(pk=shop.pk).secret == secret

    def test_is_taken_up_where_it_was_interrupted(self, rings, new_phone):
        known = people(new_phone, 20)
        rings.add_new()
        assert left_of(known) == 40  # a key and an index each

        interrupted = rotate(batch=5)
        while left_of(known) == 40:
            next(interrupted)
        interrupted.close()

        assert 0 < left_of(known) < 40
        assert phones_of(known) == known
        list(rotate())
        assert left_of(known) == 0

    def test_moves_to_the_national_suite_and_back(self, rings, new_phone, settings):
        known = people(new_phone, 3)
        settings.FIELD_CIPHER = "sm4-gcm"
        known |= people(new_phone, 3)
        assert owners_of(known.values()) == set(known)

        list(rotate())

        assert phones_of(known) == known
        assert {bytes(key)[:1] for key in keys_of(known)} == {b"\x02"}
        assert owners_of(known.values()) == set(known)
        settings.FIELD_CIPHER = "aes-256-gcm"
        list(rotate())
        assert {bytes(key)[:1] for key in keys_of(known)} == {b"\x01"}


def keys_of(users):
    return PersonalKey.objects.filter(pk__in=users).values_list("key_sealed", flat=True)


def rotate_by_command():
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_an_id_number_is_found_under_the_new_key(settings):
    number = new_id_number()
    evidence = KycApplication(user=User.objects.create(), number="K1", kind="NAME", submitted_at=clock.now())
    evidence.seal(name="司徒雁南", id_number=number)
    evidence.save()
    known = RealName.objects.create(
        user=evidence.user,
        evidence=evidence,
        id_index=blind_index(number, purpose=ID_NUMBER),
        since=clock.now(),
    )
    settings.INDEX_KEYS = {9: NEW_INDEX, **settings.INDEX_KEYS}

    list(rotate())

    settings.INDEX_KEYS = {9: NEW_INDEX}
    assert RealName.objects.get(id_index__in=blind_indexes(number, purpose=ID_NUMBER)) == known


@pytest.mark.django_db
class TestTheCommand:
    def test_says_when_nothing_is_left(self, settings, new_phone):
        person_with(new_phone())
        settings.FIELD_KEYS = {9: NEW_FIELD, **settings.FIELD_KEYS}

        assert "run it again" in rotate_by_command()
        assert "nothing is left" in rotate_by_command()

    def test_goes_on_past_what_does_not_open_and_fails(self, settings, new_phone):
        (victim, thief, last) = (person_with(new_phone()) for _ in range(3))
        PersonalKey.objects.filter(user=thief).update(key_sealed=victim.personal_key.key_sealed)
        settings.FIELD_KEYS = {9: NEW_FIELD, **settings.FIELD_KEYS}

        with pytest.raises(CommandError, match="1 values do not open"):
            rotate_by_command()

        assert left_of([victim.pk, last.pk]) == 0
        with pytest.raises(CannotOpen):
            _ = User.objects.get(pk=thief.pk).phone

    def test_leaves_what_was_erased_erased(self, settings, new_phone):
        person = person_with(new_phone())
        for _ in range(2):
            with transaction.atomic():
                destroy_personal_key(user_id=person.pk, now=clock.now())
        settings.INDEX_KEYS = {9: NEW_INDEX, **settings.INDEX_KEYS}

        said = rotate_by_command()

        assert "their texts were erased" in said
        gone = User.objects.get(pk=person.pk)
        assert (gone.personal_key.key_sealed, gone.phone) == (None, None)
        assert bytes(gone.phone_index) == bytes(person.phone_index)
        assert (
            AuditEntry.objects.filter(
                action="accounts.personal_key.destroyed", subject=f"user:{person.pk}"
            ).count()
            == 1
        )


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_such_column_can_be_read_and_written_again(column):
    assert "UPDATE" in getattr(column.model, "app_role_may", READ_WRITE)
    assert isinstance(column, SealedField) or hasattr(column.model, column.of)
    list(outdated(column).select_related(*column.read_with))
