"""While everything is read-only, clients may look and not write; what others send us is kept all the same."""

from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from wallet_project.kit.api.exceptions import answer_error, as_domain_error
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_LOOKS = ("GET", "HEAD", "OPTIONS")


class ReadOnlyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponse | None:
        if (
            request.method in _LOOKS
            or not request.path_info.startswith("/api/")
            or getattr(getattr(view, "cls", None), "open_while_read_only", False)
        ):
            return None
        try:
            standing = is_paused(Flow.READ_ONLY)
        except (OperationalError, InterfaceError) as error:  # nobody else catches what a middleware raises
            return answer_error(as_domain_error(error))
        return answer_error(Paused(flow=str(Flow.READ_ONLY))) if standing else None
