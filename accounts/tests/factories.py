"""Users with sessions, made without asking WeChat."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from accounts.errors import StepUpRequired
from accounts.models import (
    AgreementVersion,
    ChallengeState,
    ConsentRecord,
    Device,
    KycApplication,
    PaymentPin,
    PhoneChangeRequest,
    RealName,
    Session,
    StepUpChallenge,
    User,
)
from accounts.rules.agreements import MANDATORY, AgreementKind, fingerprint
from accounts.rules.kyc import Answer, DecisionReason, KycKind, KycLevel, KycState
from accounts.rules.step_up import Operation
from accounts.selectors.agreements import current_agreements, published_versions
from accounts.services.kyc_levels import grant_face, grant_name
from accounts.services.pin_hashes import hash_pin
from accounts.services.sessions import Tokens, issue_session
from accounts.services.step_up import authorise
from wallet_project.kit import clock
from wallet_project.kit.crypto import new_token, token_hash
from wallet_project.kit.serials import new_serial

PIN = "318842"
_dice = random.SystemRandom()  # forked processes share the state of any other
_order_codes = count(_dice.randrange(1000))
_DISTRICTS = (110101, 110102, 110105, 110106, 110107, 110108, 310101, 310104, 310105, 310106, 310107, 310109)


@dataclass(frozen=True)
class LoggedIn:
    user: User
    device: Device
    tokens: Tokens

    @property
    def session(self) -> Session:
        return Session.objects.filter(device=self.device).latest("pk")

    def as_header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.access_token}"}


def logged_in(**fields: Any) -> LoggedIn:
    """A new user who agreed to everything mandatory, logged in on a new device."""
    person = newcomer(**fields)
    agree(person.user)
    return person


def agree(user: User) -> None:
    now = clock.now()
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            user=user, agreement=version, act=ConsentRecord.Act.GIVEN, at=now, sha256=version.sha256
        )
        for version in current_agreements(now, MANDATORY)
    )


def newcomer(**fields: Any) -> LoggedIn:
    """A new user, logged in on a new device, who agreed to nothing yet."""
    user = User.objects.create_user(**fields)
    now = clock.now()
    device = Device.objects.create(
        user=user, device_id=f"d-{uuid.uuid4().hex}", first_seen_at=now, last_seen_at=now
    )
    with transaction.atomic():
        tokens, _ended = issue_session(device=device, now=now)
    return LoggedIn(user=user, device=device, tokens=tokens)


def with_pin(person: LoggedIn) -> LoggedIn:
    """Who has set a payment PIN long ago; it is PIN."""
    set_at = clock.now() - timedelta(days=30)
    hashed = hash_pin(user_id=person.user.pk, pin=PIN)
    pin = {"pin_hash": hashed.stored, "pepper": hashed.pepper, "set_at": set_at}
    PaymentPin.objects.update_or_create(user=person.user, defaults=pin)
    return person


def another_device(person: LoggedIn) -> LoggedIn:
    """The same user, logged in on a second, new device."""
    now = clock.now()
    device = Device.objects.create(
        user=person.user, device_id=f"d-{uuid.uuid4().hex}", first_seen_at=now, last_seen_at=now
    )
    with transaction.atomic():
        tokens, _ended = issue_session(device=device, now=now)
    return LoggedIn(user=person.user, device=device, tokens=tokens)


def challenge_of(person: LoggedIn, operation: Operation) -> str:
    """What the person would have to prove before this operation: the challenge's id."""
    try:
        authorise(user_id=person.user.pk, device_id=person.device.device_id, operation=operation, grant="")
    except StepUpRequired as asked:
        return str(asked.detail["challenge_id"])
    raise AssertionError("nothing is to be proven")


def grant_for(person: LoggedIn, operation: Operation) -> str:
    """The grant of a challenge that was asked for and proven, whatever was to be proven."""
    return grant_of(challenge_of(person, operation))


def grant_of(challenge_id: str) -> str:
    """The grant of this challenge, which is proven now."""
    grant = new_token()
    StepUpChallenge.objects.filter(public_id=challenge_id).update(
        state=ChallengeState.PROVEN, grant_hash=token_hash(grant)
    )
    return grant


def phone_request(user: User, *, phone: str) -> PhoneChangeRequest:
    """Somebody with a phone asks for this one instead."""
    request = PhoneChangeRequest(user=user, requested_at=clock.now())
    request.seal(phone=phone, reason="旧手机丢失")
    request.save()
    return request


def announced(
    kind: AgreementKind, *, effective_at: datetime | None = None, **fields: Any
) -> AgreementVersion:
    """The next version of an agreement, published a month before it takes effect."""
    last = published_versions().filter(kind=kind).order_by("-version")[0]
    effective_at = effective_at or clock.now()
    text = {"kind": kind, "version": last.version + 1, "title": last.title, "body": last.body}
    text |= {name: fields[name] for name in ("title", "body") if name in fields}
    return AgreementVersion.objects.create(
        **{**text, **fields},
        effective_at=effective_at,
        published_at=effective_at - timedelta(days=30),
        sha256=fingerprint(**text),
    )


def kyc_application(user: User, **fields: Any) -> KycApplication:
    """One that waits for a person to decide."""
    now = clock.now()
    application = KycApplication(
        **{
            "number": new_serial("K", now),
            "user": user,
            "kind": KycKind.NAME,
            "state": KycState.REVIEW,
            "answer": Answer.NO_RECORD,
            "submitted_at": now,
            **fields,
        }
    )
    application.seal(name="欧阳娜", id_number=new_id_number())
    application.save()
    return application


def known_by_name(user: User) -> RealName:
    """Whose name and ID number were verified."""
    decided = {"state": KycState.APPROVED, "reason": DecisionReason.MATCHED, "decided_at": clock.now()}
    application = kyc_application(user, **decided)
    with transaction.atomic():
        assert grant_name(application, at=clock.now()) is None
    return RealName.objects.get(user=user)


def with_level(user: User, level: KycLevel) -> User:
    """Of whom as much is known as this level asks."""
    if level >= KycLevel.I:
        user.set_phone(f"170{uuid.uuid4().int % 10**8:08d}", at=clock.now())
        user.save()
    if level >= KycLevel.II:
        known_by_name(user)
    if level >= KycLevel.III:
        application = kyc_application(user, kind=KycKind.FACE, state=KycState.VERIFYING)
        with transaction.atomic():
            assert grant_face(application, at=clock.now()) is None
    return user


def id_number_born(birthday: date) -> str:
    """An ID number that nobody else here has, of somebody born on a day."""
    body = f"{_dice.choice(_DISTRICTS)}{birthday:%Y%m%d}{next(_order_codes) % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # as GB 11643 prints them
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def new_id_number(years: int | None = None) -> str:
    """
    Of somebody so old today, or in the years when a card is valid for twenty; committed tests never meet a
    number twice.
    """
    today = clock.business_day(clock.now())
    years = years or _dice.randrange(28, 44)
    days = _dice.randrange(0, 300)
    return id_number_born(date(today.year - years, today.month, min(today.day, 28)) - timedelta(days=days))
