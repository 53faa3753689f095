"""A newcomer is bound once, rewarded once a real person, and held where people only invite each other."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.errors import MoveDelayed
from accounts.models import User
from coupons.errors import InviteCodeUnknown, InviteNotBound
from coupons.models import (
    InviteCode,
    Referral,
    ReferralProgram,
    ReferralReward,
    ReferralStep,
    Reward,
)
from coupons.rules.referrals import ReferralEvent, StepState
from coupons.rules.rewards import RewardState
from coupons.selectors.referrals import board_of, counts_of, given_to
from coupons.services.campaigns import take_back_for_return
from coupons.services.referral_rewards import (
    judge_steps,
    reach_purchase,
    reach_step,
    undo_purchase,
    undo_step,
)
from coupons.services.referrals import bind_inviter, invite_code_of, join_board
from coupons.services.reward_vesting import vest_rewards
from coupons.tests.referrals import brought_by, judged, program, purchase, somebody
from wallet.models import LedgerAccount
from wallet.services.wallets import open_wallet
from wallet.tests.factories import topped_up
from wallet_project.kit import clock, context

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force(db):
    return program()


@pytest.fixture
def inviter():
    return somebody()


def bought(person, own):
    made = purchase(person, own)
    with transaction.atomic():
        reach_purchase(reference=made.reference)
    return made


def sent_back(made, own):
    made.returned = made.returned_own = own
    made.save()
    with transaction.atomic():
        take_back_for_return(reference=made.reference)
        undo_purchase(reference=made.reference)


def rewards_of(*people):
    found = Reward.objects.filter(user__in=[person.user for person in people])
    return sorted(found.values_list("amount", "state"))


def refusal_of(person, code):
    with pytest.raises(InviteNotBound) as refused:
        bind_inviter(user_id=person.user.pk, code=code)
    assert not Referral.objects.filter(newcomer=person.user).exists()
    return refused.value.detail["reason"]


def test_nobody_is_brought_by_themselves_by_a_later_one_or_too_late(inviter):
    code, late = invite_code_of(inviter.user.pk).code, somebody()
    User.objects.filter(pk=late.user.pk).update(created_at=clock.now() - timedelta(hours=73))

    assert refusal_of(inviter, code) == "OWN_CODE"
    assert refusal_of(inviter, invite_code_of(late.user.pk).code) == "NOT_BEFORE"
    assert refusal_of(late, code) == "TOO_LATE"
    with pytest.raises(InviteCodeUnknown):
        bind_inviter(user_id=late.user.pk, code="ABCD2345")


def test_the_table_keeps_out_circles_and_second_inviters(inviter, in_force):
    newcomer = brought_by(inviter)
    facts = {"program": in_force, "bound_at": clock.now()}

    for wrong in (
        {"inviter": newcomer.user, "newcomer": inviter.user},
        {"inviter": inviter.user, "newcomer": inviter.user},
        {"inviter": inviter.user, "newcomer": newcomer.user},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**wrong, **facts)


def test_both_sides_are_rewarded_after_the_delay_once(inviter):
    newcomer = brought_by(inviter)
    assert judged(newcomer).state == StepState.GRANTED
    bought(newcomer, 12_00)
    bought(newcomer, 40_00)
    assert judged(newcomer, ReferralEvent.FIRST_PURCHASE).state == StepState.GRANTED
    judge_steps()

    assert rewards_of(inviter, newcomer) == [(3_00, "PENDING"), (5_00, "PENDING"), (8_00, "PENDING")]
    with time_machine.travel(clock.now() + timedelta(days=8)):
        vest_rewards()
    assert {reward.state for reward in Reward.objects.all()} == {RewardState.GIVEN}
    assert [(each.pending, each.held, each.given) for each in given_to(inviter.user.pk)] == [(0, 0, 13_00)]
    assert counts_of(inviter.user.pk) == {
        "invited": 1,
        "registered": 1,
        "first_top_up": 0,
        "first_purchase": 1,
    }


def test_buying_and_sending_back_nets_nothing(inviter):
    newcomer = brought_by(inviter)
    judged(newcomer)
    for _again in range(2):
        made = bought(newcomer, 20_00)
        step = judged(newcomer, ReferralEvent.FIRST_PURCHASE)
        sent_back(made, 15_00)  # ¥5 is left, which is no first purchase of ¥10
    step.refresh_from_db()

    assert (step.state, step.because) == (StepState.REFUSED, "消费已退款")
    assert rewards_of(inviter, newcomer) == [(0, "REVOKED"), (0, "REVOKED"), (5_00, "PENDING")]
    owed = LedgerAccount.objects.filter(code="reward_liability").values_list("balance", flat=True)
    assert sum(owed) == 5_00


def test_a_first_top_up_that_is_taken_back_was_none(inviter, in_force):
    ReferralReward.objects.create(
        program=in_force, event=ReferralEvent.FIRST_TOP_UP, side="INVITER", kind="BONUS", amount=2_00
    )
    newcomer = brought_by(inviter)
    with transaction.atomic():
        reach_step(user_id=newcomer.user.pk, event=ReferralEvent.FIRST_TOP_UP, reference="T1")
    assert judged(newcomer, ReferralEvent.FIRST_TOP_UP).state == StepState.GRANTED

    with transaction.atomic():
        undo_step(event=ReferralEvent.FIRST_TOP_UP, reference="T1", because="充值已退款")

    assert rewards_of(inviter) == [(0, "REVOKED")]


def test_a_first_top_up_below_the_programs_least_is_rewarded_on_no_side(inviter, in_force, outbox):
    for side in ("INVITER", "NEWCOMER"):
        ReferralReward.objects.create(
            program=in_force, event=ReferralEvent.FIRST_TOP_UP, side=side, kind="BONUS", amount=2_00
        )
    assert in_force.least == 10_00
    little, enough = brought_by(inviter), brought_by(inviter)
    for newcomer, amount in ((little, 9_99), (enough, 10_00)):
        topped_up(open_wallet(user_id=newcomer.user.pk), amount)
    outbox.deliver()

    assert not ReferralStep.objects.filter(referral__newcomer=little.user, event="FIRST_TOP_UP").exists()
    assert judged(enough, ReferralEvent.FIRST_TOP_UP).state == StepState.GRANTED
    assert rewards_of(little) == []
    assert rewards_of(enough) == [(2_00, "PENDING")]
    assert ReferralProgram.shown(in_force.terms)["首次充值、消费"] == "满 ¥10.00"


def test_the_same_person_again_is_no_newcomer(inviter):
    first, again = brought_by(inviter, device_id="one-phone"), brought_by(somebody(), device_id="one-phone")

    assert judged(first).state == StepState.GRANTED
    step = judged(again)

    assert (step.state, step.because) == (StepState.REFUSED, "不是新顾客")
    assert Reward.objects.count() == 1


def test_an_inviter_is_rewarded_so_many_times_a_day(inviter):
    program(per_day=2)

    steps = [judged(brought_by(inviter)) for _number in range(3)]

    assert [step.is_capped for step in steps] == [False, False, True]
    assert rewards_of(inviter) == [(5_00, "PENDING"), (5_00, "PENDING")]


def test_a_script_that_binds_from_one_place_is_put_off(inviter):
    code = invite_code_of(inviter.user.pk).code
    with context.acting(ip="198.51.100.9"):
        for _number in range(20):
            bind_inviter(user_id=somebody().user.pk, code=code)
        with pytest.raises(MoveDelayed):
            bind_inviter(user_id=somebody().user.pk, code=code)

    assert Referral.objects.filter(inviter=inviter.user).count() == 20


def test_on_the_board_stands_who_wants_to_and_masked(inviter):
    shy, month = somebody(), clock.business_month(clock.now())
    User.objects.filter(pk=inviter.user.pk).update(nickname="欧阳娜")
    for person in (inviter, shy):
        judged(brought_by(person))
    assert board_of(month, viewer_id=shy.user.pk) == []

    join_board(user_id=inviter.user.pk, joins=True)

    [place] = board_of(month, viewer_id=shy.user.pk)
    assert (place.rank, place.name, place.count, place.is_me) == (1, "欧*", 1, False)
    assert InviteCode.objects.filter(is_on_board=True).count() == 1


def test_a_step_that_cannot_be_judged_keeps_no_other_waiting():
    program()
    inviter, other = somebody(), somebody()
    steps = [ReferralStep.objects.get(referral__newcomer=brought_by(one).user) for one in (inviter, other)]
    InviteCode.objects.filter(user=inviter.user).update(
        user=somebody().user
    )  # as if something had gone wrong
    for _again in range(2):
        judge_steps()

    for step in steps:
        step.refresh_from_db()
    assert [step.state for step in steps] == [StepState.REACHED, StepState.GRANTED]
