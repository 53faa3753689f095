"""Set, change, reset and prove a payment PIN."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.errors import PinAlreadySet, PinBlocked, PinLocked, PinNotSet, PinTooWeak, PinWrong
from accounts.events import PinChanged, PinReset, PinSet
from accounts.models import Device, PaymentPin, RevokeReason, Session, User, WrongPin
from accounts.models.security_facts import CoolReason
from accounts.rules.lockout import LOCK, Lockout, lockout_of
from accounts.rules.pins import weakness_of
from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.kyc import birthday_of
from accounts.selectors.pins import misses_of, pin_of
from accounts.services.pin_hashes import (
    PinHash,
    hash_pin,
    hashing_slot,
    is_outdated,
    pin_matches,
    work_as_hard,
)
from accounts.services.security_facts import cool_withdrawals
from accounts.services.sessions import forget_access, revoke_sessions
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import DomainError
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)


def set_pin(*, user_id: int, device_id: str, pin: str, grant: str) -> None:
    """
    The first PIN.

    :raises PinAlreadySet: it is to be changed or reset instead
    :raises PinTooWeak: with the reason in words
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    """
    if pin_of(user_id) is not None:
        raise PinAlreadySet
    leave = _leave_for(OperationKind.PIN_SET, user_id=user_id, device_id=device_id, pin=pin, grant=grant)
    kept = _hash(user_id, pin)
    now = clock.now()
    with transaction.atomic(durable=True):
        spend_authorisation(leave)
        try:
            with transaction.atomic():
                PaymentPin.objects.create(
                    user_id=user_id, pin_hash=kept.stored, pepper=kept.pepper, set_at=now
                )
        except IntegrityError:
            raise PinAlreadySet from None
        record_audit(action="accounts.pin.set", subject=f"user:{user_id}", facts={})
        publish(PinSet(user_id=user_id))


def change_pin(*, user_id: int, device_id: str, session_id: int, pin: str, grant: str) -> None:
    """
    Another PIN for somebody who knows the old one; all other sessions end.

    :raises PinNotSet: there is none to change
    :raises PinTooWeak: with the reason in words
    :raises StepUpRequired: the old PIN must be proven first; see `authorise` for its kin
    """
    if pin_of(user_id) is None:
        raise PinNotSet
    leave = _leave_for(OperationKind.PIN_CHANGE, user_id=user_id, device_id=device_id, pin=pin, grant=grant)
    _replace(leave, kept=_hash(user_id, pin), session_id=session_id, event=PinChanged(user_id=user_id))


def reset_pin(*, user_id: int, device_id: str, session_id: int, pin: str, grant: str) -> None:
    """
    Another PIN for somebody who forgot the old one: two other proofs, and a day of caution afterwards.

    :raises PinNotSet: there is none to reset
    :raises PinTooWeak: with the reason in words
    :raises StepUpRequired: both proofs come first; see `authorise` for its kin
    """
    if pin_of(user_id) is None:
        raise PinNotSet
    leave = _leave_for(OperationKind.PIN_RESET, user_id=user_id, device_id=device_id, pin=pin, grant=grant)
    _replace(leave, kept=_hash(user_id, pin), session_id=session_id, event=PinReset(user_id=user_id))


def check_pin(*, user_id: int, device: Device, pin: str) -> None:
    """
    Prove the PIN. The try is counted before it is evaluated, in a transaction of its own: however many come
    at once, no more are evaluated than there are tries, and nobody holds a lock while the hash is made.

    :raises PinWrong: with the tries that are left
    :raises PinLocked: with the time it ends
    :raises PinBlocked: it must be reset
    :raises PinNotSet: there is none
    :raises TooManyRequests: too many hashes at once; nothing was counted
    """
    now = clock.now()
    with hashing_slot():
        try:
            kept, miss = _count_try(user_id=user_id, device=device, at=now)
        except PaymentPin.DoesNotExist:
            work_as_hard(pin)
            raise PinNotSet from None
        if not pin_matches(kept, user_id=user_id, pin=pin):
            logger.warning("accounts.pin.wrong", extra={"user_id": user_id})
            raise _wrong(user_id=user_id, device=device, at=now)
        renewed = hash_pin(user_id=user_id, pin=pin) if is_outdated(kept) else None
    _forgive(miss, kept=kept, renewed=renewed, at=now)


@retry_conflicts
def _count_try(*, user_id: int, device: Device, at: datetime) -> tuple[PinHash, WrongPin]:
    with transaction.atomic(durable=True):
        pin = PaymentPin.objects.select_for_update(no_key=True).get(pk=user_id)
        before = lockout_of(misses_of(pin, device=device, at=at), at=at)
        if pin.blocked_at or before.tries_left == 0:
            raise _refusal(before, is_blocked=pin.blocked_at is not None)
        miss = WrongPin.objects.create(
            user_id=user_id, device=device, on_known_device=device.is_known(at), tried_at=at
        )
        after = lockout_of(misses_of(pin, device=device, at=at), at=at)
        if after.is_row_full:
            WrongPin.objects.filter(_same_place(miss)).update(is_in_row=False)
            WrongPin.objects.filter(pk=miss.pk).update(locks_until=at + LOCK)
        if after.is_over:
            pin.blocked_at = at
            pin.save(update_fields=["blocked_at"])
    return PinHash(stored=bytes(pin.pin_hash), pepper=pin.pepper), miss


@retry_conflicts
def _forgive(miss: WrongPin, *, kept: PinHash, renewed: PinHash | None, at: datetime) -> None:
    """It was right after all: whoever knows the PIN has not been guessing in this place."""
    with transaction.atomic(durable=True):
        pin = PaymentPin.objects.select_for_update(no_key=True).get(pk=miss.user_id)
        place = _same_place(miss)
        miss.delete()
        WrongPin.objects.filter(place).update(is_in_row=False, locks_until=None)
        if pin.blocked_at and not lockout_of(misses_of(pin, device=miss.device, at=at), at=at).is_over:
            pin.blocked_at = None  # this try was among the ten
            pin.save(update_fields=["blocked_at"])
        if renewed and bytes(pin.pin_hash) == kept.stored:  # not changed while we hashed
            pin.pin_hash, pin.pepper = renewed.stored, renewed.pepper
            pin.save(update_fields=["pin_hash", "pepper"])


def _same_place(miss: WrongPin) -> Q:
    """A device of old is a place, all new devices together are another."""
    place = Q(user_id=miss.user_id, on_known_device=miss.on_known_device)
    return place & Q(device=miss.device) if miss.on_known_device else place


def _wrong(*, user_id: int, device: Device, at: datetime) -> DomainError:
    pin = PaymentPin.objects.get(pk=user_id)
    lockout = lockout_of(misses_of(pin, device=device, at=at), at=at)
    refusal = _refusal(lockout, is_blocked=pin.blocked_at is not None)
    if not isinstance(refusal, PinWrong):
        with transaction.atomic():
            facts = {"device": device.pk, "refusal": refusal.code}
            record_audit(action="accounts.pin.locked", subject=f"user:{user_id}", facts=facts)
    return refusal


def _refusal(lockout: Lockout, *, is_blocked: bool) -> DomainError:
    if is_blocked or lockout.is_over:
        return PinBlocked()
    if lockout.locked_until:
        return PinLocked(locked_until=clock.iso(lockout.locked_until))
    return PinWrong(tries_left=lockout.tries_left)


def _leave_for(kind: OperationKind, *, user_id: int, device_id: str, pin: str, grant: str) -> Authorisation:
    """Whoever is asked to prove themselves has a PIN that will be taken."""
    phone = User.objects.select_related("personal_key").get(pk=user_id).phone or ""
    if (reason := weakness_of(pin, phone=phone, birthday=birthday_of(user_id))) is not None:
        raise PinTooWeak(reason=str(reason))
    return authorise(user_id=user_id, device_id=device_id, operation=Operation(kind=kind), grant=grant)


def _hash(user_id: int, pin: str) -> PinHash:
    with hashing_slot():
        return hash_pin(user_id=user_id, pin=pin)


def _replace(leave: Authorisation, *, kept: PinHash, session_id: int, event: PinChanged | PinReset) -> None:
    forget_access(_write(leave, kept=kept, session_id=session_id, event=event, at=clock.now()))


@retry_conflicts
def _write(
    leave: Authorisation, *, kept: PinHash, session_id: int, event: PinChanged | PinReset, at: datetime
) -> list[bytes]:
    """The access hashes of the sessions that ended by it."""
    with transaction.atomic(durable=True):
        spend_authorisation(leave)
        pin = PaymentPin.objects.select_for_update(no_key=True).get(pk=leave.user_id)
        pin.pin_hash, pin.pepper, pin.set_at, pin.blocked_at = kept.stored, kept.pepper, at, None
        if isinstance(event, PinReset):
            pin.reset_at = at
            cool_withdrawals(user_id=leave.user_id, reason=CoolReason.PIN_RESET, now=at)
        pin.save()
        others = Session.objects.filter(user_id=leave.user_id).exclude(pk=session_id)
        ended = revoke_sessions(others, reason=RevokeReason.PIN_CHANGED, now=at)
        action = "accounts.pin.reset" if isinstance(event, PinReset) else "accounts.pin.changed"
        record_audit(action=action, subject=f"user:{leave.user_id}", facts={"sessions_ended": len(ended)})
        publish(event)
    return ended
