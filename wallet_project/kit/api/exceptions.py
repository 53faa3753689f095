"""The one place where errors become JSON: {"code", "message", "detail", "request_id"}."""

import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions as drf
from rest_framework.utils.encoders import JSONEncoder

from wallet_project.kit import context
from wallet_project.kit.db import RETRIABLE, sqlstate
from wallet_project.kit.errors import (
    BodyTooLarge,
    DomainError,
    InternalError,
    InvalidInput,
    MalformedBody,
    MethodNotAllowed,
    NotAcceptable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    TemporarilyUnavailable,
    TooManyRequests,
    UnsupportedMediaType,
)

logger = logging.getLogger(__name__)


def answer_exception(error: Exception, _view_context: dict[str, Any]) -> HttpResponse:
    """DRF's EXCEPTION_HANDLER."""
    return answer_error(as_domain_error(error))


def answer_error(error: DomainError, status: int | None = None) -> HttpResponse:
    body = {
        "code": error.code,
        "message": str(error.message),
        "detail": error.detail,
        "request_id": context.current().request_id,
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, cls=JSONEncoder),
        status=status or error.status,
        content_type="application/json",
    )
    retry_after = error.detail.get("retry_after") or error.retry_after
    if retry_after:
        response["Retry-After"] = str(retry_after)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def as_domain_error(error: Exception) -> DomainError:
    """Whatever was raised, as one of our errors; what nobody expected is logged and becomes a 500."""
    match error:
        case DomainError():
            return error
        case drf.ValidationError():
            return InvalidInput(fields=_fields(error.detail))
        case drf.ParseError():
            return MalformedBody(reason=str(error.detail))
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return NotAuthenticated()
        case drf.PermissionDenied() | PermissionDenied():
            return NotAllowed()
        case drf.NotFound() | Http404():
            return NotFound()
        case drf.MethodNotAllowed():
            return MethodNotAllowed()
        case drf.NotAcceptable():
            return NotAcceptable()
        case drf.UnsupportedMediaType():
            return UnsupportedMediaType()
        case drf.Throttled():
            return TooManyRequests(retry_after=int(getattr(error, "wait", None) or 1))
        case RequestDataTooBig():
            return BodyTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        case UnreadablePostError():
            return MalformedBody(reason="the body broke off")
        case SuspiciousOperation():
            return InvalidInput(fields={})  # too many parameters, a host that is not ours
        case DataError():
            # A value PostgreSQL cannot hold slipped past the serializers: the caller's, not ours.
            logger.warning("kit.api.data_error", exc_info=error)
            return InvalidInput(fields={})
        case OperationalError() | InterfaceError():
            if sqlstate(error) not in RETRIABLE:
                logger.error("kit.api.database_away", exc_info=error)
            return TemporarilyUnavailable()
        case _:
            logger.error("kit.api.unhandled", exc_info=error)
            return InternalError()


def error_for_status(status: int) -> DomainError:
    """What Django itself refused, before any door was reached: no such route, a foreign host, a bad form."""
    known: dict[int, DomainError] = {
        400: InvalidInput(fields={}),
        403: NotAllowed(),
        404: NotFound(),
        405: MethodNotAllowed(),
    }
    return known.get(status, InternalError())


def _fields(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors, flat: {"amount": ["…"], "items.0.name": ["…"]}."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found.update(_fields(inner, f"{path}.{name}" if path else str(name)))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return _fields({index: item for index, item in enumerate(detail) if item}, path)
    return {path or "body": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
