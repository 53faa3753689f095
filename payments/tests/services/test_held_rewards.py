"""Rewards of people who invite each other only for them wait for a person to look."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from coupons.models import ReferralStep, Reward
from coupons.rules.referrals import StepState
from coupons.services.reward_vesting import vest_rewards
from coupons.tests.referrals import brought_by, judged, program, somebody
from payments.events import RiskCaseClosed
from payments.listeners import held_rewards_go_on_or_fall_away
from payments.models import RiskCase, RiskListEntry
from payments.services.risk_cases import confirm, let_go
from payments.tests.factories import staff_member
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def inviter():
    program()
    return somebody()


def rewards_of(person):
    return sorted(Reward.objects.filter(user=person.user).values_list("amount", "state"))


@pytest.mark.parametrize("deserved", [True, False])
def test_a_ring_is_held_until_somebody_has_looked(inviter, deserved):
    friend = brought_by(inviter)
    assert judged(friend).state == StepState.GRANTED
    other_self = brought_by(inviter, device_id=inviter.device.device_id)

    step = judged(other_self)

    case = RiskCase.objects.get(user=inviter.user)
    assert (step.state, step.case, step.signs) == (StepState.HELD, case.number, ["SAME_DEVICE"])
    assert rewards_of(inviter) == [(5_00, "HELD"), (5_00, "HELD")]
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert vest_rewards() == 0

    decide = {"number": case.number, "staff_id": staff_member().pk, "conclusion": "看过了"}
    let_go(**decide) if deserved else confirm(**decide, freeze=None)
    case.refresh_from_db()
    with transaction.atomic():
        held_rewards_go_on_or_fall_away(
            RiskCaseClosed(number=case.number, user_id=inviter.user.pk, kind=case.kind, state=case.state)
        )

    expected = (5_00, "PENDING") if deserved else (0, "REVOKED")
    assert rewards_of(inviter) == [expected, expected]
    assert set(ReferralStep.objects.values_list("state", flat=True)) == {"GRANTED" if deserved else "REFUSED"}


def test_whoever_is_on_the_deny_list_is_rewarded_for_nobody(inviter):
    newcomer = brought_by(inviter)
    RiskListEntry.objects.create(
        kind="USER",
        value=newcomer.user.uid,
        list="DENY",
        reason="试",
        added_at=clock.now(),
        added_by="staff:1",
    )

    step = judged(newcomer)

    assert (step.state, step.because) == (StepState.REFUSED, "账户受限")
    assert not Reward.objects.exists()
