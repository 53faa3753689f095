"""What a request body may look like; unknown keys, wrong types and lengths are refused as WeChat does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wallet_project.sandbox.v3 import ParamError


@dataclass(frozen=True, kw_only=True)
class Rule:
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Text(Rule):
    """At most `longest` UTF-8 bytes: the documents leave characters or bytes open, so the stricter."""

    longest: int
    shape: str = ".+"


@dataclass(frozen=True, kw_only=True)
class Whole(Rule):
    least: int = 0


@dataclass(frozen=True, kw_only=True)
class Flag(Rule):
    """true or false"""


@dataclass(frozen=True, kw_only=True)
class Texts(Rule):
    """A list of so many texts."""

    most: int


@dataclass(frozen=True, kw_only=True)
class Items(Rule):
    """A list of objects, each of this shape."""

    of: "Shape"


@dataclass(frozen=True, kw_only=True)
class Part(Rule):
    """One object of this shape."""

    of: "Shape"


Shape = Mapping[str, Rule]

CURRENCY = Text(longest=16, shape="CNY")


def notify_url(*, longest: int, required: bool) -> Text:
    """Absolute, and without a query string."""
    return Text(longest=longest, required=required, shape=r"https?://[^/?#\s]+(/[^?#\s]*)?")


def check_body(body: dict, shape: Shape, where: str = "") -> None:
    """:raises ParamError: naming the first field that is wrong"""
    for name in body:
        if name not in shape:
            raise ParamError("参数中含有非法的额外参数", field=f"{where}/{name}", value=None)
    for name, rule in shape.items():
        field = f"{where}/{name}"
        if body.get(name) is None:
            if rule.required:
                raise ParamError(f"参数缺失：{name}必填", field=field, issue="required")
            continue
        _check_value(body[name], rule, field)


def _check_value(value: Any, rule: Rule, field: str) -> None:
    match rule:
        case Text():
            if not isinstance(value, str):
                raise ParamError("参数类型错误，应为字符串", field=field, value=value)
            if len(value.encode()) > rule.longest:
                raise ParamError(f"参数过长，最多{rule.longest}字节", field=field, value=value)
            if not re.fullmatch(rule.shape, value, re.DOTALL):
                raise ParamError("参数格式错误", field=field, value=value)
        case Whole():
            if not isinstance(value, int) or isinstance(value, bool):
                raise ParamError("参数类型错误，应为整数", field=field, value=value)
            if value < rule.least:
                raise ParamError(f"参数值过小，最小为{rule.least}", field=field, value=value)
        case Flag():
            if not isinstance(value, bool):
                raise ParamError("参数类型错误，应为布尔值", field=field, value=value)
        case Texts():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise ParamError("参数类型错误，应为字符串数组", field=field, value=value)
            if len(value) > rule.most:
                raise ParamError(f"最多{rule.most}项", field=field, value=len(value))
        case Items():
            if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
                raise ParamError("参数类型错误，应为对象数组", field=field, value=value)
            for index, one in enumerate(value):
                check_body(one, rule.of, f"{field}/{index}")
        case Part():
            if not isinstance(value, dict):
                raise ParamError("参数类型错误，应为对象", field=field, value=value)
            check_body(value, rule.of, field)


def read_time(text: str, *, field: str) -> datetime:
    """:raises ParamError: not RFC 3339 with an offset"""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParamError("时间格式错误，应为RFC3339", field=field, value=text) from error
    if moment.tzinfo is None or "T" not in text:
        raise ParamError("时间格式错误，应为RFC3339", field=field, value=text)
    return moment
