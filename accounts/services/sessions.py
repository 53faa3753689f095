"""
Issue, refresh, revoke tokens.

What was written here is true at once everywhere: whoever changes a session or what its Holder says calls
`forget_access` after the commit, so that nobody goes on believing what Valkey remembers.
"""

import base64
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from accounts.errors import TokenInvalid
from accounts.models import Device, RevokeReason, Session
from accounts.selectors.sessions import REMEMBER_SECONDS, holder_key, require_usable, split_token
from accounts.services.login_records import record_ends
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.cache import CacheUnavailable, cache
from wallet_project.kit.crypto import new_token, token_hash
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit

logger = logging.getLogger(__name__)

# A client whose connection broke has not heard its new tokens; for this long the old one may ask again.
REPEAT = timedelta(seconds=30)
_LOOK_IT_UP = False  # remembered in place of a Holder: ask the table


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What the client keeps. Lifetimes in seconds from now."""

    access_token: str
    refresh_token: str
    expires_in: int


def issue_session(*, device: Device, now: datetime) -> tuple[Tokens, list[bytes]]:
    """
    A new session on a device, which ends the one before: its tokens and the access hashes to forget.

    Must be called in the transaction that locked the device.
    """
    require_transaction()
    ended = revoke_sessions(Session.objects.filter(device=device), reason=RevokeReason.REPLACED, now=now)
    family, ip = new_token(), context.current().ip
    access_token, refresh_token = f"{family}.{new_token()}", f"{family}.{new_token()}"
    Session.objects.create(
        user_id=device.user_id,
        device=device,
        family_hash=token_hash(family),
        access_hash=token_hash(access_token),
        access_expires_at=now + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS),
        refresh_hash=token_hash(refresh_token),
        refresh_expires_at=now + timedelta(seconds=settings.REFRESH_TOKEN_SECONDS),
        created_at=now,
        created_ip=ip,
        last_seen_at=now,
        last_seen_ip=ip,
    )
    tokens = Tokens(
        access_token=access_token, refresh_token=refresh_token, expires_in=settings.ACCESS_TOKEN_SECONDS
    )
    return tokens, ended


def refresh_session(*, refresh_token: str, device_id: str) -> Tokens:
    """
    New tokens for a refresh token, which dies of it. Asked again within `REPEAT` with the same token the
    answer is the same, so a lost answer or two requests at once log nobody out.

    :raises TokenInvalid: unknown, expired or revoked; or stolen, which revokes the session for everybody
    :raises AccountFrozen: the user may not act now
    :raises AccountClosed: the user may not act ever again
    """
    now = clock.now()
    tokens, to_forget = _refresh(refresh_token=refresh_token, device_id=device_id, now=now)
    forget_access(to_forget)
    if tokens is None:
        raise TokenInvalid
    return tokens


@retry_conflicts
def log_out(*, session_id: int) -> None:
    """End one session, now. Harmless twice."""
    with transaction.atomic(durable=True):
        ended = revoke_sessions(
            Session.objects.filter(pk=session_id), reason=RevokeReason.LOGGED_OUT, now=clock.now()
        )
    forget_access(ended)


def revoke_sessions(sessions: QuerySet[Session], *, reason: RevokeReason, now: datetime) -> list[bytes]:
    """End the open ones among these; the access hashes to forget after the commit."""
    require_transaction()
    still_open = sessions.select_related("device").filter(revoked_at=None)
    ended = list(still_open.select_for_update(of=("self",)).order_by("pk"))
    for session in ended:
        session.revoked_at, session.revoke_reason = now, reason
        session.save(update_fields=["revoked_at", "revoke_reason"])
    record_ends(ended, reason=reason, now=now)
    return [bytes(session.access_hash) for session in ended]


@retry_conflicts
def log_out_elsewhere(*, user_id: int, session_id: int) -> int:
    """End all of this person's sessions but this one, now; returns how many those were."""
    with transaction.atomic(durable=True):
        return revoke_sessions_of(
            user_id=user_id, reason=RevokeReason.OTHERS_ENDED, keep_session_id=session_id
        )


def revoke_sessions_of(*, user_id: int, reason: RevokeReason, keep_session_id: int | None = None) -> int:
    """
    End a person's open sessions, all or all but one, in the caller's transaction; returns how many.

    Their tokens are forgotten when it commits.
    """
    require_transaction()
    theirs = Session.objects.filter(user_id=user_id)
    if keep_session_id is not None:
        theirs = theirs.exclude(pk=keep_session_id)
    ended = revoke_sessions(theirs, reason=reason, now=clock.now())
    transaction.on_commit(lambda: forget_access(ended))
    return len(ended)


def access_hashes_of(user_id: int) -> list[bytes]:
    """Every access token by which this user can be remembered."""
    found = Session.objects.filter(user_id=user_id, revoked_at=None, access_expires_at__gt=clock.now())
    return [bytes(hashed) for hashed in found.values_list("access_hash", flat=True)]


def forget_access(access_hashes: Collection[bytes]) -> None:
    """
    From now on the tables are asked about these tokens. Call it after the commit.

    A marker, not a deletion: a request that read the table before the commit may be about to remember what
    it saw, and `add` does not overwrite a marker. Where Valkey is away, nobody can ask it either; a job
    leaves the marker when it is back, before which nothing is believed for longer than a minute.
    """
    try:
        mark_forgotten(access_hashes)
    except CacheUnavailable:
        after_commit("accounts.forget_access", hashes=[hashed.hex() for hashed in access_hashes])


def mark_forgotten(access_hashes: Collection[bytes]) -> None:
    """
    :raises CacheUnavailable: Valkey cannot be reached
    """
    for hashed in access_hashes:
        cache.set_for_certain(holder_key(hashed), _LOOK_IT_UP, timeout=REMEMBER_SECONDS)


@retry_conflicts
def _refresh(*, refresh_token: str, device_id: str, now: datetime) -> tuple[Tokens | None, list[bytes]]:
    """No tokens: it was stolen. Returned, not raised, because the revocation must be committed."""
    family_hash, given = split_token(refresh_token), token_hash(refresh_token)
    with transaction.atomic(durable=True):
        session = (
            Session.objects.select_for_update(of=("self",))
            .select_related("user", "device")
            .filter(family_hash=family_hash, revoked_at=None, refresh_expires_at__gt=now)
            .first()
        )
        if session is None:
            raise TokenInvalid
        require_usable(session.user.status)
        if session.device.device_id != device_id:
            return None, _revoke_stolen(session, reason=RevokeReason.OTHER_DEVICE, now=now)
        if given == bytes(session.refresh_hash):
            return _rotate(session, refresh_token=refresh_token, now=now)
        if _is_repeated(session, given=given, now=now):
            return _successors(refresh_token, expires_at=session.access_expires_at, now=now), []
        return None, _revoke_stolen(session, reason=RevokeReason.TOKEN_REUSED, now=now)


def _rotate(session: Session, *, refresh_token: str, now: datetime) -> tuple[Tokens, list[bytes]]:
    expires_at = now + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS)
    tokens = _successors(refresh_token, expires_at=expires_at, now=now)
    outdated = bytes(session.access_hash)
    session.previous_refresh_hash = session.refresh_hash
    session.refreshed_at = now
    session.access_hash = token_hash(tokens.access_token)
    session.access_expires_at = expires_at
    session.refresh_hash = token_hash(tokens.refresh_token)
    session.refresh_expires_at = now + timedelta(seconds=settings.REFRESH_TOKEN_SECONDS)
    session.last_seen_at = now
    session.last_seen_ip = context.current().ip
    session.save()
    return tokens, [outdated]


def _is_repeated(session: Session, *, given: bytes, now: datetime) -> bool:
    return (
        session.previous_refresh_hash is not None
        and session.refreshed_at is not None
        and given == bytes(session.previous_refresh_hash)
        and now - session.refreshed_at <= REPEAT
    )


def _successors(refresh_token: str, *, expires_at: datetime, now: datetime) -> Tokens:
    """The tokens that follow one: derived from it and our secret, so they are told again, not stored."""
    family = refresh_token.partition(".")[0]
    return Tokens(
        access_token=f"{family}.{_derive('access', refresh_token)}",
        refresh_token=f"{family}.{_derive('refresh', refresh_token)}",
        expires_in=max(int((expires_at - now).total_seconds()), 0),
    )


def _derive(kind: str, refresh_token: str) -> str:
    digest = salted_hmac(f"accounts.sessions.{kind}", refresh_token, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _revoke_stolen(session: Session, *, reason: RevokeReason, now: datetime) -> list[bytes]:
    ended = revoke_sessions(Session.objects.filter(pk=session.pk), reason=reason, now=now)
    record_audit(
        action="accounts.session.stolen",
        subject=f"user:{session.user_id}",
        facts={"session_id": session.pk, "reason": reason},
    )
    logger.warning("accounts.session.stolen", extra={"session_id": session.pk, "reason": str(reason)})
    return ended
