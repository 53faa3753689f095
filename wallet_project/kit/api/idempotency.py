"""@idempotent: same key and body, same answer, byte for byte."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from wallet_project.kit import context, idempotency
from wallet_project.kit.api.exceptions import answer_error
from wallet_project.kit.errors import DomainError, IdempotencyKeyMissing

_KEY = re.compile(r"[0-9A-Za-z_\-]{8,64}")


def idempotent(method: Callable[..., Response]) -> Callable[..., HttpResponse]:
    """
    For every POST that moves money. The caller's `Idempotency-Key` belongs to the caller alone.

    What the work answered, success or refusal, is stored and answered again. Input that was never accepted,
    a limit on requests, and "try again" answers are not stored: the key stays free.
    """

    @wraps(method)
    def once(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not _KEY.fullmatch(key):
            raise IdempotencyKeyMissing
        fingerprint = idempotency.fingerprint(
            method=request.method or "", path=request.path, body=request.data
        )
        earlier = idempotency.claim(scope=context.current().actor, key=key, fingerprint=fingerprint)
        if earlier:
            response = HttpResponse(earlier.body, status=earlier.status, content_type="application/json")
            response["Idempotent-Replayed"] = "true"
            return response
        try:
            answer = method(self, request, *args, **kwargs)
            body = json.dumps(answer.data, ensure_ascii=False, cls=JSONEncoder)
        except DomainError as error:
            if not error.remembered:
                idempotency.release()
                raise
            return _remember(answer_error(error))
        except BaseException:
            idempotency.release()
            raise
        return _remember(HttpResponse(body, status=answer.status_code, content_type="application/json"))

    once.is_idempotent = True  # type: ignore[attr-defined]  # read by the schema and the architecture test
    return once


def _remember(response: HttpResponse) -> HttpResponse:
    idempotency.finish(idempotency.Answer(status=response.status_code, body=response.content))
    return response
