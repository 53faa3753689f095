"""What the provider says, and how little it takes for it to have said nothing."""

import logging

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from accounts.gateways import identity
from accounts.gateways.identity import ProviderSilent, face_result, start_face, verify_minor, verify_name
from accounts.rules.kyc import Answer
from accounts.tests.factories import new_id_number

PHONE = "13800138000"


@pytest.fixture
def registry(sandbox):
    sandbox.clear_faults()
    yield sandbox
    sandbox.clear_faults()


def asked(id_number, phone=PHONE):
    return verify_name(name="张伟", id_number=id_number, phone=phone)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("MATCH", Answer.MATCH),
        ("MISMATCH", Answer.MISMATCH),
        ("NO_RECORD", Answer.NO_RECORD),
        ("BUSY", Answer.UNKNOWN),
    ],
)
def test_what_the_registry_says_is_heard(registry, said, heard):
    number = new_id_number()
    registry.register(number, said)

    assert asked(number) == heard
    assert verify_minor(name="张伟", id_number=number) == heard


def test_what_nobody_can_have_does_not_match(registry):
    assert asked("110105194912310021") == Answer.MISMATCH
    assert asked(new_id_number(), phone="85251234567") == Answer.MISMATCH
    assert verify_minor(name="张伟", id_number="110105194912310021") == Answer.MISMATCH


@pytest.mark.parametrize(
    "fault", ["reset", "error_before", "error_after", "reset_after", "rate_limited", "errcode"]
)
def test_an_answer_that_did_not_come_is_unknown(registry, fault):
    number = new_id_number()
    registry.fault(fault, path="/faceid", times=3)

    assert asked(number) == Answer.UNKNOWN
    assert face_result("anything") == Answer.UNKNOWN
    with pytest.raises(ProviderSilent):
        start_face(number="K1", name="张伟", id_number=number)


def test_a_slow_provider_is_not_waited_for(registry, monkeypatch):
    impatient = identity.OutboundSession(timeout=(0.5, 0.5))
    monkeypatch.setattr(identity, "_session", lambda: impatient)
    registry.fault("timeout_after", path="/faceid", seconds=3)
    number = new_id_number()

    assert asked(number) == Answer.UNKNOWN


def test_a_wrong_key_wakes_somebody_and_judges_nobody(registry, settings, caplog):
    settings.IDENTITY = settings.IDENTITY | {"secret": "wrong"}

    assert asked(new_id_number()) == Answer.UNKNOWN

    [alarm] = [line for line in caplog.records if line.levelno == logging.ERROR]
    assert (alarm.getMessage(), alarm.reason) == ("accounts.identity.alarm", "AuthFailure.SignatureFailure")


def test_a_face_is_not_yet_then_itself(registry):
    session = start_face(number="K1", name="张伟", id_number=new_id_number())
    assert face_result(session.token) == Answer.NOT_YET

    registry.show_face(session.token, "FAIL")

    assert face_result(session.token) == Answer.MISMATCH
    assert face_result("no-such-token") == Answer.UNKNOWN


def test_neither_name_nor_number_is_logged(registry, caplog):
    caplog.set_level(logging.DEBUG)
    number = new_id_number()
    registry.fault("reset", path="/faceid", times=1)

    asked(number)
    asked(number)

    said = " ".join(str(vars(line)) for line in caplog.records)
    assert "kit.outbound" in said
    assert not [secret for secret in (number, "张伟", PHONE) if secret in said]


@pytest.mark.django_db
def test_nobody_waits_for_it_in_a_transaction(registry):
    with pytest.raises(TransactionManagementError), transaction.atomic():
        asked(new_id_number())
