"""
The staff's second factor: set up, prove, replace, take away.

A wrong code is counted before the answer is known to anybody, and each one makes the next wait longer, up to
an hour: whoever has the password alone gets a few hundred tries a year at a million codes.
"""

import base64
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.errors import SecondFactorPaused, SecondFactorRefused
from accounts.models import Authenticator, RecoveryCode, User
from accounts.rules.one_time_codes import step_of_code
from accounts.services.locks import lock_user
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash
from wallet_project.kit.db import require_transaction, retry_conflicts

RECOVERY_CODES = 10
LONGEST_PAUSE = timedelta(hours=1)
_COLUMN = "accounts.authenticator.secret"


def begin_set_up(*, staff_id: int) -> str:
    """The secret, in base32, that the authenticator app is to learn; the same until it is confirmed."""
    with transaction.atomic(durable=True):
        staff = lock_user(staff_id)
        waiting = Authenticator.objects.filter(user=staff, confirmed=False).first()
        if waiting is None:
            waiting = _new_authenticator(staff, secrets.token_bytes(20), now=clock.now())
    return _secret_of(waiting)


def confirm_set_up(*, staff_id: int, code: str) -> tuple[Authenticator, list[str]]:
    """
    The app shows the right code: from now on it counts, in place of the one before. Told once: new recovery
    codes.

    :raises SecondFactorRefused: wrong code
    :raises SecondFactorPaused: too many wrong ones just now
    """
    authenticator = _try(staff_id=staff_id, code=code, confirmed=False)
    with transaction.atomic(durable=True):
        Authenticator.objects.filter(user_id=staff_id, confirmed=True).delete()
        authenticator.confirmed, authenticator.confirmed_at = True, clock.now()
        authenticator.save(update_fields=["confirmed", "confirmed_at"])
        codes = _new_recovery_codes(authenticator)
        _record("enrolled", staff_id)
    return authenticator, codes


def cancel_set_up(*, staff_id: int) -> None:
    """The one before goes on."""
    Authenticator.objects.filter(user_id=staff_id, confirmed=False).delete()


def prove_second_factor(*, staff_id: int, code: str) -> Authenticator:
    """
    Six digits from the app, or one of the recovery codes; neither works twice.

    :raises SecondFactorRefused: wrong, or used before
    :raises SecondFactorPaused: too many wrong ones just now; this one was not even looked at
    """
    return _try(staff_id=staff_id, code=code, confirmed=True)


def renew_recovery_codes(*, staff_id: int) -> list[str]:
    """Ten new ones, told once; the old ones are worth nothing."""
    with transaction.atomic(durable=True):
        authenticator = Authenticator.objects.select_for_update().get(user_id=staff_id, confirmed=True)
        codes = _new_recovery_codes(authenticator)
        _record("recovery_codes_renewed", staff_id)
    return codes


def remove_second_factor(*, staff_id: int) -> None:
    """They set up a new one at their next login. Sessions that the old one opened are over."""
    require_transaction()
    Authenticator.objects.filter(user_id=staff_id).delete()
    _record("removed", staff_id)


def install_authenticator(*, staff_id: int, secret: bytes) -> None:
    """Give the demo's staff an authenticator whose codes the launcher can tell."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=staff_id).delete()
        now = clock.now()
        made = _new_authenticator(User.objects.get(pk=staff_id), secret, now=now)
        made.confirmed, made.confirmed_at = True, now
        made.save(update_fields=["confirmed", "confirmed_at"])


@retry_conflicts
def _try(*, staff_id: int, code: str, confirmed: bool) -> Authenticator:
    now, typed = clock.now(), "".join(code.split()).replace("-", "").upper()
    with transaction.atomic(durable=True):
        authenticator = (
            Authenticator.objects.select_for_update(of=("self",))
            .select_related("user__personal_key")
            .filter(user_id=staff_id, confirmed=confirmed)
            .first()
        )
        if authenticator is None:
            raise SecondFactorRefused
        if authenticator.paused_until and now < authenticator.paused_until:
            raise SecondFactorPaused(until=authenticator.paused_until)
        accepted = _is_code(authenticator, typed, now=now) or _spends_recovery_code(authenticator, typed, now)
        _count(authenticator, accepted=accepted, now=now)
    if not accepted:
        raise SecondFactorRefused
    return authenticator


def _is_code(authenticator: Authenticator, typed: str, *, now: datetime) -> bool:
    secret = base64.b32decode(_secret_of(authenticator))
    step = step_of_code(secret=secret, code=typed, at=now, after=authenticator.last_step)
    if step is not None:
        authenticator.last_step = step
    return step is not None


def _spends_recovery_code(authenticator: Authenticator, typed: str, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(
        authenticator=authenticator, code_hash=token_hash(typed), used_at=None
    )
    spent = unused.update(used_at=now) == 1
    if spent:
        _record("recovery_code_used", authenticator.user_id)
    return spent


def _count(authenticator: Authenticator, *, accepted: bool, now: datetime) -> None:
    authenticator.failures = 0 if accepted else min(authenticator.failures + 1, 30)
    pause = min(timedelta(seconds=2**authenticator.failures), LONGEST_PAUSE)
    # The first few are slips of the finger; the lockout of the login page counts them as well.
    authenticator.paused_until = now + pause if authenticator.failures > 3 else None
    authenticator.save(update_fields=["last_step", "failures", "paused_until"])


def _new_authenticator(staff: User, secret: bytes, *, now: datetime) -> Authenticator:
    sealed = staff.personal_key.seal(base64.b32encode(secret).decode(), column=_COLUMN)
    return Authenticator.objects.create(user=staff, secret_sealed=sealed, created_at=now)


def _secret_of(authenticator: Authenticator) -> str:
    return authenticator.user.personal_key.open(authenticator.secret_sealed, column=_COLUMN)


def _new_recovery_codes(authenticator: Authenticator) -> list[str]:
    """Sixteen letters and digits in fours."""
    RecoveryCode.objects.filter(authenticator=authenticator).delete()
    made = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(authenticator=authenticator, code_hash=token_hash(code)) for code in made
    )
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in made]


def _record(what: str, staff_id: int) -> None:
    record_audit(action=f"accounts.second_factor.{what}", subject=f"user:{staff_id}", facts={})
