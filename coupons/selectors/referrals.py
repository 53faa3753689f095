"""How far one's invitations have come, and who has brought most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from accounts.models import UserStatus
from coupons.models import InviteCode, Referral, ReferralProgram, ReferralStep, Reward
from coupons.rules.referrals import ReferralEvent, Side, StepState
from coupons.rules.rewards import RewardState
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.masking import mask_name

_BOARD = 20
_COUNTED = (StepState.GRANTED, StepState.HELD)


@dataclass(frozen=True, kw_only=True)
class Given:
    """So much of a kind, in fen or points: still to come, being looked at, and given."""

    kind: str
    pending: int
    held: int
    given: int


@dataclass(frozen=True, kw_only=True)
class Place:
    rank: int
    name: str
    count: int
    is_me: bool


def program_in_force() -> ReferralProgram | None:
    return ReferralProgram.objects.filter(state=AgreedState.LIVE).first()


def is_within_caps(program: ReferralProgram, *, inviter_id: int, at: datetime) -> bool:
    """Whether the inviter may be rewarded once more. Under the lock of their invitations."""
    today = clock.start_of_day(at)
    month, _next = clock.borders_of(clock.business_month(at))
    counted = ReferralStep.objects.filter(inviter=inviter_id, state__in=_COUNTED, is_capped=False).aggregate(
        life=Count("pk"),
        month=Count("pk", filter=Q(decided_at__gte=month)),
        day=Count("pk", filter=Q(decided_at__gte=today)),
    )
    return bool(
        counted["life"] < program.per_life
        and counted["month"] < program.per_month
        and counted["day"] < program.per_day
    )


def referrals_of(inviter_id: int) -> QuerySet[Referral]:
    """Whom they brought, newest first, with the steps."""
    mine = Referral.objects.filter(inviter=inviter_id).select_related("newcomer")
    return mine.prefetch_related("steps").order_by("-pk")


def counts_of(inviter_id: int) -> dict[str, int]:
    """How many are bound, and how many of them have taken each step."""
    steps = ReferralStep.objects.filter(inviter=inviter_id).values("event").annotate(count=Count("pk"))
    taken = {row["event"]: row["count"] for row in steps.order_by()}
    return {
        "invited": Referral.objects.filter(inviter=inviter_id).count(),
        **{event.value.lower(): taken.get(event.value, 0) for event in ReferralEvent},
    }


def given_to(inviter_id: int) -> list[Given]:
    """What they got and will get for those whom they brought."""
    found = Reward.objects.filter(
        user=inviter_id, source__startswith="referral:", source__endswith=Side.INVITER
    )
    sums: dict[str, Any] = {
        name: Sum("amount", filter=Q(state=state), default=0)
        for name, state in (
            ("pending", RewardState.PENDING),
            ("held", RewardState.HELD),
            ("given", RewardState.GIVEN),
        )
    }
    rows: Any = found.values("kind").annotate(**sums).order_by("kind")
    return [Given(**row) for row in rows]


def board_of(month: str, *, viewer_id: int) -> list[Place]:
    """
    Who brought most people that were rewarded for in a month (2026-11): those who agreed to stand here, by
    masked name. Equal counts share a rank.
    """
    begins, ends = clock.borders_of(month)
    counted = (
        ReferralStep.objects.filter(state=StepState.GRANTED, inviter__status=UserStatus.ACTIVE)
        .filter(inviter__in=InviteCode.objects.filter(is_on_board=True).values("user"))
        .filter(decided_at__gte=begins, decided_at__lt=ends)
        .values("inviter", "inviter__nickname")
        .annotate(count=Count("referral", distinct=True), first=Min("decided_at"))
        .order_by("-count", "first")[:_BOARD]
    )
    return list(_ranked(counted, viewer_id=viewer_id))


def _ranked(rows: Iterable[Any], *, viewer_id: int) -> Iterable[Place]:
    rank, before = 0, None
    for position, row in enumerate(rows, start=1):
        if row["count"] != before:
            rank, before = position, row["count"]
        yield Place(
            rank=rank,
            name=mask_name(row["inviter__nickname"]),
            count=row["count"],
            is_me=row["inviter"] == viewer_id,
        )
