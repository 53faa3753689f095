"""The level that money is moved at: one question, and it stays what it is until the money has moved."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import RealName, User
from accounts.rules.kyc import ChangeReason, KycLevel
from accounts.services.kyc_levels import hold_level, lower_level
from accounts.tests.factories import with_level
from wallet_project.kit import clock


def held(user):
    with transaction.atomic():
        return hold_level(user.pk)


def lowered(user):
    with transaction.atomic():
        return lower_level(user_id=user.pk, reason=ChangeReason.RISK)


@pytest.mark.django_db
@pytest.mark.parametrize("level", KycLevel)
def test_every_level_is_held_by_one_statement(level, django_assert_num_queries):
    user = with_level(User.objects.create_user(), level)

    with transaction.atomic(), django_assert_num_queries(1):
        assert hold_level(user.pk) == level


@pytest.mark.django_db
def test_with_the_day_after_its_last_an_id_card_says_nothing():
    user, today = with_level(User.objects.create_user(), KycLevel.III), clock.business_day(clock.now())

    RealName.objects.filter(user=user).update(valid_until=today)
    assert held(user) == KycLevel.III

    RealName.objects.filter(user=user).update(valid_until=today - timedelta(days=1))
    assert held(user) == KycLevel.I


@pytest.mark.committed
def test_whoever_waits_for_a_level_reads_what_has_become_of_it(hands):
    user = with_level(User.objects.create_user(), KycLevel.III)
    clerk, payer = hands

    clerk.does(lambda: lowered(user))
    step = payer.starts(lambda: held(user))
    waited = payer.is_seen_waiting(step)
    clerk.commits()

    assert (waited, step.result(timeout=10)) == (True, KycLevel.I)


@pytest.mark.committed
def test_two_moves_of_one_person_come_one_after_the_other(hands):
    user = with_level(User.objects.create_user(), KycLevel.II)
    first, second = hands

    first.does(lambda: held(user))
    step = second.starts(lambda: held(user))
    waited = second.is_seen_waiting(step)
    first.commits()

    assert (waited, step.result(timeout=10)) == (True, KycLevel.II)
