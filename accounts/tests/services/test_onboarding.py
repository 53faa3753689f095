"""The first steps of a new customer."""

import pytest
from django.db import transaction

from accounts.events import KycLevelChanged, PhoneBound, PinSet
from accounts.models import OnboardingProgress, OnboardingStep
from accounts.selectors.onboarding import onboarding_of
from accounts.services.onboarding import complete_step
from accounts.tests.factories import logged_in
from payments.events import OrderPaid
from wallet.events import TopUpCredited
from wallet_project.kit.events import publish
from wallet_project.kit.models import StoredEvent


def do(user_id: int, key: str) -> None:
    with transaction.atomic():
        complete_step(user_id=user_id, key=key)


def finishes_of(user_id: int) -> int:
    return StoredEvent.objects.filter(
        name="accounts.onboarding.finished", aggregate=f"user:{user_id}"
    ).count()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "key"),
    [
        (lambda user_id: PhoneBound(user_id=user_id), "bind_phone"),
        (lambda user_id: PinSet(user_id=user_id), "set_pin"),
        (lambda user_id: TopUpCredited(number="R1", user_id=user_id, amount=1), "first_top_up"),
        (
            lambda user_id: OrderPaid(
                order_no="O1", payer_id=user_id, amount=1, discount=0, from_balance=1, from_channel=0
            ),
            "first_payment",
        ),
        (
            lambda user_id: KycLevelChanged(user_id=user_id, old_level=1, new_level=2, reason="VERIFIED"),
            "real_name",
        ),
    ],
)
def test_what_a_customer_does_completes_its_step(outbox, event, key: str):
    user_id = logged_in().user.pk
    with transaction.atomic():
        publish(event(user_id))

    outbox.deliver()

    standing = onboarding_of(user_id)
    assert [each.step.key for each in standing.steps if each.done_at] == [key]
    assert (standing.done, standing.total, standing.finished_at) == (1, 6, None)


@pytest.mark.django_db
def test_a_step_counts_once_and_the_last_one_finishes_for_good():
    user_id = logged_in().user.pk
    keys = list(OnboardingStep.objects.values_list("key", flat=True))

    for key in [*keys, *keys]:
        do(user_id, key)

    assert onboarding_of(user_id).finished_at
    assert (OnboardingProgress.objects.filter(user=user_id).count(), finishes_of(user_id)) == (6, 1)

    OnboardingStep.objects.create(key="later", title="后来的", text="后来加的一步")
    do(user_id, "later")

    assert finishes_of(user_id) == 1


@pytest.mark.django_db
def test_a_step_that_is_switched_off_is_neither_shown_nor_waited_for():
    user_id = logged_in().user.pk
    OnboardingStep.objects.exclude(key="set_pin").update(is_active=False)

    do(user_id, "set_pin")
    do(user_id, "no-such-step")

    standing = onboarding_of(user_id)
    assert (standing.done, standing.total) == (1, 1)
    assert standing.finished_at


@pytest.mark.committed
def test_the_last_two_steps_at_once_finish_once(committed_db, in_parallel):
    people = [logged_in().user.pk for _ in range(4)]
    first, *others, last = OnboardingStep.objects.values_list("key", flat=True)
    for user_id in people:
        for key in others:
            do(user_id, key)

    in_parallel([lambda u=user_id, k=key: do(u, k) for user_id in people for key in (first, last)], threads=8)

    assert [finishes_of(user_id) for user_id in people] == [1, 1, 1, 1]
