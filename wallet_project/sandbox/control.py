"""The manners of our own `/sandbox/api/` paths: plain JSON in and out, `{"code", "message"}` when refused."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[..., dict]


class Refused(Exception):
    """The person at the console asked for something that cannot be."""

    def __init__(self, message: str, *, status: int = 400, code: str = "REFUSED") -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code


def control(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of our own: one handler by method, given the JSON body (or the query of a GET) as `wish`."""

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return HttpResponse(status=405)
        try:
            wish = request.GET.dict() if request.method == "GET" else _read(request.body)
            return _answer(handler(wish, **parts))
        except Refused as refusal:
            return _answer({"code": refusal.code, "message": refusal.message}, status=refusal.status)

    return view


def _read(body: bytes) -> dict:
    try:
        wish = json.loads(body or b"{}")
    except ValueError as error:
        raise Refused("请求体不是 JSON") from error
    if not isinstance(wish, dict):
        raise Refused("请求体必须是 JSON 对象")
    return wish


def _answer(content: dict, *, status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
