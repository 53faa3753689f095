"""Apply for a level: by name, or by face; and take an application back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.errors import (
    ConsentRequired,
    KycAlreadyApplied,
    KycAlreadyReached,
    KycGuardianNeeded,
    KycNameNeeded,
    KycNoFaceUnderWay,
    KycNotForMinors,
    KycPhoneNeeded,
    KycProviderUnavailable,
    KycTooManyTries,
    KycTooYoung,
)
from accounts.gateways import identity
from accounts.models import KycApplication, User
from accounts.rules.agreements import AgreementKind
from accounts.rules.id_cards import age_on, birthday_of
from accounts.rules.kyc import (
    ASKING,
    FRUITLESS,
    GUARDED_FROM,
    LIVE,
    RENEWABLE_FOR,
    TRIES_A_DAY,
    DecisionReason,
    KycKind,
    KycLevel,
    KycState,
    is_minor,
    next_ask,
)
from accounts.selectors.agreements import current_agreement, document
from accounts.selectors.consents import has_consent
from accounts.selectors.kyc import Standing, application_of, standing_of
from accounts.services.kyc_asking import ask_provider
from accounts.services.kyc_decisions import end, lock_application
from accounts.services.locks import lock_user
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.serials import new_serial

_FACE_FIRST_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Guardian:
    """Who answers for a minor."""

    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class FaceStart:
    application: KycApplication
    session: identity.FaceSession


def apply_for_name(
    *, user_id: int, name: str, id_number: str, valid_until: date | None, guardian: Guardian | None = None
) -> KycApplication:
    """
    Become known by name: the provider compares name, ID number and the bound phone, at once where it can.

    Normalised name and number (rules.names, rules.id_cards); `valid_until` None for a card without an end.

    :raises ConsentRequired: it takes a consent of its own
    :raises KycTooYoung: under fourteen
    :raises KycGuardianNeeded: under eighteen, and no guardian is named
    :raises KycPhoneNeeded: there is no phone to compare
    :raises KycAlreadyApplied: another application is under way
    :raises KycAlreadyReached: known by name already, with a card that lasts
    :raises KycTooManyTries: three came to nothing today
    """
    now = clock.now()
    _require_consent(user_id, now=now)
    today = clock.business_day(now)
    birthday = birthday_of(id_number)
    if age_on(today, birthday=birthday) < GUARDED_FROM:
        raise KycTooYoung
    minor = is_minor(birthday, today=today)
    if minor and guardian is None:
        raise KycGuardianNeeded
    texts = {"name": name, "id_number": id_number}
    if minor and guardian:
        texts |= {"guardian_name": guardian.name, "guardian_phone": guardian.phone}
    application = _submit(user_id=user_id, valid_until=valid_until, minor=minor, texts=texts, now=now)
    return ask_provider(number=application.number)


def start_face(*, user_id: int) -> FaceStart:
    """
    A session in which this user shows their face. Asked for again while one is under way, the application
    stays the same and only the session is new.

    :raises ConsentRequired: it takes a consent of its own
    :raises KycNameNeeded: nobody knows yet whose face it should be
    :raises KycNotForMinors: the higher levels are for adults
    :raises KycAlreadyReached: the face is known
    :raises KycAlreadyApplied: a name is being verified
    :raises KycTooManyTries: three came to nothing today
    :raises KycProviderUnavailable: no session now; the application stands
    """
    application = _begin_face(user_id=user_id, now=clock.now())
    evidence = application.user.real_name.evidence
    evidence.user = application.user
    try:
        session = identity.start_face(
            number=application.number,
            name=evidence.opened("name") or "",
            id_number=evidence.opened("id_number") or "",
        )
    except identity.ProviderSilent as silence:
        raise KycProviderUnavailable from silence
    with transaction.atomic(durable=True):
        application = lock_application(application.number)
        if application.state not in ASKING:  # withdrawn while we asked
            raise KycNoFaceUnderWay
        application.state = KycState.VERIFYING
        application.seal(face_token=session.token)
        application.save(update_fields=["state", "face_token_sealed"])
    return FaceStart(application=application, session=session)


def conclude_face(*, user_id: int) -> KycApplication:
    """
    The mini-program is back: ask the provider how it went. VERIFYING: it does not know yet.

    :raises KycNoFaceUnderWay: there is none
    """
    application = KycApplication.objects.filter(
        user_id=user_id, kind=KycKind.FACE, state=KycState.VERIFYING
    ).first()
    if application is None:
        raise KycNoFaceUnderWay
    return ask_provider(number=application.number)


@retry_conflicts
def withdraw_application(*, user_id: int, number: str) -> KycApplication:
    """
    The customer changes their mind; what they had sent is erased.

    :raises NotFound: no such application of theirs
    :raises StateConflict: it has ended
    """
    application_of(user_id, number)
    with transaction.atomic(durable=True):
        application = lock_application(number)
        end(application, KycState.WITHDRAWN, reason=DecisionReason.BY_CUSTOMER, at=clock.now())
    return application


@retry_conflicts
def _submit(
    *, user_id: int, valid_until: date | None, minor: bool, texts: dict[str, str], now: datetime
) -> KycApplication:
    with transaction.atomic(durable=True):
        user = lock_user(user_id)
        if user.phone_bound_at is None:
            raise KycPhoneNeeded
        # In this order: one that is approved between the two questions is seen as the level it gave.
        _require_none_under_way(user, now=now)
        _require_gain(standing_of(user_id), minor=minor, now=now)
        application = KycApplication(
            number=new_serial("K", now),
            user=user,
            kind=KycKind.NAME,
            valid_until=valid_until,
            for_minor=minor,
            submitted_at=now,
            next_ask_at=next_ask(at=now, asked=0),
        )
        application.seal(**texts)
        _save_new(application)
    return application


@retry_conflicts
def _begin_face(*, user_id: int, now: datetime) -> KycApplication:
    with transaction.atomic(durable=True):
        user = lock_user(user_id)
        live = KycApplication.objects.filter(user=user, kind=KycKind.FACE, state__in=ASKING).first()
        if live is None:
            _require_none_under_way(user, now=now)
        standing = standing_of(user_id)  # now: what was approved meanwhile counts
        if standing.is_minor:
            raise KycNotForMinors
        if standing.level < KycLevel.II:
            raise KycNameNeeded
        if standing.level == KycLevel.III:
            raise KycAlreadyReached(level=int(standing.level))
        _require_consent(user_id, now=now)
        if live is not None:
            live.user = user
            return live
        application = KycApplication(
            number=new_serial("K", now),
            user=user,
            kind=KycKind.FACE,
            submitted_at=now,
            next_ask_at=now + _FACE_FIRST_LOOK,
        )
        _save_new(application)
    return application


def _require_consent(user_id: int, *, now: datetime) -> None:
    """ID numbers and faces are sensitive: a general yes is not enough (个人信息保护法 §29)."""
    if not has_consent(user_id, purpose=AgreementKind.REAL_NAME):
        raise ConsentRequired(documents=[document(current_agreement(AgreementKind.REAL_NAME, now))])


def _require_gain(standing: Standing, *, minor: bool, now: datetime) -> None:
    wanted = KycLevel.I if minor else KycLevel.II
    ends_soon = standing.valid_until and standing.valid_until <= clock.business_day(now + RENEWABLE_FOR)
    if standing.by_card and standing.level >= wanted and not ends_soon:
        raise KycAlreadyReached(level=int(standing.level))


def _require_none_under_way(user: User, *, now: datetime) -> None:
    mine = KycApplication.objects.filter(user=user)
    if live := mine.filter(state__in=LIVE).first():
        raise KycAlreadyApplied(number=live.number, state=live.state)
    fruitless = mine.filter(state__in=FRUITLESS, submitted_at__gte=clock.start_of_day(now))
    if fruitless.count() >= TRIES_A_DAY:
        raise KycTooManyTries(tries=TRIES_A_DAY)


def _save_new(application: KycApplication) -> None:
    application.save()
    record_audit(
        action="accounts.kyc.submitted",
        subject=f"user:{application.user_id}",
        facts={"number": application.number, "kind": application.kind, "for_minor": application.for_minor},
    )
