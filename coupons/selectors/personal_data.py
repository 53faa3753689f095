"""What coupons holds about a person, for them to take along."""

from collections.abc import Iterator

from coupons.models import (
    CheckIn,
    Coupon,
    Exposure,
    GrowthEntry,
    InviteCode,
    MallOrder,
    Membership,
    MembershipChange,
    PersonClaim,
    PointsAccount,
    PointsEntry,
    Purchase,
    RecommendationClick,
    Redemption,
    Referral,
    ReferralStep,
    Reward,
    SegmentMember,
    StoryJoin,
    StoryShare,
    StoryView,
    Taste,
    Touch,
)
from wallet_project.kit.personal_data import Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    yield section(
        Purchase.objects.filter(user=user_id).order_by("pk"),
        "reference",
        "place_name",
        "title",
        "paid_at",
        money=("amount", "own", "given", "discount", "returned"),
    )
    yield section(
        Coupon.objects.filter(user=user_id).select_related("template").order_by("pk"),
        "serial",
        "template",
        "state",
        "issued_at",
        "valid_until",
        "ended_at",
        money=("face", "worth"),
    )
    yield section(
        Redemption.objects.filter(user=user_id).order_by("pk"),
        "reference",
        "state",
        "points",
        "points_returned",
        "reserved_at",
        "ended_at",
        money=("off", "points_worth", "worth_returned"),
    )
    yield section(
        PointsAccount.objects.filter(user=user_id),
        "pending",
        "active",
        "reserved",
        "debt",
        "make_up_cards",
    )
    yield section(
        PointsEntry.objects.filter(account=user_id).order_by("pk"),
        "kind",
        "points",
        "owed",
        "title",
        "reference",
        "at",
    )
    yield section(CheckIn.objects.filter(user=user_id).order_by("day"), "day", "is_made_up", "at")
    yield section(
        MallOrder.objects.filter(user=user_id).order_by("pk"),
        "number",
        "points",
        "state",
        "made_at",
        "ended_at",
    )
    yield section(PersonClaim.objects.filter(user=user_id).order_by("pk"), "purpose", "claimed_at")
    yield section(
        Reward.objects.filter(user=user_id).order_by("pk"),
        "title",
        "kind",
        "amount",
        "reference",
        "state",
        "vests_at",
        "given_at",
    )
    yield section(
        SegmentMember.objects.filter(user=user_id).select_related("segment").order_by("pk"),
        "segment",
        "since",
    )
    yield section(
        Exposure.objects.filter(user=user_id).select_related("experiment").order_by("pk"),
        "experiment",
        "arm",
        "since",
    )
    yield section(Membership.objects.filter(pk=user_id), "tier", "value", "protected_until", "grace_until")
    yield section(
        GrowthEntry.objects.filter(user=user_id).order_by("pk"),
        "event",
        "value",
        "title",
        "reference",
        "counted_on",
        "at",
    )
    yield section(
        MembershipChange.objects.filter(user=user_id).order_by("pk"),
        "before",
        "after",
        "cause",
        "value",
        "reason",
        "at",
    )
    yield section(Taste.objects.filter(pk=user_id), "is_personal", "places", "refreshed_at")
    yield section(RecommendationClick.objects.filter(user=user_id).order_by("pk"), "key", "at")
    yield section(
        StoryShare.objects.filter(user=user_id).select_related("story").order_by("pk"),
        "story",
        "code",
        "views",
        "joins",
        "at",
    )
    yield section(StoryView.objects.filter(viewer=user_id).order_by("pk"), "day")
    yield section(StoryJoin.objects.filter(user=user_id), "at")
    yield section(InviteCode.objects.filter(user=user_id), "code", "is_on_board", "created_at")
    yield section(Referral.objects.filter(newcomer=user_id).select_related("program"), "program", "bound_at")
    yield section(
        ReferralStep.objects.filter(inviter=user_id).order_by("pk"),
        "event",
        "state",
        "reached_at",
        "decided_at",
    )
    yield section(
        Touch.objects.filter(user=user_id).select_related("channel").order_by("pk"), "channel", "at"
    )
