"""Small payments without a PIN: the customer's wish, within their caps, to the fen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.errors import PinNotSet, SmallPaymentsOutOfRange, StepUpRefused, StepUpRequired
from accounts.models import DailySpending, Device, SmallPayments
from accounts.rules.step_up import Operation
from accounts.selectors.small_payments import allowance_of
from accounts.services.small_payments import allow_small_payments, stop_small_payments
from accounts.services.step_up import authorise, spend_authorisation
from accounts.tests.factories import grant_for, logged_in, with_pin
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

COFFEE = Operation(kind="order.pay", amount=Fen(30_00), facts={"order": "O1", "payee": "人民路店"})


def somebody():
    person = with_pin(logged_in())
    long_ago = clock.now() - timedelta(days=9)
    Device.objects.filter(pk=person.device.pk).update(first_seen_at=long_ago)
    return person


def allow(person, *, per_payment=50_00, per_day=100_00, grant=None):
    if grant is None:
        wanted = Operation(
            kind="small_payments.allow", amount=Fen(per_payment), facts={"per_day": str(per_day)}
        )
        grant = grant_for(person, wanted)
    return allow_small_payments(
        user_id=person.user.pk,
        device_id=person.device.device_id,
        per_payment=Fen(per_payment),
        per_day=Fen(per_day),
        grant=grant,
    )


def pay(person, operation=COFFEE):
    leave = authorise(
        user_id=person.user.pk, device_id=person.device.device_id, operation=operation, grant=""
    )
    with transaction.atomic():
        spend_authorisation(leave)


def asks_for_a_pin(person, operation=COFFEE):
    with pytest.raises(StepUpRequired) as asked:
        pay(person, operation)
    return asked.value.detail["factors"] == [["PIN"]]


@pytest.mark.django_db
def test_they_are_off_until_the_customer_proves_their_wish():
    person = somebody()
    assert asks_for_a_pin(person)
    with pytest.raises(StepUpRequired):
        allow(person, grant="")

    allow(person)

    pay(person)
    assert allowance_of(person.user.pk, at=clock.now()).spent_today == 30_00


@pytest.mark.django_db
def test_the_proof_is_for_these_caps_and_no_others():
    person = somebody()
    modest = Operation(kind="small_payments.allow", amount=Fen(10_00), facts={"per_day": "1000"})

    with pytest.raises(StepUpRefused):
        allow(person, per_payment=200_00, per_day=500_00, grant=grant_for(person, modest))

    assert not SmallPayments.objects.exists()


@pytest.mark.django_db
def test_whoever_has_no_pin_cannot_do_without_it():
    with pytest.raises(PinNotSet):
        allow(logged_in(), grant="")


@pytest.mark.django_db
@pytest.mark.parametrize(("per_payment", "per_day"), [(200_01, 500_00), (100_00, 500_01), (100_00, 99_99)])
def test_nobody_chooses_more_than_the_house_allows(per_payment, per_day):
    person = somebody()

    with pytest.raises(SmallPaymentsOutOfRange) as refused:
        allow(person, per_payment=per_payment, per_day=per_day, grant="")

    assert refused.value.detail == {"per_payment_up_to": 200_00, "per_day_up_to": 500_00}


@pytest.mark.django_db
def test_beyond_a_cap_the_pin_is_asked_for():
    person = somebody()
    allow(person)

    assert asks_for_a_pin(person, replace(COFFEE, amount=Fen(50_01)))
    for _ in range(3):
        pay(person)
    assert asks_for_a_pin(person)
    pay(person, replace(COFFEE, amount=Fen(10_00)))
    assert allowance_of(person.user.pk, at=clock.now()).spent_today == 100_00


@pytest.mark.django_db
def test_on_a_new_device_the_pin_is_asked_for():
    person = with_pin(logged_in())
    allow(person)

    assert asks_for_a_pin(person)


@pytest.mark.django_db
def test_they_end_at_once():
    person = somebody()
    allow(person)

    stop_small_payments(user_id=person.user.pk)

    assert asks_for_a_pin(person)


@pytest.mark.committed
def test_payments_at_the_same_moment_do_not_pass_the_cap_together(committed_db, in_parallel):
    person = somebody()
    allow(person)

    outcomes = in_parallel([lambda: pay(person)] * 16)

    assert outcomes.count(None) == 3
    assert all(isinstance(answer, StepUpRefused | StepUpRequired) for answer in outcomes if answer)
    spent = DailySpending.objects.get(user=person.user)
    assert (spent.total, spent.without_pin) == (90_00, 90_00)
