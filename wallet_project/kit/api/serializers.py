"""
Bases of what comes in and what goes out.

DRF copies every field of a serializer each time one is made, which takes longer than most answers; reading
and writing change nothing in it, so one of each class does for all requests.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from wallet_project.kit import clock
from wallet_project.kit.money import MAX_FEN
from wallet_project.kit.texts import has_invisible, tidy_prose

_Serializer = TypeVar("_Serializer", bound=serializers.Serializer)
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


class InputSerializer(serializers.Serializer):
    """Reads a body (or a query string) and refuses fields that it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError({name: [_("未知字段")] for name in sorted(unknown)})
        return super().to_internal_value(data)

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """
        The checked body.

        :raises rest_framework.exceptions.ValidationError: becomes INVALID_INPUT with a list of fields
        """
        return cls.checked(request.data)

    @classmethod
    def read_query(cls, request: Request) -> dict[str, Any]:
        """The checked query string; a parameter given twice is refused."""
        for name, values in request.query_params.lists():
            if len(values) > 1:
                raise serializers.ValidationError({name: [_("参数重复")]})
        return cls.checked(request.query_params.dict())

    @classmethod
    def checked(cls, data: Any) -> dict[str, Any]:
        """The same of what came in by another way than a request."""
        if data is None:
            raise serializers.ValidationError({"non_field_errors": [_("请求内容应为 JSON 对象")]})
        checked: dict[str, Any] = _the(cls).run_validation(data)
        return checked


class OutputSerializer(serializers.Serializer):
    """Writes an object as plain data."""

    @classmethod
    def answer(cls, instance: Any) -> Any:
        return _the(cls).to_representation(instance)

    @classmethod
    def answer_each(cls, instances: Iterable[Any]) -> list[Any]:
        return [cls.answer(instance) for instance in instances]

    @classmethod
    def of(cls, **values: Any) -> Self:
        return cls(values)


@cache
def _the(serializer: type[_Serializer]) -> _Serializer:
    return serializer()


@extend_schema_field({"type": "integer", "format": "int64", "description": "分 (fen)"})
class FenField(serializers.Field):
    """A whole number of fen; a JSON integer and nothing that merely looks like one."""

    default_error_messages = {
        "invalid": _("金额必须是整数（单位：分）"),
        "min": _("金额不能小于 {limit} 分"),
        "max": _("金额不能大于 {limit} 分"),
    }

    def __init__(self, *, min_value: int = 1, max_value: int = MAX_FEN, **options: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        if data < self.min_value:
            self.fail("min", limit=self.min_value)
        if data > self.max_value:
            self.fail("max", limit=self.max_value)
        return data

    def to_representation(self, value: Any) -> int:
        return int(value)


class FenTextField(FenField):
    """The same in a query string, where everything is text: decimal digits and nothing else."""

    def to_internal_value(self, data: Any) -> int:
        if not (isinstance(data, str) and data.isascii() and data.isdigit() and len(data) <= 16):
            self.fail("invalid")
        return super().to_internal_value(int(data))


@extend_schema_field({"type": "string", "format": "date", "example": "2026-11-21"})
class DayField(serializers.Field):
    """A calendar day in a query string: 2026-11-21 and no other spelling of it."""

    default_error_messages = {"invalid": _("日期格式应为 2026-11-21")}

    def to_internal_value(self, data: Any) -> date:
        if not (isinstance(data, str) and _DAY.fullmatch(data)):
            self.fail("invalid")
        try:
            return date.fromisoformat(data)
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: date) -> str:
        return value.isoformat()


@extend_schema_field({"type": "string"})
class ChoicesField(serializers.Field):
    """Several of some choices in a query string, comma separated, each once: payment,refund."""

    default_error_messages = {"unknown": _("不支持“{word}”"), "repeated": _("参数重复")}

    def __init__(self, *, choices: type[models.TextChoices], **options: Any) -> None:
        self.known = list(choices.values)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> tuple[str, ...]:
        words = str(data).split(",")
        for word in words:
            if word not in self.known:
                self.fail("unknown", word=word[:32])
        if len(set(words)) < len(words):
            self.fail("repeated")
        return tuple(words)

    def to_representation(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer; DRF's own would also read "1_000", 1.0 and true."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictBooleanField(serializers.BooleanField):
    """true or false, not "yes", 1 or "on"."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictCharField(serializers.CharField):
    """A JSON string; invisible and direction-changing characters are refused."""

    default_error_messages = {"invisible": _("不能包含不可见字符")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if has_invisible(text):
            self.fail("invisible")
        return text


class ProseField(serializers.CharField):
    """What people write in lines; characters that cannot be seen are dropped, for nobody typed them."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(tidy_prose(data))


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-11-21T20:15:30+08:00"})
class TimeField(serializers.Field):
    """An instant as ISO 8601 in Shanghai time."""

    def to_representation(self, value: Any) -> str:
        return clock.iso(value)
