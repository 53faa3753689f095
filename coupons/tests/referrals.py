"""A referral program in force, and people who bring others."""

from datetime import timedelta

from accounts.rules.kyc import KycLevel
from accounts.tests.factories import logged_in, with_level
from coupons.models import (
    Channel,
    ChannelCost,
    ChannelKind,
    Purchase,
    ReferralProgram,
    ReferralReward,
    ReferralStep,
)
from coupons.rules.referrals import ReferralEvent, Side
from coupons.rules.rewards import RewardKind
from coupons.services.referral_rewards import judge_step
from coupons.services.referrals import bind_inviter, invite_code_of
from wallet.services.wallets import open_wallet
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock, context

ORDERS = iter(range(1, 10**9))


def program(**terms):
    """Whoever brings somebody gets ¥5, and ¥8 for their first purchase of ¥10, for which they get ¥3."""
    ReferralProgram.objects.filter(state=AgreedState.LIVE).update(state=AgreedState.RETIRED)
    made = ReferralProgram.objects.create(
        **{"name": "邀请有礼", "least": 10_00, "state": AgreedState.LIVE, "live_at": clock.now(), **terms}
    )
    for event, side, amount in (
        (ReferralEvent.REGISTERED, Side.INVITER, 5_00),
        (ReferralEvent.FIRST_PURCHASE, Side.INVITER, 8_00),
        (ReferralEvent.FIRST_PURCHASE, Side.NEWCOMER, 3_00),
    ):
        ReferralReward.objects.create(
            program=made, event=event, side=side, kind=RewardKind.BONUS, amount=amount, days=30
        )
    return made


def somebody():
    person = logged_in()
    open_wallet(user_id=person.user.pk)
    return person


def brought_by(inviter, *, ip="", device_id=""):
    """A newcomer from an address and a device, with a phone, bound to the inviter."""
    newcomer = somebody()
    if device_id:
        newcomer.device.device_id = device_id
        newcomer.device.save()
    with_level(newcomer.user, KycLevel.I)
    with context.acting(ip=ip or f"10.{newcomer.user.pk % 250}.{newcomer.user.pk // 250 % 250}.7"):
        bind_inviter(user_id=newcomer.user.pk, code=invite_code_of(inviter.user.pk).code)
    return newcomer


def judged(newcomer, event=ReferralEvent.REGISTERED):
    step = ReferralStep.objects.get(referral__newcomer=newcomer.user, event=event)
    judge_step(step_id=step.pk)
    step.refresh_from_db()
    return step


def purchase(person, own, *, days_ago=0):
    return Purchase.objects.create(
        user=person.user,
        reference=f"O-test-{person.user.pk}-{next(ORDERS)}",
        kind="STORE",
        place="store:test",
        title="咖啡",
        amount=own,
        own=own,
        given=0,
        discount=0,
        paid_at=clock.now() - timedelta(days=days_ago),
    )


def has_referrals(user, mark):
    """Somebody whom they brought, by the program in force, and a channel that costs something."""
    program()
    newcomer = somebody()
    with_level(newcomer.user, KycLevel.I)
    with context.acting(ip="10.1.1.7"):
        bind_inviter(user_id=newcomer.user.pk, code=invite_code_of(user.pk).code)
    channel = Channel.objects.create(code=f"C{mark}"[:16].upper(), name="咖啡日记", kind=ChannelKind.KOL)
    ChannelCost.objects.create(channel=channel, month="2026-11", amount=10_00)
