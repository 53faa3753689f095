"""Raise and lower somebody's level; every change is kept, audited and told to others."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.events import IdCardExpiring, KycLevelChanged
from accounts.models import KycApplication, KycChange, RealName
from accounts.models.kyc import ID_NUMBER
from accounts.rules.id_cards import birthday_of, turns
from accounts.rules.kyc import (
    ADULT_FROM,
    REMINDED_BEFORE,
    ChangeReason,
    DecisionReason,
    KycLevel,
    level_by_card,
    level_from,
)
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.crypto import blind_index, blind_indexes, blind_lock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.events import publish

AT_ONCE = 200


def hold_level(user_id: int) -> KycLevel:
    """
    The level, which stays what it is until the caller's transaction ends: for limits on money.

    Where there is no row to lock, the level can only rise.
    """
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kyc_hold(%s)", [user_id])
        return level_from(*cursor.fetchone(), on=clock.business_day(clock.now()))


def grant_name(application: KycApplication, *, at: datetime) -> DecisionReason | None:
    """
    A verified name and ID number become this user's. A reason comes back where they cannot: one person has
    one wallet, and a wallet belongs to one person.

    The application must be locked.
    """
    require_transaction()
    id_number = application.opened("id_number") or ""
    lock_number(blind_lock(id_number, purpose=ID_NUMBER))
    indexes = blind_indexes(id_number, purpose=ID_NUMBER)
    if RealName.objects.filter(id_index__in=indexes).exclude(user_id=application.user_id).exists():
        return DecisionReason.DUPLICATE
    real_name = _locked(application.user_id)
    if real_name and real_name.id_index is not None and bytes(real_name.id_index) not in indexes:
        return DecisionReason.OTHER_PERSON
    real_name = real_name or RealName(user_id=application.user_id, level=KycLevel.NONE)
    held = level_by_card(real_name.level, real_name.valid_until, on=clock.business_day(at))
    real_name.evidence = application
    real_name.id_index = blind_index(id_number, purpose=ID_NUMBER)
    real_name.valid_until = application.valid_until
    real_name.reminded_at = None
    if application.for_minor:
        real_name.adult_on = turns(birthday_of(id_number), ADULT_FROM)
        level = KycLevel.I
    else:
        real_name.adult_on = None
        level = max(KycLevel.II, held)  # a face that was shown need not be shown again
    reason = ChangeReason.RENEWED if held == level else ChangeReason.VERIFIED
    _set_level(real_name, level=level, reason=reason, application=application, at=at)
    return None


def grant_face(application: KycApplication, *, at: datetime) -> DecisionReason | None:
    """The face belongs to the name; a reason where the name has been lost in the meantime."""
    require_transaction()
    real_name = _locked(application.user_id)
    today = clock.business_day(at)
    if real_name is None or level_by_card(real_name.level, real_name.valid_until, on=today) < KycLevel.II:
        return DecisionReason.NOT_FINISHED
    _set_level(real_name, level=KycLevel.III, reason=ChangeReason.VERIFIED, application=application, at=at)
    return None


def propose_downgrade(*, real_name: RealName, reason: str, maker_id: int) -> None:
    """
    Ask a second person to leave somebody with the level of their phone alone.

    :raises AlreadyProposed: somebody has asked already
    :raises OwnProposal: it is about the maker
    """
    propose(
        kind="accounts.kyc_downgrade",
        subject=f"user:{real_name.user_id}",
        facts={"user_id": real_name.user_id, "level": real_name.level, "reason": reason},
        reason=reason,
        maker_id=maker_id,
    )


def lower_level(*, user_id: int, reason: ChangeReason, note: str = "") -> bool:
    """
    Nothing but the phone speaks for this user from now on; whoever they are stays known. False: it was so.

    Must be called in a transaction.
    """
    require_transaction()
    real_name = _locked(user_id)
    if real_name is None or real_name.level == KycLevel.NONE:
        return False
    _set_level(real_name, level=KycLevel.NONE, reason=reason, note=note, at=clock.now())
    return True


def archive_real_name(*, user_id: int) -> None:
    """
    The account is being closed: nobody uses the name any more, its ID number is free for a new account, and
    what the law wants is kept apart. Call it in the closing transaction, before the personal key goes.
    """
    lower_level(user_id=user_id, reason=ChangeReason.ACCOUNT_CLOSED)
    real_name = _locked(user_id)
    if real_name is None:
        return
    evidence = KycApplication.objects.select_related("user__personal_key").get(pk=real_name.evidence_id)
    evidence.archive()
    evidence.save()
    real_name.id_index, real_name.adult_on, real_name.since = None, None, clock.now()
    real_name.save()


def lower_expired() -> int:
    """Levels whose ID card is over; returns how many."""
    now = clock.now()
    over = RealName.objects.filter(level__gt=KycLevel.NONE, valid_until__lt=clock.business_day(now))
    return _for_each(
        over, partial(_set_level, level=KycLevel.NONE, reason=ChangeReason.DOCUMENT_EXPIRED, at=now)
    )


def remind_of_expiry() -> int:
    """Tell, once per card, whose ID card ends within thirty days; returns how many."""
    now = clock.now()
    today = clock.business_day(now)

    def remind(real_name: RealName) -> None:
        real_name.reminded_at = now
        real_name.save(update_fields=["reminded_at"])
        publish(IdCardExpiring(user_id=real_name.user_id, valid_until=str(real_name.valid_until)))

    soon = RealName.objects.filter(
        level__gt=KycLevel.NONE, valid_until__range=(today, today + REMINDED_BEFORE)
    )
    return _for_each(soon.filter(reminded_at=None), remind)


def come_of_age() -> int:
    """Whoever is eighteen now is a minor no longer, and may apply for the next level; returns how many."""
    now = clock.now()

    def release(real_name: RealName) -> None:
        real_name.adult_on = None
        _set_level(real_name, level=KycLevel(real_name.level), reason=ChangeReason.CAME_OF_AGE, at=now)

    return _for_each(RealName.objects.filter(adult_on__lte=clock.business_day(now)), release)


def _for_each(due: QuerySet[RealName], act: Callable[[RealName], None]) -> int:
    """Each in a transaction of its own, if it still is one of these when it is locked."""
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic(durable=True):
            real_name = due.select_for_update(no_key=True).filter(pk=pk).first()
            if real_name is not None:
                act(real_name)
                done += 1
    return done


def _locked(user_id: int) -> RealName | None:
    return RealName.objects.select_for_update(no_key=True).filter(user_id=user_id).first()


def _set_level(
    real_name: RealName,
    *,
    level: KycLevel,
    reason: ChangeReason,
    at: datetime,
    application: KycApplication | None = None,
    note: str = "",
) -> None:
    old = KycLevel(real_name.level)
    real_name.level, real_name.since = level, at
    real_name.save()
    KycChange.objects.create(
        user_id=real_name.user_id,
        application=application,
        old_level=old,
        new_level=level,
        reason=reason,
        note=note,
        actor=context.current().actor,
        at=at,
    )
    record_audit(
        action="accounts.kyc.level_changed",
        subject=f"user:{real_name.user_id}",
        facts={"old_level": int(old), "new_level": int(level), "reason": reason},
    )
    publish(
        KycLevelChanged(
            user_id=real_name.user_id, old_level=int(old), new_level=int(level), reason=str(reason)
        )
    )
