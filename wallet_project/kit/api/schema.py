"""OpenAPI: error answers, idempotency keys and access, read off each door."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from wallet_project.kit import errors as common
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door


class ErrorOutput(OutputSerializer):
    """Every failure, whatever the status."""

    code = serializers.CharField(help_text="稳定的错误码 stable, for programs")
    message = serializers.CharField(help_text="可直接展示给用户 safe to show")
    detail = serializers.DictField(help_text="与错误码相关的事实 the facts")
    request_id = serializers.CharField()


class WalletSchema(AutoSchema):
    """Adds what every door shares, so that a door only describes its success."""

    def get_override_parameters(self) -> list[Any]:
        found = []
        if self._is_idempotent():
            found.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    required=True,
                    description="8–64 位字母、数字、- 或 _；同一操作重试用同一个键 one key per intention",
                )
            )
        if self._may_ask_for_proof():
            found.append(
                OpenApiParameter(
                    "Step-Up-Grant",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description="收到 428 并完成验证后得到，重发原请求时带上 the proof that a 428 asked for",
                )
            )
        return found

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        """Every door has its own Input and Output: `LogIn.Input` becomes LogInRequest."""
        name = type(serializer).__qualname__.replace(".", "")
        return name.removesuffix("Input") if direction == "request" else name

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        # The public hook, get_response_serializers, is silent where @extend_schema names the responses.
        bodies = super()._get_response_bodies(direction)
        for status, errors in self._errors_by_status().items():
            answer = OpenApiResponse(
                response=ErrorOutput,
                description="、".join(error.code for error in errors),
                examples=[_example(error) for error in errors],
            )
            bodies.setdefault(str(status), self._get_response_for_code(answer, str(status)))
        return bodies

    def _errors_by_status(self) -> dict[int, list[type[common.DomainError]]]:
        found = list(getattr(self.view, "errors", ()))
        for guard in [*self.view.authentication_classes, *self.view.permission_classes]:
            found += getattr(guard, "errors", ())
        if Anyone not in self.view.permission_classes:
            found.append(common.NotAuthenticated)
        if "{" in self.path:
            found.append(common.NotFound)
        if self.method == "POST" or hasattr(self.view, "Query"):
            found.append(common.InvalidInput)
        if self._is_idempotent():
            found += [common.IdempotencyKeyMissing, common.IdempotencyKeyReused, common.RequestInProgress]
        found += [common.TooManyRequests, common.TemporarilyUnavailable]
        by_status: dict[int, list[type[common.DomainError]]] = {}
        for error in dict.fromkeys(found):
            by_status.setdefault(error.status, []).append(error)
        return dict(sorted(by_status.items()))

    def _may_ask_for_proof(self) -> bool:
        asks = any(error.status == 428 for error in getattr(self.view, "errors", ()))
        return asks and self.method not in ("GET", "HEAD")

    def _is_idempotent(self) -> bool:
        handler = getattr(self.view, (self.method or "").lower(), None)
        return getattr(handler, "is_idempotent", False)


def bases_without_words() -> list[type]:
    """Their docstrings speak to us, not to readers of the API: what a door does not say stays unsaid."""
    return [*get_lib_doc_excludes(), Door, InputSerializer, OutputSerializer]


def _example(error: type[common.DomainError]) -> OpenApiExample:
    return OpenApiExample(
        error.code,
        value={
            "code": error.code,
            "message": str(error.message),
            "detail": dict.fromkeys(error.facts, "…"),
            "request_id": "5f0c8e7a9b1d4c52b8c6a3f7d2e19034",
        },
        response_only=True,
        status_codes=[str(error.status)],
    )
