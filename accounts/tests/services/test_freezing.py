"""A frozen person may do nothing, at once."""

import threading
import time
from functools import partial

import pytest
from django.db import transaction

from accounts.errors import AccountFrozen, TokenInvalid
from accounts.models import RevokeReason, Session, User, UserStatus
from accounts.selectors.sessions import holder_of
from accounts.services.freezing import freeze_user, unfreeze_user
from accounts.services.login import log_in
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.models import StoredEvent

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def person():
    return logged_in()


def traces_of(user):
    subject = f"user:{user.pk}"
    events = StoredEvent.objects.filter(aggregate=subject, name__contains="frozen").order_by("pk")
    audit = AuditEntry.objects.filter(subject=subject, action__contains="frozen").order_by("pk")
    return list(events.values_list("name", flat=True)), [(each.action, each.facts) for each in audit]


def test_a_frozen_persons_tokens_are_dead_at_once_and_stay_dead(person):
    holder_of(person.tokens.access_token)  # remembered

    freeze_user(user_id=person.user.pk, reason="盗号申诉")

    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)
    assert person.session.revoke_reason == RevokeReason.FROZEN
    unfreeze_user(user_id=person.user.pk, reason="核实为本人")
    with pytest.raises(TokenInvalid):  # a thief's session does not come back with the owner's
        holder_of(person.tokens.access_token)
    assert traces_of(person.user) == (
        ["accounts.user.frozen", "accounts.user.unfrozen"],
        [
            ("accounts.user.frozen", {"reason": "盗号申诉"}),
            ("accounts.user.unfrozen", {"reason": "核实为本人"}),
        ],
    )


def test_a_frozen_person_is_told_so_at_the_login_and_a_thawed_one_comes_in(sandbox):
    minted = sandbox.login_code()
    user = log_in(code=minted["code"], device_id="d").user
    freeze_user(user_id=user.pk, reason="可疑交易")

    with pytest.raises(AccountFrozen):
        log_in(code=sandbox.login_code(minted["openid"])["code"], device_id="d")

    unfreeze_user(user_id=user.pk, reason="已核实")
    assert log_in(code=sandbox.login_code(minted["openid"])["code"], device_id="d").user == user


def test_whoever_logs_in_while_they_are_being_frozen_does_not_come_in(sandbox, in_parallel):
    minted = sandbox.login_code()
    user = log_in(code=minted["code"], device_id="d").user
    code, sessions_ended = sandbox.login_code(minted["openid"])["code"], threading.Event()

    def freeze_slowly():
        with transaction.atomic():
            freeze_user(user_id=user.pk, reason="可疑交易")
            sessions_ended.set()
            time.sleep(1)

    def come_in():
        assert sessions_ended.wait(timeout=10)
        return log_in(code=code, device_id="other")

    _frozen, login = in_parallel([freeze_slowly, come_in])

    assert isinstance(login, AccountFrozen)
    assert not Session.objects.filter(user=user, revoked_at=None).exists()


@pytest.mark.parametrize("status", [UserStatus.FROZEN, UserStatus.CLOSED])
def test_only_a_person_who_may_act_is_frozen(person, status):
    User.objects.filter(pk=person.user.pk).update(status=status)

    with pytest.raises(StateConflict):
        freeze_user(user_id=person.user.pk, reason="再冻结一次")

    assert User.objects.get(pk=person.user.pk).status == status
    assert traces_of(person.user) == ([], [])


def test_frozen_by_many_at_once_is_frozen_once(person, in_parallel):
    outcomes = in_parallel([partial(freeze_user, user_id=person.user.pk, reason="同时")] * 8)

    assert outcomes.count(None) == 1
    assert len(traces_of(person.user)[1]) == 1
