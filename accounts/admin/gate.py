"""What stands between a member of staff and every page of the admin, checked at every request."""

import ipaddress
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp.middleware import OTPMiddleware

from accounts.models import StaffProfile, User
from accounts.selectors.staff import authenticator_of, profile_of
from wallet_project.kit import clock
from wallet_project.kit.api.middleware import client_ip

logger = logging.getLogger(__name__)

LOGGED_IN_AT = "staff_logged_in_at"


class StaffGate:
    """
    After OTPMiddleware. In this order: the network one may come from, a session that is not over, a second
    factor, a password that is one's own and not too old.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            _require_network(request)
            if request.user.is_authenticated and (elsewhere := _elsewhere(request)):
                return redirect(elsewhere)
        return self.get_response(request)


def staff_behind(request: HttpRequest) -> User | None:
    """
    Whom the admin would let in with what this request carries, asked of a request that never came to it: a
    socket's handshake. It is no sign of life: an idle session ends all the same.
    """
    _SESSIONS.process_request(request)
    found: Any = _RECOGNISE(request)
    return found


def _member_of_staff(request: HttpRequest) -> User | None:
    _require_network(request)
    user: Any = request.user
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return None
    profile, now = profile_of(user.pk), clock.now()
    verified = getattr(user, "otp_device", None) is not None
    if (
        not verified
        or _is_over(request, profile, now=now)
        or (profile and _needs_new_password(profile, now=now))
    ):
        return None
    return cast(User, user)


# As in settings.MIDDLEWARE.
_SESSIONS: Any = SessionMiddleware(_member_of_staff)  # type: ignore[arg-type] # it is not asked to answer
_RECOGNISE: Any = AuthenticationMiddleware(OTPMiddleware(_member_of_staff))


def _require_network(request: HttpRequest) -> None:
    allowed = settings.ADMIN_ALLOWED_NETWORKS
    if allowed and not any(ipaddress.ip_address(client_ip(request)) in network for network in allowed):
        logger.warning("accounts.staff.network_refused", extra={"ip": client_ip(request)})
        raise PermissionDenied


def _elsewhere(request: HttpRequest) -> str | None:
    """Where they must go first, if anywhere."""
    profile, now = profile_of(request.user.pk or 0), clock.now()
    if _is_over(request, profile, now=now):
        logout(request)
        messages.info(request, "登录已到期或已失效，请重新登录。")
        return reverse("admin:login")
    if request.path_info in {reverse("admin:logout"), reverse("admin:jsi18n")}:
        return None
    if not request.user.is_staff:
        return None  # a customer's session: the admin sends it to the login
    if getattr(request.user, "otp_device", None) is None:
        return _unless_there(request, "admin:second_factor") if not _has_factor(request) else None
    if profile and _needs_new_password(profile, now=now):
        return _unless_there(request, "admin:password_change")
    return None


def _is_over(request: HttpRequest, profile: StaffProfile | None, *, now: datetime) -> bool:
    began = request.session.get(LOGGED_IN_AT)
    if began is None:
        return True
    at = datetime.fromisoformat(began)
    outlived = now - at > timedelta(seconds=settings.ADMIN_SESSION_SECONDS)
    return outlived or (profile is not None and at < profile.sessions_from)


def _has_factor(request: HttpRequest) -> bool:
    return authenticator_of(request.user.pk or 0) is not None


def _needs_new_password(profile: StaffProfile, *, now: datetime) -> bool:
    days = settings.ADMIN_PASSWORD_MAX_AGE_DAYS
    return profile.must_change_password or (
        days > 0 and now - profile.password_changed_at > timedelta(days=days)
    )


def _unless_there(request: HttpRequest, name: str) -> str | None:
    address = reverse(name)
    return None if request.path_info == address else address
