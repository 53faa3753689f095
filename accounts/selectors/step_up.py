"""What stands between a customer and an operation: their situation, the policy, the proof."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.errors import StepUpRefused
from accounts.models import (
    DailySpending,
    Device,
    SmallPayments,
    StepUpChallenge,
    StepUpPolicy,
)
from accounts.rules.screening import Standing
from accounts.rules.step_up import Factor, Operation, Risk, assess
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash
from wallet_project.kit.errors import NotFound

_DAY = timedelta(hours=24)
# In the order in which step_up_proof tells it.
_KNOWN = (
    "uid",
    "registered_at",
    "device_since",
    "device_users",
    "phone_since",
    "wrong_pins",
    "risk_rank",
)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known of a customer on a device, in two queries. Amounts in fen, of the Shanghai day."""

    device: Device
    standing: Standing
    risk: Risk
    risk_passes_at: datetime | None
    owned: Collection[Factor]
    spent: int
    spent_without_pin: int
    small_payments: SmallPayments | None


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A proven challenge, the risk it was enough for, and how much may be spent on a day with it, in fen."""

    challenge_id: int
    risk: Risk
    day_up_to: int | None
    standing: Standing


def situation_of(*, user_id: int, device_id: str, kind: str, at: datetime) -> Situation:
    """
    :raises StepUpRefused: the user has no such device
    """
    device = (
        _with_dangers(at)
        .select_related("user__payment_pin", "user__small_payments", "user__security_facts")
        .filter(user_id=user_id, device_id=device_id)
        .first()
    )
    if device is None:
        raise StepUpRefused
    user = device.user
    pin, facts = getattr(user, "payment_pin", None), getattr(user, "security_facts", None)
    today = DailySpending.objects.filter(user=user_id, kind=kind, day=clock.business_day(at)).first()
    owned = {Factor.SOTER, Factor.WECHAT}
    if pin:
        owned.add(Factor.PIN)
    if user.phone_bound_at:
        owned.add(Factor.SMS)
    standing = _standing(device)
    risk, risk_passes_at = assess(
        kind,
        at=at,
        device_since=device.first_seen_at,
        wrong_pins=standing.wrong_pins,
        phone_since=user.phone_bound_at,
        known_since=pin.set_at if pin else user.created_at,
        cooled_until=facts and facts.withdrawals_cooled_until,
    )
    return Situation(
        device=device,
        standing=standing,
        risk=risk,
        risk_passes_at=risk_passes_at,
        owned=owned,
        spent=today.total if today else 0,
        spent_without_pin=today.without_pin if today else 0,
        small_payments=getattr(user, "small_payments", None),
    )


def standing_of(*, user_id: int | None, device_id: str, at: datetime) -> Standing:
    """What is known of whoever comes from a device, which may be new to them, or they to us. One query."""
    about = _with_dangers(at).select_related("user__security_facts").filter(device_id=device_id)
    if user_id is not None and (device := about.filter(user=user_id).first()):
        return _standing(device)
    return Standing(device_users=about.count())


def policy_for(operation: Operation, *, risk: Risk, spent: int) -> StepUpPolicy | None:
    """The lowest tier that holds this amount and this day; None: there is none, so it may not be done."""
    fits_amount = Q(amount_up_to=None) | Q(amount_up_to__gte=operation.amount)
    fits_day = Q(day_up_to=None) | Q(day_up_to__gte=spent + operation.amount)
    return (
        StepUpPolicy.objects.filter(fits_amount, fits_day, kind=operation.kind, risk=risk)
        .order_by(F("amount_up_to").asc(nulls_last=True), F("day_up_to").asc(nulls_last=True))
        .first()
    )


def proof_behind(*, grant: str, user_id: int, device_id: str, operation: Operation, at: datetime) -> Proof:
    """
    What a grant stands for, and what is known of whoever shows it; one query (sql/step_up.sql).

    :raises StepUpRefused: spent, expired, or of another user, device or operation
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM step_up_proof(%s, %s, %s, %s, %s)",
            [token_hash(grant), user_id, device_id, operation.fingerprint, at],
        )
        found = cursor.fetchone()
    if found is None:
        raise StepUpRefused
    challenge_id, risk, day_up_to, *known = found
    return Proof(
        challenge_id=challenge_id,
        risk=Risk(risk),
        day_up_to=day_up_to,
        standing=Standing(**dict(zip(_KNOWN, known, strict=True))),
    )


def challenge_for(*, user_id: int, device_id: str, challenge_id: UUID) -> StepUpChallenge:
    """
    :raises NotFound: no such challenge, or of another user or device: they look alike
    """
    mine = StepUpChallenge.objects.select_related("device").filter(
        user_id=user_id, device__device_id=device_id
    )
    if (challenge := mine.filter(public_id=challenge_id).first()) is None:
        raise NotFound
    return challenge


def _with_dangers(at: datetime) -> QuerySet[Device]:
    shared = Device.objects.filter(device_id=OuterRef("device_id")).order_by().values("device_id")
    return Device.objects.annotate(
        wrong_pins=Count("user__wrong_pins", filter=Q(user__wrong_pins__tried_at__gt=at - _DAY)),
        shared_by=Subquery(shared.annotate(users=Count("user")).values("users")),
    )


def _standing(device: Device) -> Standing:
    """Of a device that `_with_dangers` found."""
    user, known = device.user, cast(Any, device)
    facts = getattr(user, "security_facts", None)
    return Standing(
        uid=str(user.uid),
        registered_at=user.created_at,
        device_since=device.first_seen_at,
        device_users=known.shared_by,
        phone_since=user.phone_bound_at,
        wrong_pins=known.wrong_pins,
        risk_rank=facts and facts.risk_rank,
    )
