"""Who holds an access token: the hottest question of all, answered from Valkey when it can be."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max, QuerySet

from accounts.errors import AccountClosed, AccountFrozen, TokenExpired, TokenInvalid
from accounts.models import Session, User, UserStatus
from accounts.selectors.consents import consent_due_at
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash

REMEMBER_SECONDS = 60
_INSTANTS = ("phone_bound_at", "consent_due_at", "expires_at")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The user and session behind an access token; from `consent_due_at` on they must agree to something."""

    user_id: int
    uid: UUID
    status: str
    phone_bound_at: datetime | None
    consent_due_at: datetime | None
    session_id: int
    device_id: str
    expires_at: datetime

    @property
    def user(self) -> User:
        """A User that knows what is above; any other field costs a query when it is read."""
        known = ["id", "uid", "status", "phone_bound_at"]
        return User.from_db("default", known, [self.user_id, self.uid, self.status, self.phone_bound_at])


def holder_of(access_token: str) -> Holder:
    """
    At most one query, none when the token was seen in the last minute.

    :raises TokenExpired: the session lives, this token of it does not
    :raises TokenInvalid: no such session, or it was revoked
    :raises AccountFrozen: the session lives, its user may not act
    :raises AccountClosed: the same, for good
    """
    hashed = token_hash(access_token)
    remembered = cache.get(holder_key(hashed))
    holder = _recall(remembered) if remembered else _look_up(access_token, hashed)
    if holder.expires_at <= clock.now():
        raise TokenExpired
    require_usable(holder.status)
    return holder


def require_usable(status: str) -> None:
    """
    :raises AccountFrozen: the user may not act now
    :raises AccountClosed: the user may not act ever again
    """
    if status == UserStatus.FROZEN:
        raise AccountFrozen
    if status == UserStatus.CLOSED:
        raise AccountClosed


def is_alive(session_id: int) -> bool:
    """Whether somebody is still logged in by this session; a freeze and a closure end it too."""
    return Session.objects.filter(pk=session_id, revoked_at=None).exists()


def holder_key(access_hash: bytes) -> str:
    """Where a holder is remembered; the number goes up when Holder changes its shape."""
    return f"holder:3:{access_hash.hex()}"


def split_token(token: str) -> bytes:
    """
    The hash of the family a token belongs to.

    :raises TokenInvalid: it is no token of ours
    """
    family, dot, secret = token.partition(".")
    if not (family and dot and secret) or len(token) > 128:
        raise TokenInvalid
    return token_hash(family)


def _look_up(access_token: str, hashed: bytes) -> Holder:
    session = (
        Session.objects.filter(family_hash=split_token(access_token), revoked_at=None)
        .select_related("user", "device")
        .only(
            "access_hash",
            "access_expires_at",
            "user__uid",
            "user__status",
            "user__phone_bound_at",
            "device__device_id",
        )
        .annotate(consent_due_at=consent_due_at())
        .first()
    )
    if session is None:
        raise TokenInvalid
    if bytes(session.access_hash) != hashed:
        raise TokenExpired  # of an earlier generation: a request that overtook the refresh
    holder = Holder(
        user_id=session.user_id,
        uid=session.user.uid,
        status=session.user.status,
        phone_bound_at=session.user.phone_bound_at,
        consent_due_at=session.consent_due_at,
        session_id=session.pk,
        device_id=session.device.device_id,
        expires_at=session.access_expires_at,
    )
    # add, not set: a revocation between our look and this line has left a marker that must win.
    cache.add(holder_key(hashed), _plain(holder), timeout=REMEMBER_SECONDS)
    return holder


def _plain(holder: Holder) -> dict[str, Any]:
    """What the cache can hold: an id and instants as text."""
    plain = asdict(holder)
    instants = {name: _as_text(plain[name]) for name in _INSTANTS}
    return {**plain, **instants, "uid": holder.uid.hex}


def _recall(plain: dict[str, Any]) -> Holder:
    instants = {name: _as_instant(plain[name]) for name in _INSTANTS}
    return Holder(**{**plain, **instants, "uid": UUID(plain["uid"])})


def _as_text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _as_instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def last_seen(user_id: int) -> datetime | None:
    """When somebody last came by, give or take the life of an access token; None: never."""
    last: datetime | None = Session.objects.filter(user=user_id).aggregate(last=Max("last_seen_at"))["last"]
    return last


def people_last_seen(*, since: datetime, until: datetime) -> QuerySet[Session, tuple[int, datetime]]:
    """(user, moment) of active customers who last came by in [since, until); reads every session."""
    customers = Session.objects.filter(user__status=UserStatus.ACTIVE, user__is_staff=False)
    seen = customers.order_by().values("user").annotate(last=Max("last_seen_at"))
    return seen.filter(last__gte=since, last__lt=until).values_list("user", "last")
