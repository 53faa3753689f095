"""Who agrees to what, and what follows from it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.errors import AgreementOutdated
from accounts.models import AgreementVersion, ConsentRecord
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import current_agreement, current_agreements
from accounts.selectors.consents import has_consent, outstanding_for
from accounts.services.consents import Shown, accept_agreements, give_consent, withdraw_consent
from accounts.tests.factories import announced, logged_in, newcomer
from wallet_project.kit import clock, context
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


def shown(version):
    return Shown(kind=version.kind, version=version.version, hash=version.sha256)


def test_every_agreement_has_a_text_from_the_start():
    found = current_agreements(clock.now())

    assert [version.kind for version in found] == list(AgreementKind)
    assert all(len(version.body) > 200 for version in found)


def test_a_newcomer_owes_every_mandatory_agreement_and_one_by_one_no_longer():
    user_id, now = newcomer().user.pk, clock.now()
    owed = outstanding_for(user_id, now)

    accept_agreements(user_id=user_id, shown=[shown(owed[0])])

    assert [version.kind for version in owed] == list(MANDATORY)
    assert outstanding_for(user_id, now) == owed[1:]


def test_a_consent_proves_which_text_when_and_from_where():
    user_id = newcomer().user.pk
    text = current_agreement(AgreementKind.PRIVACY, clock.now())

    with context.acting(ip="203.0.113.77", device_id="d-1", request_id="r-1"):
        accept_agreements(user_id=user_id, shown=[shown(text)])

    record = ConsentRecord.objects.get(user_id=user_id)
    assert (record.agreement, record.sha256, record.act) == (text, text.sha256, "GIVEN")
    assert (record.ip_masked, record.device_id, record.request_id) == ("203.0.113.*", "d-1", "r-1")
    event = StoredEvent.objects.get(name="accounts.consent.given", aggregate=f"user:{user_id}")
    assert event.payload == {"user_id": user_id, "kind": "PRIVACY", "version": 1}


def test_accepting_again_writes_nothing():
    user_id = logged_in().user.pk
    before = ConsentRecord.objects.filter(user_id=user_id).count()

    accept_agreements(user_id=user_id, shown=[shown(current_agreement(AgreementKind.TERMS, clock.now()))])

    assert ConsentRecord.objects.filter(user_id=user_id).count() == before


@pytest.mark.parametrize("wrong", [{"hash": "0" * 64}, {"version": 2}])
def test_what_was_never_the_text_is_not_accepted(wrong):
    user_id = newcomer().user.pk
    text = current_agreement(AgreementKind.TERMS, clock.now())
    claim = {"kind": text.kind, "version": text.version, "hash": text.sha256, **wrong}

    with pytest.raises(AgreementOutdated) as refused:
        accept_agreements(user_id=user_id, shown=[Shown(**claim)])

    assert refused.value.detail["documents"][0]["hash"] == text.sha256
    assert not ConsentRecord.objects.filter(user_id=user_id).exists()


def test_a_text_that_is_outdated_is_not_accepted_any_more_and_an_announced_one_already_is():
    user_id, now = newcomer().user.pk, clock.now()
    first = current_agreement(AgreementKind.TERMS, now)
    second = announced(AgreementKind.TERMS, effective_at=now - timedelta(hours=1))
    third = announced(AgreementKind.TERMS, effective_at=now + timedelta(days=7))

    with pytest.raises(AgreementOutdated):
        accept_agreements(user_id=user_id, shown=[shown(first)])
    accept_agreements(user_id=user_id, shown=[shown(third)])

    assert AgreementKind.TERMS not in [version.kind for version in outstanding_for(user_id, now)]
    assert second not in outstanding_for(user_id, now + timedelta(days=8))


def test_only_a_material_change_asks_again_and_only_from_its_day():
    user_id, now = logged_in().user.pk, clock.now()
    announced(AgreementKind.PRIVACY, effective_at=now - timedelta(hours=1), is_material=False)
    third = announced(AgreementKind.PRIVACY, effective_at=now + timedelta(days=7))

    assert outstanding_for(user_id, now) == []
    assert outstanding_for(user_id, third.effective_at) == [third]


def test_marketing_is_off_until_it_is_turned_on_and_off_at_once():
    user_id = logged_in().user.pk
    assert not has_consent(user_id, purpose="MARKETING")

    give_consent(user_id=user_id, kind=AgreementKind.MARKETING)
    assert has_consent(user_id, purpose="MARKETING")

    withdraw_consent(user_id=user_id, kind=AgreementKind.MARKETING)
    assert not has_consent(user_id, purpose="MARKETING")
    assert outstanding_for(user_id, clock.now()) == []
    assert (
        StoredEvent.objects.filter(name="accounts.consent.withdrawn", aggregate=f"user:{user_id}").count()
        == 1
    )


def test_a_consent_to_an_earlier_text_ends_with_a_material_change():
    user_id, now = logged_in().user.pk, clock.now()
    give_consent(user_id=user_id, kind=AgreementKind.REAL_NAME)

    announced(AgreementKind.REAL_NAME, effective_at=now - timedelta(minutes=1))

    assert not has_consent(user_id, purpose="REAL_NAME")


def test_withdrawing_what_was_never_given_changes_nothing():
    user_id = newcomer().user.pk

    withdraw_consent(user_id=user_id, kind=AgreementKind.PRIVACY)

    assert not ConsentRecord.objects.filter(user_id=user_id).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_consentrecord SET act = 'GIVEN'",
        "DELETE FROM accounts_consentrecord",
        "UPDATE accounts_agreementversion SET body = 'x'",
        "DELETE FROM accounts_agreementversion",
    ],
)
def test_what_was_agreed_to_cannot_be_changed(statement):
    logged_in()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_not_even_by_the_owner_of_the_database(owner_cursor):
    with pytest.raises(Exception, match="keeps what was agreed to"):
        owner_cursor.execute("UPDATE accounts_agreementversion SET title = title WHERE version = 1")


def test_a_draft_may_change_until_it_is_published():
    draft = AgreementVersion.objects.create(kind="TERMS", version=2, title="协议", body="一")

    draft.body = "二"
    draft.save()

    assert AgreementVersion.objects.get(pk=draft.pk).body == "二"
