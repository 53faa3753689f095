"""What others may hear from coupons; its own topics hear it, too."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class PurchaseMade(Event):
    """A customer has bought something and its money is certain; `reference` is that of a Purchase."""

    name = "coupons.purchase.made"
    reference: str
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PurchaseReturned(Event):
    """A part of a purchase, or the last of it, has gone back; `number` is that of a PurchaseReturn."""

    name = "coupons.purchase.returned"
    reference: str
    number: str
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class CouponIssued(Event):
    """Somebody has a coupon more; `source` says what for."""

    name = "coupons.coupon.issued"
    serial: str
    template_id: int
    user_id: int
    source: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class CouponExpiring(Event):
    """Somebody's coupon ends before long, at `valid_until` (ISO 8601), and has not been used."""

    name = "coupons.coupon.expiring"
    serial: str
    user_id: int
    name_of_coupon: str
    valid_until: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PointsExpiring(Event):
    """So many of somebody's points end before long, the first of them at `first_at` (ISO 8601)."""

    name = "coupons.points.expiring"
    user_id: int
    points: int
    first_at: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class RewardGiven(Event):
    """Somebody has what they were promised: fen, points or a coupon, by `kind` a RewardKind."""

    name = "coupons.reward.given"
    user_id: int
    source: str
    kind: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class _OfCampaign(Event):
    """Something became of a campaign's budget."""

    campaign_id: int
    name_of: str

    @property
    def aggregate(self) -> str:
        return f"campaign:{self.campaign_id}"


@dataclass(frozen=True, kw_only=True)
class CampaignWarned(_OfCampaign):
    """Four fifths of its budget are promised; said once."""

    name = "coupons.campaign.warned"


@dataclass(frozen=True, kw_only=True)
class CampaignStopped(_OfCampaign):
    """Its budget did not suffice, so it has stopped itself."""

    name = "coupons.campaign.stopped"


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(Event):
    """Somebody's tier is another now, by its code; `cause` is a rules.membership.ChangeCause."""

    name = "coupons.membership.changed"
    user_id: int
    before: str
    after: str
    cause: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class MembershipEnding(Event):
    """Somebody's tier ends on that day (ISO 8601) unless they grow until then."""

    name = "coupons.membership.ending"
    user_id: int
    tier: str
    ends_on: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
