"""How an answer goes wrong on either host; `failure(kind)` says busy or broken in its own words."""

import time
from collections.abc import Callable

from django.http import HttpResponse

from wallet_project.sandbox.scenarios import Fault

Failure = Callable[[str], HttpResponse]


def early_answer(fault: Fault, failure: Failure) -> HttpResponse:
    """The request is not carried out."""
    if fault.kind == "timeout_before":
        time.sleep(fault.seconds)
        return broken_connection()
    if fault.kind == "reset":
        return broken_connection()
    if fault.kind == "errcode":
        return HttpResponse(
            f'{{"errcode":{fault.errcode},"errmsg":"sandbox fault rid: 0"}}', content_type="application/json"
        )
    return failure(fault.kind)


def late_answer(fault: Fault, response: HttpResponse, failure: Failure) -> HttpResponse:
    """The request has been carried out, but whoever asked cannot know."""
    if fault.kind == "timeout_after":
        time.sleep(fault.seconds)
    if fault.kind == "reset_after":
        return broken_connection()
    if fault.kind in {"error_after", "unknown_code_after"}:
        return failure(fault.kind)
    return response


def broken_connection() -> HttpResponse:
    # A WSGI server always sends a head. Promising a body that never comes makes it close the connection
    # at once, and the client's read fails: there is no answer to act on.
    response = HttpResponse(b"", content_type="application/json")
    response.headers["Content-Length"] = "1"
    return response
