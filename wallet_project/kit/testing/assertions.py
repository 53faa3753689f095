"""What tests say again and again."""

from typing import Any


def assert_error(response: Any, status: int, code: str) -> dict[str, Any]:
    """The answer is this failure, in the one shape of failures; its detail."""
    body = response.json()
    assert (response.status_code, body.get("code")) == (status, code), body
    assert set(body) == {"code", "message", "detail", "request_id"}
    assert body["message"]
    assert body["request_id"] == response.headers["Request-Id"]
    return body["detail"]
