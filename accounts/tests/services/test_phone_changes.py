"""A number gives way to another: by its owner with both proofs, or by two of the staff."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from accounts.errors import (
    CodeRefused,
    PhoneAlreadyBound,
    PhoneNotBound,
    PhoneRequestOpen,
    StepUpRefused,
    StepUpRequired,
    TokenInvalid,
)
from accounts.models import (
    ChallengeState,
    Device,
    PhoneChange,
    PhoneChangeRequest,
    RevokeReason,
    StepUpChallenge,
    User,
    WeChatIdentity,
)
from accounts.selectors.security_facts import cooldown_of
from accounts.selectors.sessions import holder_of
from accounts.services.phone_requests import (
    propose_phone_change,
    refuse_phone_request,
    request_phone_change,
    withdraw_phone_request,
)
from accounts.services.phones import (
    bind_phone,
    bind_phone_by_code,
    change_phone,
    replace_phone,
    send_phone_code,
)
from accounts.services.sessions import issue_session
from accounts.tests.factories import logged_in, with_pin
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.crypto import new_token, token_hash
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.models import Job, StoredEvent

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def person(sandbox, new_phone):
    """Somebody with a phone and a PIN."""
    person = with_pin(logged_in())
    bind_phone(user_id=person.user.pk, code=sandbox.phone_code(new_phone())["code"])
    long_ago = clock.now() - timedelta(days=60)
    User.objects.filter(pk=person.user.pk).update(phone_bound_at=long_ago)
    return replace(person, user=User.objects.get(pk=person.user.pk))


@pytest.fixture
def code_for(sandbox):
    """The code for a number that is to become this person's."""

    def send(person, phone):
        send_phone_code(user_id=person.user.pk, phone=phone)
        return sandbox.sms_code(phone)

    return send


@pytest.fixture
def staff():
    """Members of staff who may propose and approve."""

    def hire(name):
        return User.objects.create_superuser(f"{name}-{new_token()[:8]}", "a long enough password")

    return hire


def change(person, phone, code, grant):
    return change_phone(
        user_id=person.user.pk,
        device_id=person.device.device_id,
        session_id=person.session.pk,
        phone=phone,
        code=code,
        grant=grant,
    )


def proof_for(person, phone):
    """The grant that changing to this number asks for, proven."""
    with pytest.raises(StepUpRequired) as asked:
        change(person, phone, "000000", "")
    grant = new_token()
    StepUpChallenge.objects.filter(public_id=asked.value.detail["challenge_id"]).update(
        state=ChallengeState.PROVEN, grant_hash=token_hash(grant)
    )
    return grant


def moved(user):
    """What a change leaves behind."""
    subject = f"user:{user.pk}"
    return (
        PhoneChange.objects.filter(user=user).count(),
        StoredEvent.objects.filter(name="accounts.phone.changed", aggregate=subject).count(),
        AuditEntry.objects.filter(action="accounts.phone.changed", subject=subject).count(),
    )


def test_a_phone_that_proved_itself_by_its_code_is_bound(sandbox, new_phone, code_for):
    person, phone = logged_in(), new_phone()

    bind_phone_by_code(user_id=person.user.pk, phone=f"+86{phone}", code=code_for(person, phone))

    assert User.objects.get(pk=person.user.pk).phone == phone
    assert holder_of(person.tokens.access_token).phone_bound_at is not None


def test_another_persons_code_binds_nothing(new_phone, code_for):
    person, other, phone = logged_in(), logged_in(), new_phone()
    code = code_for(other, phone)

    with pytest.raises(CodeRefused):
        bind_phone_by_code(user_id=person.user.pk, phone=phone, code=code)

    assert User.objects.get(pk=person.user.pk).phone is None


def test_a_change_needs_both_proofs_and_then_cools_ends_and_tells(
    sandbox, person, new_phone, code_for, outbox
):
    old, new = person.user.phone, new_phone()
    elsewhere = logged_in_again(person)
    code, grant = code_for(person, new), proof_for(person, new)

    change(person, new, code, grant)

    user = User.objects.get(pk=person.user.pk)
    assert user.phone == new
    assert cooldown_of(user.pk, now=clock.now()).reason == "PHONE_CHANGED"
    assert holder_of(person.tokens.access_token).user == user
    with pytest.raises(TokenInvalid):
        holder_of(elsewhere.tokens.access_token)
    assert elsewhere.session.revoke_reason == RevokeReason.PHONE_CHANGED
    assert moved(user) == (1, 1, 1)
    assert PhoneChange.objects.get(user=user).old_phone == old
    outbox.deliver()
    told = sandbox.messages(old)[0]
    assert told["template"] == "phone_changed"
    assert f"{new[:3]}****{new[-4:]}" in told["text"]


def test_a_change_without_the_step_up_spends_no_code(person, new_phone, code_for):
    new = new_phone()
    code = code_for(person, new)
    grant = proof_for(person, new)

    with pytest.raises(StepUpRefused):
        change(person, new, code, "made-up")
    change(person, new, code, grant)

    assert moved(person.user) == (1, 1, 1)


def test_a_step_up_is_for_one_new_number_and_for_one_change(person, new_phone, code_for):
    wanted, other = new_phone(), new_phone()
    grant = proof_for(person, wanted)

    with pytest.raises(StepUpRefused):
        change(person, other, code_for(person, other), grant)
    change(person, wanted, code_for(person, wanted), grant)
    with pytest.raises(StepUpRefused):
        change(person, other, code_for(person, other), grant)

    assert User.objects.get(pk=person.user.pk).phone == wanted


def test_what_is_kept_of_the_operation_does_not_show_the_number(person, new_phone):
    new = new_phone()
    proof_for(person, new)

    facts = StepUpChallenge.objects.filter(user=person.user).latest("pk").facts
    assert new not in str(facts)
    assert facts["payee"] == f"{new[:3]}****{new[-4:]}"


def test_a_new_number_that_is_not_proven_changes_nothing_and_keeps_the_step_up(person, new_phone, code_for):
    new = new_phone()
    grant, code = proof_for(person, new), code_for(person, new)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    with pytest.raises(CodeRefused):
        change(person, new, wrong, grant)
    assert moved(person.user) == (0, 0, 0)

    change(person, new, code, grant)


def test_a_number_of_somebody_else_stays_theirs(person, sandbox, new_phone, code_for):
    theirs, mine = new_phone(), person.user.phone
    other = logged_in().user
    bind_phone(user_id=other.pk, code=sandbox.phone_code(theirs)["code"])
    grant, code = proof_for(person, theirs), code_for(person, theirs)

    with pytest.raises(PhoneAlreadyBound):
        change(person, theirs, code, grant)

    assert User.objects.get(pk=person.user.pk).phone == mine
    assert User.objects.get(pk=other.pk).phone == theirs
    assert moved(person.user) == (0, 0, 0)
    assert cooldown_of(person.user.pk, now=clock.now()) is None


def test_who_has_no_phone_has_none_to_change(new_phone):
    with pytest.raises(PhoneNotBound):
        change(logged_in(), new_phone(), "000000", "")


def test_changed_twenty_times_at_once_it_changes_once(person, new_phone, code_for, in_parallel):
    new = new_phone()
    grant, code = proof_for(person, new), code_for(person, new)

    outcomes = in_parallel([partial(change, person, new, code, grant)] * 20)

    assert any(isinstance(outcome, User) for outcome in outcomes)
    assert moved(person.user) == (1, 1, 1)


def test_a_lost_phone_is_replaced_by_two_of_the_staff(sandbox, person, new_phone, code_for, staff, outbox):
    old, new = person.user.phone, new_phone()
    request = ask(person, new, code_for(person, new))
    outbox.deliver()
    maker, checker = staff("ke"), staff("feng")

    propose_phone_change(request_id=request.pk, reason="已核对最近三笔交易", maker_id=maker.pk)
    proposal = Proposal.objects.get(subject=f"user:{person.user.pk}")
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    assert User.objects.get(pk=person.user.pk).phone == old
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    outbox.deliver()

    assert User.objects.get(pk=person.user.pk).phone == new
    assert PhoneChangeRequest.objects.get(pk=request.pk).state == "DONE"
    assert cooldown_of(person.user.pk, now=clock.now()) is not None
    with pytest.raises(TokenInvalid):  # nobody stays logged in: it may have been a thief who asked
        holder_of(person.tokens.access_token)
    assert [message["template"] for message in sandbox.messages(old)] == ["phone_changed", "phone_requested"]
    assert new not in str(Proposal.objects.values_list("facts", flat=True).get(pk=proposal.pk))


def test_a_number_that_its_owner_gives_up_in_this_moment_proves_nothing_of_them(
    person, new_phone, code_for, in_parallel
):
    old, new, finder, given_up = person.user.phone, new_phone(), logged_in(), threading.Event()
    code = code_for(finder, old)
    WeChatIdentity.objects.create(user=finder.user, appid="wx1", openid=new_token())

    def give_up_slowly():
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=person.user.pk)
            replace_phone(user=user, phone=new, by_staff=False, keep_session_id=None, now=clock.now())
            given_up.set()
            time.sleep(1)

    def find():
        assert given_up.wait(timeout=10)
        return bind_phone_by_code(user_id=finder.user.pk, phone=old, code=code)

    _changed, bound = in_parallel([give_up_slowly, find])

    assert (bound, bound.phone) == (finder.user, old)
    kept = User.objects.get(pk=person.user.pk)
    assert (kept.status, kept.phone) == ("ACTIVE", new)


def test_a_request_is_kept_sealed_and_only_one_is_open(person, new_phone, code_for):
    new = new_phone()
    request = ask(person, new, code_for(person, new))
    other = new_phone()

    with pytest.raises(PhoneRequestOpen):
        ask(person, other, code_for(person, other))

    stored = PhoneChangeRequest.objects.filter(pk=request.pk).values_list()[0]
    assert new.encode() not in b"".join(
        bytes(part) for part in stored if isinstance(part, memoryview | bytes)
    )
    assert (request.phone, request.reason) == (new, "旧手机丢失")


def test_what_its_owner_took_back_is_not_carried_out(person, new_phone, code_for, staff):
    old, new = person.user.phone, new_phone()
    request = ask(person, new, code_for(person, new))
    propose_phone_change(request_id=request.pk, reason="已核对", maker_id=staff("ke").pk)

    withdraw_phone_request(user_id=person.user.pk)

    proposal = Proposal.objects.get(subject=f"user:{person.user.pk}")
    with pytest.raises(StateConflict):
        approve(proposal_id=proposal.pk, checker_id=staff("feng").pk)
    assert User.objects.get(pk=person.user.pk).phone == old
    assert moved(person.user) == (0, 0, 0)


def test_a_refused_request_is_answered_on_the_new_number(sandbox, person, new_phone, code_for, outbox):
    new = new_phone()
    request = ask(person, new, code_for(person, new))
    Job.objects.filter(task="accounts.tell_of_phone_request").delete()

    refuse_phone_request(request_id=request.pk, answer="无法核实是本人")
    outbox.deliver()

    assert sandbox.messages(new)[0]["template"] == "phone_request_refused"
    assert PhoneChangeRequest.objects.get(pk=request.pk).answer == "无法核实是本人"
    assert moved(person.user) == (0, 0, 0)


def ask(person, phone, code):
    return request_phone_change(user_id=person.user.pk, phone=phone, code=code, reason="旧手机丢失")


def logged_in_again(person):
    """The same person on another device."""
    now = clock.now()
    device = Device.objects.create(
        user=person.user, device_id=new_token(), first_seen_at=now, last_seen_at=now
    )
    with transaction.atomic():
        tokens, _ended = issue_session(device=device, now=now)
    return replace(person, device=device, tokens=tokens)
