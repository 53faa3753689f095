"""Opens the request context, closes the access log line, and keeps every API answer in one shape."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from wallet_project.kit import context
from wallet_project.kit.api.exceptions import answer_error, error_for_status
from wallet_project.kit.errors import InternalError, TemporarilyUnavailable
from wallet_project.kit.metrics import note_request

logger = logging.getLogger("wallet.access")

_REQUEST_ID = re.compile(r"[0-9A-Za-z\-]{8,64}")
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/")

Handler = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        with context.acting(request_id=request_id, actor="anonymous", ip=client_ip(request)):
            response = self._answer(request)
            response["Request-Id"] = request_id
            if request.path_info.startswith("/api/"):
                response.headers.setdefault("Cache-Control", "no-store")
            seconds = time.monotonic() - started
            note_request(request, response, seconds=seconds)
            if not request.path_info.startswith(_QUIET):
                logger.info(
                    "access",
                    extra={
                        "method": request.method,
                        "path": request.path_info,
                        "status": response.status_code,
                        "ms": round(seconds * 1000, 1),
                    },
                )
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            request.path_info.startswith("/api/v1/")
            and response.status_code >= 400
            and not response.get("Content-Type", "").startswith("application/json")
        ):
            # Django's own pages (no such route, bad host) in the shape clients can read.
            return answer_error(error_for_status(response.status_code), response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The last resort under DRF's handler, for doors that are plain views."""
        if not request.path_info.startswith("/api/"):
            return None
        if isinstance(error, OperationalError | InterfaceError):
            return answer_error(TemporarilyUnavailable())
        logger.error("kit.api.unhandled", exc_info=error)
        return answer_error(InternalError())


class StaffContextMiddleware:
    """After authentication: what staff do in the admin is done in their name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_for_staff(request):
            context.fill_in(actor=f"staff:{request.user.pk}")
            with context.seen_by(request.user):
                return self.get_response(request)
        return self.get_response(request)


class HtmxRedirectMiddleware:
    """
    The admin's dialogs post by htmx, which would follow a redirect inside the dialog: told by its own header
    (HX-Redirect), it takes the whole page there. A 403, say for whoever comes second to a case, it would not
    show at all, and the button would seem dead: the page is loaded anew (HX-Refresh) and says why.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") and response.status_code == 302:
            told = HttpResponse(headers={"HX-Redirect": response.headers["Location"]})
            told.cookies = response.cookies
            return told
        if request.headers.get("HX-Request") and response.status_code == 403 and _is_for_staff(request):
            messages.warning(request, "没有办成：这条记录刚刚有了变化，或者这一步不对您开放")
            response.headers["HX-Refresh"] = "true"
        return response


def _is_for_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/") and request.user.is_authenticated


class ContentSecurityPolicyMiddleware:
    """Strict; only the admin theme and Swagger UI need inline scripts, and the theme's Alpine needs eval."""

    _STRICT = (
        "default-src 'self'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )
    _INLINE = f"{_STRICT}; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        loose = request.path_info.startswith(("/admin/", "/api/docs"))
        policy = self._INLINE if loose else self._STRICT
        if settings.CHAT_SOCKET_URL and request.path_info.startswith("/admin/"):
            policy = f"{policy}; connect-src 'self' {settings.CHAT_SOCKET_URL}"
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def client_ip(request: HttpRequest) -> str:
    """The peer, or what our own proxies (NUM_PROXIES of them) say; the rest of the header is hearsay."""
    peer = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.REST_FRAMEWORK["NUM_PROXIES"]
    if not proxies:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-min(proxies, len(hops))] if hops else peer
