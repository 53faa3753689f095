"""What was given, used and brought about in a time, counted, and what was there at its end."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import ExtractHour

from accounts.models import User, UserStatus
from coupons.models import (
    Campaign,
    Channel,
    Coupon,
    CouponTemplate,
    Experiment,
    Membership,
    MembershipChange,
    MembershipTier,
    PointsAccount,
    PointsEntry,
    Purchase,
    Referral,
    ReferralStep,
    Reward,
)
from coupons.models.coupons import CouponState
from coupons.models.templates import Giving
from coupons.rules.experiments import Arm
from coupons.selectors.channels import ChannelMonth, channels_between
from coupons.selectors.experiments import report_of
from coupons.selectors.membership import tiers_in_force
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, share_out

# Who: ids of people, for a subquery; None is everybody.
People = QuerySet[Any, Any] | None


class Coupons(NamedTuple):
    """Coupons of one template that came to people, or ended, in one hour; fen."""

    hour: int
    template: str
    giving: str
    coupons: int
    taken: int  # by their owners themselves
    used: int
    expired: int
    amount: int  # most that they take off; of ended ones, what they took off


class Rewarded(NamedTuple):
    """Rewards promised in one hour by a campaign, or by none for a referral: what is left of them, in fen."""

    hour: int
    campaign: str
    rewards: int
    amount: int


class Counted(NamedTuple):
    """So many of one kind in one hour."""

    hour: int
    kind: str
    number: int


class Gain(NamedTuple):
    """
    Fen of their own: what an experiment's people would have spent (`expected`, as those held out did),
    and what they spent beyond it.
    """

    experiment: str
    expected: int
    gain: int


def coupons_issued(*, since: datetime, until: datetime, among: People = None) -> list[Coupons]:
    return _coupons("issued_at", since, until, among, amount=Sum("face"))


def coupons_ended(*, since: datetime, until: datetime, among: People = None) -> list[Coupons]:
    return _coupons("ended_at", since, until, among, amount=Sum("worth"))


def rewards_promised(*, since: datetime, until: datetime, among: People = None) -> list[Rewarded]:
    """One query."""
    rewards = _of(Reward.objects.filter(created_at__gte=since, created_at__lt=until), among)
    found = rewards.filter(Q(campaign__isnull=False) | Q(source__startswith="referral:"))
    counted = found.values(hour=_hour("created_at"), of=F("campaign")).annotate(
        rewards=Count("pk"), total=Sum("amount")
    )
    rows = counted.order_by().values_list("hour", "of", "rewards", "total")
    return [Rewarded(hour, str(of or ""), many, int(total)) for hour, of, many, total in rows]


def sales_of_campaigns(*, since: datetime, until: datetime, among: People = None) -> dict[str, int]:
    """
    Fen of their own, less what went back, for which people were promised something by a campaign; a purchase
    that two of them reward is counted at both, and once at "". Two queries.
    """
    rewards = _of(Reward.objects.filter(created_at__gte=since, created_at__lt=until), among)
    pairs = rewards.filter(campaign__isnull=False).exclude(reference="").order_by()
    rewarded = set(pairs.values_list("campaign", "reference").distinct())
    bought = Purchase.objects.filter(reference__in={reference for _campaign, reference in rewarded})
    read = bought.only("reference", "amount", "returned", "own", "returned_own")
    own = {purchase.reference: purchase.left.own for purchase in read}
    sums = Counter({"": sum(own.values())})
    for campaign, reference in rewarded:
        sums[str(campaign)] += own.get(reference, 0)
    return dict(sums)


def gains_of_experiments(*, since: datetime, until: datetime) -> list[Gain]:
    """
    Of experiments that ran, or whose people were still looked at; one statement each. None of those whose
    samples say nothing.
    """
    ran = Experiment.objects.filter(started_at__lt=until).order_by("pk")
    found = []
    for experiment in ran:
        window = timedelta(days=experiment.window_days)
        if experiment.ended_at is not None and experiment.ended_at + window < since:
            continue
        arms = {each.arm: each for each in report_of(experiment, at=until).arms}
        treated = [each for each in arms.values() if each.more_own is not None]
        if treated:
            usual = arms[Arm.HOLDOUT].own.mean
            found.append(
                Gain(
                    str(experiment.pk),
                    expected=round(sum(usual * each.own.people for each in treated)),
                    gain=round(sum((each.own.mean - usual) * each.own.people for each in treated)),
                )
            )
    return found


def referrals_bound(*, since: datetime, until: datetime) -> list[Counted]:
    bound = Referral.objects.filter(bound_at__gte=since, bound_at__lt=until)
    return _counted(bound.values(hour=_hour("bound_at"), kind=Value("")))


def referral_steps(*, since: datetime, until: datetime) -> list[Counted]:
    """By event, whatever was decided about them."""
    steps = ReferralStep.objects.filter(reached_at__gte=since, reached_at__lt=until)
    return _counted(steps.values(hour=_hour("reached_at"), kind=F("event")))


def channels_on(day: date) -> list[ChannelMonth]:
    """A day of each channel; of its month's cost the day's share, so that the days are the month."""
    first = clock.beginning_of(day)
    begins, ends = clock.borders_of(f"{day:%Y-%m}")
    days = (ends - begins).days
    return [
        each.costing(share_out(Fen(each.cost), [1] * days)[day.day - 1])
        for each in channels_between(first, first + timedelta(days=1), month=f"{day:%Y-%m}")
    ]


def points_moved(*, since: datetime, until: datetime, among: People = None) -> list[Counted]:
    """Points by kind of their history; what left is negative."""
    entries = PointsEntry.objects.filter(at__gte=since, at__lt=until)
    if among is not None:
        entries = entries.filter(account__in=among)
    found = entries.values(hour=_hour("at"), what=F("kind")).annotate(total=Sum("points")).order_by()
    return [
        Counted(hour, kind, int(total)) for hour, kind, total in found.values_list("hour", "what", "total")
    ]


def points_owed(*, before: datetime, among: People = None) -> int:
    """All points that people had: those of now, less what happened since."""
    accounts, entries = PointsAccount.objects.all(), PointsEntry.objects.filter(at__gte=before)
    if among is not None:
        accounts, entries = accounts.filter(pk__in=among), entries.filter(account__in=among)
    now = accounts.aggregate(total=Sum(F("pending") + F("active") + F("reserved"), default=0))["total"]
    return int(now - entries.aggregate(total=Sum("points", default=0))["total"])


def members_by_tier(*, before: datetime, among: People = None) -> dict[str, int]:
    """Where everybody stands now, less the changes since; who stands nowhere else is on the lowest tier."""
    counts: Counter[str] = Counter()
    members, everybody = (
        Membership.objects.all(),
        User.objects.filter(status=UserStatus.ACTIVE, is_staff=False),
    )
    if among is not None:
        members, everybody = members.filter(pk__in=among), everybody.filter(pk__in=among)
    for tier, people in members.order_by().values_list("tier").annotate(people=Count("pk")):
        counts[tier] += people
    for was, became, people in _changes(MembershipChange.objects.filter(at__gte=before), among):
        counts[was] += people
        counts[became] -= people
    lowest = tiers_in_force()[0].code
    counts[lowest] = everybody.filter(created_at__lt=before).count() - (counts.total() - counts[lowest])
    return {tier: people for tier, people in counts.items() if people > 0}


def tier_moves(*, since: datetime, until: datetime, among: People = None) -> tuple[int, int]:
    """How often somebody went up, and down, by the order of the tiers in force. Two queries."""
    rank = {tier.code: place for place, tier in enumerate(tiers_in_force())}
    ups = downs = 0
    for was, became, people in _changes(MembershipChange.objects.filter(at__gte=since, at__lt=until), among):
        if was in rank and became in rank:
            ups += people if rank[became] > rank[was] else 0
            downs += people if rank[became] < rank[was] else 0
    return ups, downs


def names_of(part: str, codes: Collection[str]) -> dict[str, str]:
    """What a part is called, by the code that counts are kept under; one query."""
    return _NAMES[part](codes)


def _numbered(model: type[models.Model]) -> Callable[[Collection[str]], dict[str, str]]:
    def named(codes: Collection[str]) -> dict[str, str]:
        rows: Any = model._default_manager.filter(pk__in=[code for code in codes if code.isdigit()])
        return {str(pk): name for pk, name in rows.values_list("pk", "name")}

    return named


def _coded(model: type[models.Model]) -> Callable[[Collection[str]], dict[str, str]]:
    def named(codes: Collection[str]) -> dict[str, str]:
        rows: Any = model._default_manager.filter(code__in=codes).order_by("pk")
        return dict(rows.values_list("code", "name"))

    return named


_NAMES: dict[str, Callable[[Collection[str]], dict[str, str]]] = {
    "template": _numbered(CouponTemplate),
    "campaign": _numbered(Campaign),
    "experiment": _numbered(Experiment),
    "channel": _coded(Channel),
    "tier": _coded(MembershipTier),
    "giving": lambda codes: {code: Giving(code).label for code in codes},
}


def _coupons(moment: str, since: datetime, until: datetime, among: People, *, amount: Sum) -> list[Coupons]:
    coupons = _of(Coupon.objects.filter(**{f"{moment}__gte": since, f"{moment}__lt": until}), among)
    found = coupons.values(hour=_hour(moment), of=F("template"), giving=F("template__giving")).annotate(
        coupons=Count("pk"),
        taken=Count("pk", filter=Q(template__giving__in=(Giving.CLAIM, Giving.CODE))),
        used=Count("pk", filter=Q(state=CouponState.REDEEMED)),
        expired=Count("pk", filter=Q(state=CouponState.EXPIRED)),
        total=amount,
    )
    columns = ("hour", "of", "giving", "coupons", "taken", "used", "expired", "total")
    rows = found.order_by().values_list(*columns)
    return [
        Coupons(hour, str(template), giving, many, taken, used, expired, int(total))
        for hour, template, giving, many, taken, used, expired, total in rows
    ]


def _changes(changes: QuerySet[MembershipChange], among: People) -> list[tuple[str, str, int]]:
    moved = _of(changes.exclude(before=F("after")), among).order_by()
    return list(moved.values_list("before", "after").annotate(people=Count("pk")))


def _counted(rows: Any) -> list[Counted]:
    return [
        Counted(*row)
        for row in rows.annotate(number=Count("pk")).order_by().values_list("hour", "kind", "number")
    ]


def _of(rows: QuerySet[Any], among: People) -> QuerySet[Any]:
    return rows if among is None else rows.filter(user__in=among)


def _hour(moment: str) -> ExtractHour:
    return ExtractHour(moment, tzinfo=clock.SHANGHAI)
