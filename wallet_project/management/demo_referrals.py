"""The demo's channels, and what bringing somebody is rewarded with."""

from datetime import datetime

from coupons.models import Channel, ChannelKind, ReferralProgram, ReferralReward
from coupons.rules.referrals import ReferralEvent, Side
from coupons.rules.rewards import RewardKind
from wallet_project.approvals.agreed import AgreedState

CHANNELS = [
    ("KOL-XIAOLU", "小鹿探店", ChannelKind.KOL),
    ("STORE-RENMIN", "人民路店桌贴", ChannelKind.STORE),
]
REWARDS = [
    (ReferralEvent.REGISTERED, Side.INVITER, RewardKind.POINTS, 100),
    (ReferralEvent.FIRST_PURCHASE, Side.INVITER, RewardKind.BONUS, 5_00),
    (ReferralEvent.FIRST_PURCHASE, Side.NEWCOMER, RewardKind.BONUS, 3_00),
]


def offer_referrals(*, since: datetime) -> None:
    """In force at once, as if two people had agreed; harmless when repeated."""
    for code, name, kind in CHANNELS:
        Channel.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})
    if ReferralProgram.objects.exists():
        return
    program = ReferralProgram.objects.create(
        name="邀请有礼", least=10_00, state=AgreedState.LIVE, live_at=since
    )
    for event, side, reward, amount in REWARDS:
        ReferralReward.objects.create(program=program, event=event, side=side, kind=reward, amount=amount)
