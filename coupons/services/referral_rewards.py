"""
What a newcomer does is rewarded on both sides, once somebody has judged it.

A step is noted where it is heard of, and judged by a job of its own: the screener is asked outside of
transactions, and its answer stays.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.errors import MoveDelayed, MoveDenied
from accounts.models import User
from accounts.rules.screening import REWARD, Move, Outcome, Standing, Verdict
from accounts.services.screening import screen
from coupons.models import InviteCode, Referral, ReferralProgram, ReferralReward, ReferralStep
from coupons.rules.referrals import STEP_MOVES, ReferralEvent, Side, StepState
from coupons.rules.rings import signs_of, suspicion_of
from coupons.selectors.referrals import is_within_caps
from coupons.selectors.rings import circle_of
from coupons.services.purchases import lock_purchase
from coupons.services.real_people import claim_person
from coupons.services.reward_returns import revoke_rewards
from coupons.services.rewards import give_reward, hold_rewards, release_rewards
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)

ONE_PERSON = "referral"  # what one real person is a newcomer for, once
_PUT_OFF = timedelta(hours=2)
_AT_ONCE = 200


def reach_step(*, user_id: int, event: ReferralEvent, reference: str = "") -> None:
    """
    A newcomer has done something that is rewarded, if somebody brought them. Must be called in a transaction;
    does nothing the second time.
    """
    require_transaction()
    referral = Referral.objects.filter(newcomer=user_id, program__rewards__event=event).first()
    if referral is None:
        return
    now = clock.now()
    step, is_new = ReferralStep.objects.get_or_create(
        referral=referral,
        event=event,
        defaults={
            "inviter_id": referral.inviter_id,
            "reference": reference,
            "reached_at": now,
            "decide_at": now,
        },
    )
    if is_new:
        after_commit("coupons.judge_referral_step", step_id=step.pk)


def reach_top_up(*, user_id: int, amount: Fen, number: str) -> None:
    """The same for a first top-up of as much as its program asks for."""
    referral = Referral.objects.select_related("program").filter(newcomer=user_id).first()
    if referral and amount >= referral.program.least:
        reach_step(user_id=user_id, event=ReferralEvent.FIRST_TOP_UP, reference=number)


def reach_purchase(*, reference: str) -> None:
    """The same for a purchase with enough of one's own money that did not go back."""
    purchase = lock_purchase(reference)
    referral = Referral.objects.select_related("program").filter(newcomer=purchase.user_id).first()
    if referral and purchase.left.own >= max(referral.program.least, 1):
        reach_step(user_id=purchase.user_id, event=ReferralEvent.FIRST_PURCHASE, reference=reference)


def judge_step(*, step_id: int) -> None:
    """
    Reward a step on both sides, hold it, or refuse it; while coupons stand still, later. Not within a
    transaction; harmless twice.
    """
    step = ReferralStep.objects.select_related("referral__newcomer", "inviter").get(pk=step_id)
    now = clock.now()
    if step.state != StepState.REACHED or step.decide_at > now or is_paused(Flow.COUPONS):
        return
    signs = signs_of(circle_of(step.referral, at=now))
    try:
        _ask(step.referral.newcomer, is_final=False, suspicion=0)
        verdict = _ask(step.inviter, is_final=True, suspicion=suspicion_of(signs))
    except MoveDenied:
        _refuse(step.pk, because="账户受限")
    except MoveDelayed:
        _put_off(step_id)
    else:
        _decide(step.pk, verdict, signs=[sign.value for sign in signs])


def judge_steps() -> int:
    """
    Those that were put off, or whose job was lost; returns how many. One that cannot be judged comes last the
    next time.
    """
    due = ReferralStep.objects.filter(state=StepState.REACHED, decide_at__lte=clock.now())
    ids = list(due.order_by("decide_at").values_list("pk", flat=True)[:_AT_ONCE])
    return sweep(ids, _judge, failed="coupons.referral.not_judged")


def decide_held(*, case: str, is_deserved: bool) -> None:
    """
    Somebody has looked at a case: what was held for it is given when its time has come, or never. Must be
    called in a transaction; does nothing the second time, nor for other cases.
    """
    require_transaction()
    steps = ReferralStep.objects.select_for_update(no_key=True).filter(case=case, state=StepState.HELD)
    for step in steps.order_by("pk"):
        if is_deserved:
            release_rewards(sources=step.sources)
            _end(step, StepState.GRANTED)
        else:
            revoke_rewards(sources=step.sources, because="核实未通过")
            _end(step, StepState.REFUSED, because="核实未通过")


def undo_purchase(*, reference: str) -> None:
    """
    A purchase of which less than the least is left was none: neither side keeps anything for it, and no other
    one takes its place. Must be called in a transaction; does nothing the second time.
    """
    purchase = lock_purchase(reference)
    referral = Referral.objects.select_related("program").filter(newcomer=purchase.user_id).first()
    if referral and purchase.left.own < max(referral.program.least, 1):
        undo_step(event=ReferralEvent.FIRST_PURCHASE, reference=reference, because="消费已退款")


def undo_step(*, event: ReferralEvent, reference: str, because: str) -> None:
    """What a step was for is undone, and so is what was given for it. As `undo_purchase`."""
    require_transaction()
    steps = ReferralStep.objects.select_for_update(no_key=True).exclude(state=StepState.REFUSED)
    for step in steps.filter(event=event, reference=reference).order_by("pk"):
        revoke_rewards(sources=step.sources, because=because)
        _end(step, StepState.REFUSED, because=because)


def _judge(step_id: int) -> bool:
    try:
        judge_step(step_id=step_id)
    except Exception:
        _put_off(step_id)
        raise
    return True


def _put_off(step_id: int) -> None:
    reached = ReferralStep.objects.filter(pk=step_id, state=StepState.REACHED)
    reached.update(decide_at=clock.now() + _PUT_OFF)


def _ask(person: User, *, is_final: bool, suspicion: int) -> Verdict:
    """Always the same move of the same person: what is found in one circle is one case."""
    return screen(
        Move(
            operation=REWARD,
            user_id=person.pk,
            is_final=is_final,
            can_wait=True,
            standing=Standing(uid=str(person.uid), registered_at=person.created_at),
            suspicion=suspicion,
        )
    )


@retry_conflicts
def _decide(step_id: int, verdict: Verdict, *, signs: list[str]) -> None:
    with transaction.atomic(durable=True):
        referral = Referral.objects.select_related("program").get(steps=step_id)
        _lock_inviter(referral.inviter_id)
        step = ReferralStep.objects.select_for_update(no_key=True).get(pk=step_id)
        if step.state != StepState.REACHED:
            return
        step.signs = signs
        if not claim_person(user_id=referral.newcomer_id, of=ONE_PERSON):
            _end(step, StepState.REFUSED, because="不是新顾客")
            return
        step.is_capped = not is_within_caps(referral.program, inviter_id=step.inviter_id, at=clock.now())
        for reward in referral.program.rewards.filter(event=step.event):
            if reward.side == Side.NEWCOMER or not step.is_capped:
                _promise(reward, step, referral)
        if verdict.outcome is Outcome.HOLD and verdict.case:
            _hold(step, case=verdict.case)
        else:
            _end(step, StepState.GRANTED)


def _promise(reward: ReferralReward, step: ReferralStep, referral: Referral) -> None:
    give_reward(
        user_id=referral.inviter_id if reward.side == Side.INVITER else referral.newcomer_id,
        terms=reward.reward_terms,
        source=step.source(reward.side),
        title="邀请奖励" if reward.side == Side.INVITER else "新朋友奖励",
        vests_at=_vests_at(step, referral.program),
        reference=step.reference,
    )


def _vests_at(step: ReferralStep, program: ReferralProgram) -> datetime:
    """Never at this very moment: what is held must not have been given."""
    return max(step.reached_at + timedelta(days=program.delay_days), clock.now() + timedelta(minutes=1))


def _hold(step: ReferralStep, *, case: str) -> None:
    """This step and what else the inviter's circle has not been given yet: it is the same question."""
    _end(step, StepState.HELD, case=case)
    others = ReferralStep.objects.select_for_update(no_key=True).filter(
        inviter=step.inviter_id, state=StepState.GRANTED
    )
    hold_rewards(sources=step.sources)
    for other in others.order_by("pk"):
        if hold_rewards(sources=other.sources):
            _end(other, StepState.HELD, case=case)


def _refuse(step_id: int, *, because: str) -> None:
    with transaction.atomic(durable=True):
        step = ReferralStep.objects.select_for_update(no_key=True).get(pk=step_id)
        if step.state == StepState.REACHED:
            _end(step, StepState.REFUSED, because=because)


def _end(step: ReferralStep, state: StepState, *, because: str = "", case: str = "") -> None:
    require_move(STEP_MOVES, step.state, state)
    step.state, step.because, step.decided_at = state, because, step.decided_at or clock.now()
    step.case = case or step.case
    step.save()
    record_audit(
        action="coupons.referral.step",
        subject=f"referral_step:{step.pk}",
        facts={"state": state, "because": because, "signs": step.signs, "case": step.case},
    )


def _lock_inviter(user_id: int) -> None:
    """One step of an inviter after the other, or two at once would both be the last that is allowed."""
    InviteCode.objects.select_for_update(no_key=True).get(user=user_id)
