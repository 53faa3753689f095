"""A phone is bound to one user, once, and no race changes that."""

from functools import partial

import pytest

from accounts.errors import PhoneAlreadyBound, PhoneChangeNeeded, PhoneCodeRefused
from accounts.models import User
from accounts.selectors.sessions import holder_of
from accounts.services.phones import bind_phone
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit.models import StoredEvent

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def person():
    return logged_in()


@pytest.fixture
def code_for(sandbox):
    return lambda phone: sandbox.phone_code(phone)["code"]


def traces_of(user):
    """What binding leaves behind: events, audit lines."""
    subject = f"user:{user.pk}"
    return (
        StoredEvent.objects.filter(name="accounts.phone.bound", aggregate=subject).count(),
        AuditEntry.objects.filter(action="accounts.phone.bound", subject=subject).count(),
    )


def test_binding_a_phone_is_known_at_once_and_told_to_others(person, code_for, new_phone):
    phone = new_phone()
    assert holder_of(person.tokens.access_token).phone_bound_at is None  # remembered

    bind_phone(user_id=person.user.pk, code=code_for(phone))

    assert User.objects.get(pk=person.user.pk).phone == phone
    assert holder_of(person.tokens.access_token).phone_bound_at is not None
    assert traces_of(person.user) == (1, 1)
    facts = AuditEntry.objects.get(action="accounts.phone.bound", subject=f"user:{person.user.pk}").facts
    assert facts == {"phone": f"{phone[:3]}****{phone[-4:]}"}


def test_binding_the_same_number_again_changes_nothing(person, code_for, new_phone):
    phone = new_phone()
    bind_phone(user_id=person.user.pk, code=code_for(phone))
    before = User.objects.get(pk=person.user.pk)

    bind_phone(user_id=person.user.pk, code=code_for(phone))

    after = User.objects.get(pk=person.user.pk)
    assert (after.phone_bound_at, bytes(after.phone_sealed)) == (
        before.phone_bound_at,
        bytes(before.phone_sealed),
    )
    assert traces_of(person.user) == (1, 1)


def test_a_bound_number_is_not_replaced_by_another(person, code_for, new_phone):
    phone = new_phone()
    bind_phone(user_id=person.user.pk, code=code_for(phone))

    with pytest.raises(PhoneChangeNeeded):
        bind_phone(user_id=person.user.pk, code=code_for(new_phone()))

    assert User.objects.get(pk=person.user.pk).phone == phone
    assert traces_of(person.user) == (1, 1)


def test_a_phone_code_works_once(person, code_for, new_phone):
    code = code_for(new_phone())
    bind_phone(user_id=person.user.pk, code=code)
    other = logged_in().user

    with pytest.raises(PhoneCodeRefused):
        bind_phone(user_id=other.pk, code=code)

    assert User.objects.get(pk=other.pk).phone is None
    assert traces_of(other) == (0, 0)


def test_a_landline_is_no_phone(person, code_for):
    with pytest.raises(PhoneCodeRefused):
        bind_phone(user_id=person.user.pk, code=code_for("075512345678"))

    assert User.objects.get(pk=person.user.pk).phone is None


def test_of_many_users_who_want_one_number_at_once_one_gets_it(code_for, new_phone, in_parallel):
    phone = new_phone()
    users = [logged_in().user for _ in range(2)]
    wishes = [(user, code_for(phone)) for user in users for _ in range(8)]

    outcomes = in_parallel([partial(bind_phone, user_id=user.pk, code=code) for user, code in wishes])

    owners = {outcome.pk for outcome in outcomes if isinstance(outcome, User)}
    refused = [outcome for outcome in outcomes if isinstance(outcome, PhoneAlreadyBound)]
    assert len(owners) == 1
    assert len(refused) == 8  # every try of the other user, and nothing else went wrong
    loser = next(user for user in users if user.pk not in owners)
    assert User.objects.get(pk=loser.pk).phone is None
    assert traces_of(loser) == (0, 0)
    assert traces_of(User.objects.get(pk=owners.pop())) == (1, 1)
