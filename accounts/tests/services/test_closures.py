"""Leave: say why, confirm, think again, be gone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.errors import (
    ClosureBlocked,
    ClosureNotBegun,
    ClosureTermsChanged,
    StepUpRequired,
    TokenInvalid,
)
from accounts.models import ClosureRequest, KeyDestroyed, PaymentPin, SaveOffer, User, WeChatIdentity
from accounts.rules.step_up import Operation
from accounts.selectors.sessions import holder_of
from accounts.services import closures
from accounts.services.freezing import freeze_user
from accounts.services.phone_requests import carry_out_phone_request
from accounts.tests.factories import LoggedIn, grant_for, logged_in, phone_request, with_pin
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import Leg, top_up_legs
from wallet.services.ledger import post_journal
from wallet.services.wallets import open_wallet
from wallet.tests.factories import amounts_in
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.models import StoredEvent


@pytest.fixture
def leaver(db: None) -> LoggedIn:
    """Somebody with a phone, a PIN, a nickname of their own and an empty wallet."""
    person = with_pin(logged_in(nickname="小满的钱包"))
    person.user.set_phone("13800138000", at=clock.now() - timedelta(days=40))
    person.user.save()
    WeChatIdentity.objects.create(user=person.user, appid="wx1", openid=f"o-{person.user.pk}", unionid="u-1")
    open_wallet(user_id=person.user.pk)
    return person


def give(person: LoggedIn, *, principal: int = 0, bonus: int = 0) -> Any:
    wallet = open_wallet(user_id=person.user.pk)
    if principal:
        legs = top_up_legs(wallet_id=wallet.pk, amount=principal)
        post_journal(kind=JournalKind.TOP_UP, key=f"t:{principal}:{wallet.pk}", legs=legs)
    if bonus:
        legs = [Leg("promotion_cost", -bonus), Leg("bonus", bonus, wallet.pk)]
        post_journal(kind="promotion", key=f"b:{bonus}:{wallet.pk}", legs=legs)
    return wallet


def begin(person: LoggedIn, **more: str) -> ClosureRequest:
    return closures.begin_closure(user_id=person.user.pk, **{"reason": "NOT_USED", **more})


def confirm(person: LoggedIn, *, gives_up: int = 0, grant: str | None = None) -> ClosureRequest:
    if grant is None:
        grant = grant_for(person, Operation(kind="account.close", amount=gives_up))
    return closures.confirm_closure(
        user_id=person.user.pk, device_id=person.device.device_id, grant=grant, gives_up=gives_up
    )


def cool(person: LoggedIn, *, gives_up: int = 0) -> ClosureRequest:
    """Their time to think again is over."""
    begin(person)
    request = confirm(person, gives_up=gives_up)
    ClosureRequest.objects.filter(pk=request.pk).update(due_at=clock.now())
    return request


def state_of(request: ClosureRequest) -> str:
    return ClosureRequest.objects.values_list("state", flat=True).get(pk=request.pk)


def test_whoever_confirms_has_a_week_to_think_again(leaver):
    begin(leaver)

    request = confirm(leaver)

    assert request.due_at - request.confirmed_at == timedelta(days=7)
    assert closures.close_account(request_id=request.pk) is False
    assert User.objects.get(pk=leaver.user.pk).status == "ACTIVE"
    assert StoredEvent.objects.filter(name="accounts.closure.confirmed").count() == 1


def test_nobody_leaves_without_a_reason_or_without_proof(leaver):
    with pytest.raises(ClosureNotBegun):
        confirm(leaver, grant="")

    request = begin(leaver)
    with pytest.raises(StepUpRequired) as asked:
        confirm(leaver, grant="")

    assert asked.value.detail["factors"] == [["PIN", "SMS"]]
    assert state_of(request) == "OPEN"


def test_what_blocks_is_named_and_what_is_lost_is_agreed_to_the_fen(leaver):
    give(leaver, principal=10_000, bonus=500)
    begin(leaver)

    with pytest.raises(ClosureBlocked) as blocked:
        confirm(leaver, gives_up=500)

    [blocker] = blocked.value.detail["blockers"]
    assert (blocker["code"], blocker["amount"]) == ("BALANCE_LEFT", 10_000)
    assert "退回" in blocker["how"]


@pytest.mark.parametrize("gives_up", [0, 499, 501])
def test_consent_to_another_amount_is_no_consent(leaver, gives_up: int):
    give(leaver, bonus=500)
    request = begin(leaver)

    with pytest.raises(ClosureTermsChanged) as refusal:
        confirm(leaver, gives_up=gives_up)

    assert refusal.value.detail == {"gives_up": 500}
    assert state_of(request) == "OPEN"


def test_telling_the_reason_again_is_one_request_with_the_new_reason(leaver):
    first = begin(leaver, reason="NOT_USED")

    second = begin(leaver, reason="TROUBLE", comment="总是打不开")

    assert (first.pk, second.reason) == (second.pk, "TROUBLE")
    assert second.offer == SaveOffer.objects.get(reason="TROUBLE")
    assert closures.comment_of(second) == "总是打不开"
    assert "打不开" not in str(bytes(ClosureRequest.objects.get(pk=second.pk).comment_sealed))


def test_an_offer_that_is_accepted_keeps_the_customer(leaver):
    request = begin(leaver, reason="TROUBLE")

    closures.answer_offer(user_id=leaver.user.pk, answer="ACCEPTED")

    request.refresh_from_db()
    assert (request.state, request.offer_answer) == ("CANCELLED", "ACCEPTED")
    assert request.offer_shown_at
    with pytest.raises(ClosureNotBegun):
        closures.answer_offer(user_id=leaver.user.pk, answer="DECLINED")


def test_an_offer_that_is_declined_is_answered_once(leaver):
    request = begin(leaver, reason="TROUBLE")

    closures.answer_offer(user_id=leaver.user.pk, answer="DECLINED")
    with pytest.raises(StateConflict):
        closures.answer_offer(user_id=leaver.user.pk, answer="ACCEPTED")

    request.refresh_from_db()
    assert (request.state, request.offer_answer) == ("OPEN", "DECLINED")


def test_whoever_changes_their_mind_stays_as_they_were(leaver):
    request = cool(leaver)

    closures.cancel_closure(user_id=leaver.user.pk)

    assert closures.close_account(request_id=request.pk) is False
    assert state_of(request) == "CANCELLED"
    assert holder_of(leaver.tokens.access_token).user_id == leaver.user.pk
    assert User.objects.get(pk=leaver.user.pk).phone == "13800138000"


def test_an_account_that_closes_leaves_nobody_behind(leaver):
    wallet = give(leaver, principal=40, bonus=500)
    request = cool(leaver, gives_up=540)

    assert closures.close_account(request_id=request.pk) is True
    assert closures.close_account(request_id=request.pk) is False

    user = User.objects.get(pk=leaver.user.pk)
    assert (user.status, user.nickname, user.phone, user.phone_index) == ("CLOSED", "已注销用户", None, None)
    with pytest.raises(KeyDestroyed):
        user.personal_key.seal("x", column="x")
    identity = WeChatIdentity.objects.get(user=user)
    assert identity.openid.startswith("left-")
    assert (identity.unionid, identity.detached_at is None) == ("", False)
    assert not PaymentPin.objects.filter(user=user).exists()
    assert amounts_in(wallet) == {}
    assert open_wallet(user_id=user.pk).is_closed
    assert state_of(request) == "CLOSED"
    assert StoredEvent.objects.filter(name="accounts.account.closed").count() == 1


@pytest.mark.committed
def test_tokens_die_at_once_though_they_are_remembered(committed_db):
    person = with_pin(logged_in())
    token = person.tokens.access_token
    assert holder_of(token).user_id == person.user.pk
    request = cool(person)

    closures.close_account(request_id=request.pk)

    with pytest.raises(TokenInvalid):
        holder_of(token)


def test_nobody_decides_about_the_phone_of_somebody_who_has_left(leaver):
    asked = phone_request(leaver.user, phone="13900139000")
    request = cool(leaver)

    closures.close_account(request_id=request.pk)

    asked.refresh_from_db()
    assert asked.state == "WITHDRAWN"
    with pytest.raises(StateConflict), transaction.atomic():
        carry_out_phone_request(request_id=asked.pk)


def test_what_came_up_while_it_cooled_refuses_the_closing(leaver):
    request = cool(leaver)
    wallet = give(leaver, principal=10_000)

    assert closures.close_account(request_id=request.pk) is False

    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("REFUSED", "BALANCE_LEFT")
    assert User.objects.get(pk=leaver.user.pk).status == "ACTIVE"
    assert amounts_in(wallet) == {"principal": (10_000, 0)}
    assert StoredEvent.objects.get(name="accounts.closure.refused").payload["codes"] == ["BALANCE_LEFT"]


def test_nobody_loses_more_than_they_agreed_to(leaver):
    request = cool(leaver)
    wallet = give(leaver, bonus=1)

    closures.close_account(request_id=request.pk)

    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("REFUSED", "MORE_TO_GIVE_UP")
    assert amounts_in(wallet) == {"bonus": (1, 0)}


def test_an_account_that_was_frozen_meanwhile_does_not_close(leaver):
    request = cool(leaver)
    freeze_user(user_id=leaver.user.pk, reason="涉嫌盗用")

    closures.close_account(request_id=request.pk)

    assert state_of(request) == "REFUSED"
    assert User.objects.get(pk=leaver.user.pk).status == "FROZEN"


@pytest.mark.committed
def test_many_sweeps_and_a_change_of_mind_at_once_end_in_one_way(committed_db, in_parallel):
    people = [with_pin(logged_in()) for _ in range(4)]
    requests = [cool(person) for person in people]

    in_parallel(
        [
            call
            for person, request in zip(people, requests, strict=True)
            for call in (
                lambda request=request: closures.close_account(request_id=request.pk),
                lambda person=person: closures.cancel_closure(user_id=person.user.pk),
                lambda request=request: closures.close_account(request_id=request.pk),
            )
        ],
        threads=12,
    )

    for request in requests:
        user = User.objects.get(pk=request.user_id)
        assert (state_of(request), user.status) in {("CLOSED", "CLOSED"), ("CANCELLED", "ACTIVE")}


def test_a_reason_nobody_came_back_for_lapses(leaver):
    request = begin(leaver)
    now = clock.now()

    assert closures.lapse_forgotten_closures(at=now + timedelta(days=29)) == 0
    assert closures.lapse_forgotten_closures(at=now + timedelta(days=31)) == 1

    assert state_of(request) == "LAPSED"
