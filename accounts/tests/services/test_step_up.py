"""Leave to do one operation: asked for, proven, spent once, and good for nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.errors import FactorMissing, OperationRefused, PinNotSet, StepUpRefused, StepUpRequired
from accounts.models import DailySpending, Device, StepUpChallenge, StepUpPolicy
from accounts.rules.step_up import Operation
from accounts.services.proofs import prove_by_pin
from accounts.services.step_up import authorise, spend_authorisation
from accounts.tests.factories import PIN, grant_for, logged_in, with_pin
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

FIRST_PIN = Operation(kind="pin.set")
COFFEE = Operation(kind="order.pay", amount=Fen(35_00), facts={"order": "O1", "payee": "人民路店"})


@pytest.fixture
def person(db):
    return with_pin(logged_in())


def wish(person, operation=COFFEE, grant=""):
    return authorise(
        user_id=person.user.pk, device_id=person.device.device_id, operation=operation, grant=grant
    )


def spend(leave):
    with transaction.atomic():
        spend_authorisation(leave)


def refused(person, operation=COFFEE):
    with pytest.raises(StepUpRequired) as asked:
        wish(person, operation)
    return asked.value.detail


def known_for_long(person):
    Device.objects.filter(pk=person.device.pk).update(first_seen_at=clock.now() - timedelta(days=30))


def test_an_operation_without_proof_is_told_what_to_prove(person):
    detail = refused(person)

    challenge = StepUpChallenge.objects.get(public_id=detail["challenge_id"])
    assert detail["operation"] == "支付订单 ¥35.00 人民路店"
    assert (detail["amount"], detail["factors"], detail["expires_in"]) == (3500, [["PIN"]], 120)
    assert len(detail["soter_challenge"]) == 43
    assert (challenge.state, challenge.user_id, challenge.device_id) == (
        "OPEN",
        person.user.pk,
        person.device.pk,
    )


def test_a_grant_works_once(person):
    leave = wish(person, grant=grant_for(person, COFFEE))

    spend(leave)

    with pytest.raises(StepUpRefused):
        spend(leave)
    assert DailySpending.objects.get(user=person.user).total == 35_00


def test_a_grant_is_not_spent_by_an_operation_that_did_not_happen(person):
    grant = grant_for(person, COFFEE)
    leave = wish(person, grant=grant)
    with transaction.atomic():
        spend_authorisation(leave)
        transaction.set_rollback(True)

    spend(wish(person, grant=grant))

    assert DailySpending.objects.get(user=person.user).total == 35_00


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": Fen(35_01)},
        {"facts": {"order": "O2", "payee": "人民路店"}},
        {"facts": {"order": "O1", "payee": "滨江店"}},
        {"kind": "wallet.transfer"},
    ],
)
def test_a_grant_is_good_for_nothing_else(person, changed):
    grant = grant_for(person, COFFEE)

    with pytest.raises(StepUpRefused):
        wish(person, replace(COFFEE, **changed), grant=grant)

    assert StepUpChallenge.objects.get().state == "PROVEN"


def test_a_grant_is_good_for_nobody_else_and_on_no_other_device(person):
    grant, other = grant_for(person, COFFEE), with_pin(logged_in())
    second = Device.objects.create(
        user=person.user, device_id="second", first_seen_at=clock.now(), last_seen_at=clock.now()
    )

    with pytest.raises(StepUpRefused):
        wish(other, grant=grant)
    with pytest.raises(StepUpRefused):
        wish(replace(person, device=second), grant=grant)


def test_a_grant_dies_after_two_minutes(person):
    grant = grant_for(person, COFFEE)
    leave = wish(person, grant=grant)

    with time_machine.travel(clock.now() + timedelta(seconds=121)):
        with pytest.raises(StepUpRefused):
            wish(person, grant=grant)
        with pytest.raises(StepUpRefused):
            spend(leave)

    assert not DailySpending.objects.exists()


@pytest.mark.parametrize(
    ("amount", "spent", "factors"),
    [
        (200_00, 0, [["PIN"]]),
        (200_01, 0, [["PIN", "SOTER"], ["PIN", "SMS"]]),
        (100_00, 950_00, [["PIN", "SMS"]]),
        (5_000_00, 0, [["PIN", "SMS"]]),
    ],
)
def test_on_a_new_device_more_money_asks_for_more_proof(person, amount, spent, factors):
    person.user.set_phone("13800138000", at=clock.now() - timedelta(days=9))
    person.user.save()
    day = clock.business_day(clock.now())
    DailySpending.objects.create(user=person.user, kind="order.pay", day=day, total=spent)

    assert refused(person, replace(COFFEE, amount=Fen(amount)))["factors"] == factors


def test_a_known_device_pays_more_with_a_pin_alone(person):
    known_for_long(person)

    assert refused(person, replace(COFFEE, amount=Fen(1_000_00)))["factors"] == [["PIN"]]


def test_beyond_the_day_nothing_helps(person):
    with pytest.raises(OperationRefused) as refusal:
        wish(person, replace(COFFEE, amount=Fen(5_000_01)))

    assert refusal.value.detail == {"until": None, "spent_today": 0}
    assert not StepUpChallenge.objects.exists()


def test_payments_side_by_side_do_not_pass_the_day_together(person):
    known_for_long(person)
    big = replace(COFFEE, amount=Fen(600_00))
    first = wish(person, big, grant=grant_for(person, big))
    second = wish(person, big, grant=grant_for(person, big))

    spend(first)

    with pytest.raises(StepUpRefused):
        spend(second)
    assert DailySpending.objects.get(user=person.user).total == 600_00


def test_without_a_pin_no_money_moves(db):
    with pytest.raises(PinNotSet):
        wish(logged_in())


def test_money_that_needs_a_text_message_needs_a_phone(person):
    with pytest.raises(FactorMissing):
        wish(person, Operation(kind="wallet.withdraw", amount=Fen(100)))


def test_where_no_money_moves_a_fresh_wechat_login_stands_in_for_what_is_missing(person):
    export = Operation(kind="data.export")

    assert refused(person, export)["factors"] == [["PIN", "WECHAT"]]
    assert refused(logged_in(), export)["factors"] == [["WECHAT"]]


def test_a_pin_reset_never_loses_one_of_its_two_proofs(person):
    with pytest.raises(FactorMissing):
        wish(person, Operation(kind="pin.reset"))


def test_a_phone_bound_after_the_pin_is_suspicious_for_a_day(person):
    person.user.set_phone("13800138000", at=clock.now())
    person.user.save()

    with pytest.raises(OperationRefused):
        wish(person, Operation(kind="pin.reset"))
    with time_machine.travel(clock.now() + timedelta(hours=24)):
        assert refused(person, Operation(kind="pin.reset"))["factors"] == [["SMS", "WECHAT"]]


def test_whoever_just_put_a_phone_on_an_account_sets_no_pin_with_that_phone_alone(db):
    by_wechat = logged_in()
    by_wechat.user.set_phone("13800138000", at=clock.now())
    by_wechat.user.save()

    assert refused(by_wechat, FIRST_PIN)["factors"] == [["SMS", "WECHAT"]]
    with time_machine.travel(clock.now() + timedelta(hours=24)):
        assert refused(by_wechat, FIRST_PIN)["factors"] == [["SMS"]]


def test_whoever_came_by_phone_sets_a_pin_with_that_phone(db):
    by_phone = logged_in()
    by_phone.user.set_phone("13800138000", at=by_phone.user.created_at)
    by_phone.user.save()

    assert refused(by_phone, FIRST_PIN)["factors"] == [["SMS"]]


def test_proving_one_factor_again_does_not_make_the_others_last_longer(person):
    grant_for(person, COFFEE)
    challenge = StepUpChallenge.objects.get()
    until = challenge.expires_at

    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        again = prove_by_pin(
            user_id=person.user.pk,
            device_id=person.device.device_id,
            challenge_id=challenge.public_id,
            pin=PIN,
        )

    assert again.grant
    assert again.challenge.expires_at == until


def test_a_policy_can_be_turned_without_a_new_version(person):
    StepUpPolicy.objects.filter(kind="order.pay").update(factors="REFUSE")

    with pytest.raises(OperationRefused):
        wish(person)
