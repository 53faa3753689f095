"""Logins, failures, lockouts and logouts of the staff, written to the trail as they happen."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.admin.gate import LOGGED_IN_AT
from accounts.models import User
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context


@receiver(user_logged_in)
def note_login(request: HttpRequest, user: User, **_signal: Any) -> None:
    request.session[LOGGED_IN_AT] = clock.now().isoformat()
    context.fill_in(actor=f"staff:{user.pk}")
    proven = getattr(user, "otp_device", None) is not None
    _record("login", f"user:{user.pk}", second_factor=proven)


@receiver(user_logged_out)
def note_logout(user: User | None, **_signal: Any) -> None:
    if user is not None:
        _record("logout", f"user:{user.pk}")


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **_signal: Any) -> None:
    _record("login_failed", _named(credentials.get("username")))


@receiver(user_locked_out)
def note_lockout(username: str | None, **_signal: Any) -> None:
    _record("locked_out", _named(username))


def _named(username: str | None) -> str:
    """A name that nobody has is not written down: people type their password into the wrong field."""
    known = User.objects.filter(username=username, is_staff=True).values_list("pk", flat=True).first()
    return f"user:{known}" if known else "user:unknown"


def _record(what: str, subject: str, **facts: object) -> None:
    record_audit(action=f"accounts.staff.{what}", subject=subject, facts=facts)
