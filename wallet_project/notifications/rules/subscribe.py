"""
How a message is fitted into one of WeChat's templates: keywords, and what may stand there (mini-program doc:
订阅消息参数值内容限制说明).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_letters
from typing import Final
from zoneinfo import ZoneInfo

from wallet_project.kit.money import in_yuan
from wallet_project.notifications.rules.notices import Category
from wallet_project.notifications.rules.variables import (
    Variable,
    VariableKind,
    examples,
    fill,
    is_template,
    moment,
    text,
    variables_of,
)

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_MOMENT = rf"({_DATE}( \d\d:\d\d)?|\d\d:\d\d)"

# A keyword's kind → what may stand there, and in whose words staff are told.
_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "thing": (r".{1,20}", "20 个字以内"),
    "name": (r"[!-~ ]{1,20}|.{1,10}", "10 个汉字或 20 个字母以内"),
    "phrase": (r"[\u4e00-\u9fff]{1,5}", "5 个以内的汉字"),
    "character_string": (r"[!-~]{1,32}", "32 位以内的数字、字母或符号"),
    "number": (r"\d{1,32}(\.\d+)?", "32 位以内的数字"),
    "letter": (r"[A-Za-z]{1,32}", "32 个以内的字母"),
    "symbol": (r"[^\w\s]{1,5}", "5 个以内的符号"),
    "amount": (r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?", "1 个币种符号加 10 位以内的数字"),
    "time": (_MOMENT, "时间，如 2026年11月29日 15:01"),
    "date": (_MOMENT, "日期，如 2026年11月29日"),
    "phone_number": (r"[\d+-]{1,17}", "17 位以内的数字、符号"),
    "car_number": (r"[\u4e00-\u9fff]?[A-Z0-9]{5,7}[\u4e00-\u9fff]?", "车牌号"),
    "enum": (r".{1,20}", "模板里列出的选项"),
}
_KEYWORD = re.compile(rf"({'|'.join(_SHAPES)})\d{{1,2}}")
ALWAYS: Final[Mapping[str, Variable]] = {
    "notice_title": text("消息标题", "订单已支付"),
    "notice_body": text("消息正文", "您在人民路店的订单已支付，共 128.00 元。"),
    "told_at": moment("通知时间"),
}
"""What every message knows, beside the facts of its notice."""


@dataclass(frozen=True, kw_only=True)
class TemplateRow:
    """One that is chosen in WeChat's console: keyword → its label there, and what usually stands there."""

    code: str
    title: str
    keywords: Mapping[str, tuple[str, str]]


TEMPLATES: Final[Mapping[str, TemplateRow]] = {
    row.code: row
    for row in (
        TemplateRow(
            code="money",
            title="账户变动提醒",
            keywords={
                "amount1": ("变动金额", "¥{amount}"),
                "thing2": ("变动类型", "{notice_title}"),
                "time3": ("变动时间", "{told_at}"),
                "thing4": ("备注", "{notice_body}"),
            },
        ),
        TemplateRow(
            code="progress",
            title="业务进度通知",
            keywords={
                "thing1": ("业务名称", "{notice_title}"),
                "thing2": ("当前进度", "{notice_body}"),
                "time3": ("更新时间", "{told_at}"),
                "thing4": ("备注", "详情请进入小程序查看"),
            },
        ),
        TemplateRow(
            code="security",
            title="账户安全提醒",
            keywords={
                "thing1": ("事件", "{notice_title}"),
                "time2": ("时间", "{told_at}"),
                "thing3": ("说明", "{notice_body}"),
            },
        ),
        TemplateRow(
            code="offer",
            title="优惠与活动提醒",
            keywords={
                "thing1": ("活动名称", "{notice_title}"),
                "thing2": ("活动内容", "{notice_body}"),
                "time3": ("通知时间", "{told_at}"),
            },
        ),
    )
}
_USUAL: Final = {
    Category.MONEY: "progress",
    Category.SECURITY: "security",
    Category.LEGAL: "progress",
    Category.SERVICE: "progress",
    Category.GROWTH: "offer",
}


def usual_texts(template: TemplateRow) -> dict[str, str]:
    return {keyword: usual for keyword, (_label, usual) in template.keywords.items()}


def variables_for(variables: Mapping[str, Variable]) -> dict[str, Variable]:
    """What a template may speak of."""
    return {**variables, **ALWAYS}


def known_facts(
    facts: Mapping[str, str | int], *, title: str, body: str, told_at: datetime
) -> dict[str, str | int]:
    return {**facts, "notice_title": title, "notice_body": body, "told_at": told_at.isoformat()}


class Unfit(Exception):
    """What would stand there is none that WeChat takes; `problem` is said to staff."""

    def __init__(self, keyword: str, problem: str) -> None:
        super().__init__(f"{keyword}: {problem}")
        self.keyword, self.problem = keyword, problem


def usual_template(category: Category, variables: Mapping[str, Variable]) -> TemplateRow:
    """What a notice begins with, until staff say otherwise."""
    has_amount = "amount" in variables and variables["amount"].kind is VariableKind.MONEY
    return TEMPLATES["money" if category is Category.MONEY and has_amount else _USUAL[category]]


def is_keyword(keyword: str) -> bool:
    return bool(_KEYWORD.fullmatch(keyword))


def in_order(texts: Mapping[str, str]) -> dict[str, str]:
    """By the number of the keyword, as WeChat lists them; PostgreSQL keeps another order."""
    return dict(sorted(texts.items(), key=lambda pair: int(pair[0].lstrip(ascii_letters + "_"))))


def fit(keyword: str, value: str) -> str:
    """
    The value as this keyword takes it, on one line. A sentence or a name that is too long is cut short; half
    a number or half a state would be another one.

    :raises Unfit: WeChat would refuse it
    """
    kind = keyword.rstrip("0123456789")
    shape, words = _SHAPES[kind]
    value = " ".join(value.split())
    if kind == "thing" and len(value) > 20:
        value = f"{value[:19]}…"
    if kind == "name":
        value = value[: 20 if value.isascii() else 10]
    if not re.fullmatch(shape, value):
        raise Unfit(keyword, f"需要{words}" if value else "没有内容")
    return value


def fill_keywords(
    texts: Mapping[str, str], variables: Mapping[str, Variable], facts: Mapping[str, str | int]
) -> dict[str, str]:
    """
    The message as WeChat takes it; `facts` as rules.variables keeps them.

    :raises Unfit: naming the first keyword that WeChat would refuse
    """
    words = {name: _said(variable.kind, facts[name]) for name, variable in variables.items()}
    return {keyword: fit(keyword, fill(template, words)) for keyword, template in texts.items()}


def check_texts(
    keywords: Mapping[str, str], texts: Mapping[str, str], variables: Mapping[str, Variable]
) -> dict[str, str]:
    """
    What the message would be with the variables' examples.

    :raises Unfit: a keyword is missing or unknown, speaks of what the notice does not know, or does not fit
    """
    for keyword in in_order({**keywords, **texts}):
        if keyword not in texts or keyword not in keywords:
            raise Unfit(keyword, "模板里没有这一项" if keyword in texts else "没有内容")
        unknown = variables_of(texts[keyword]) - set(variables)
        if unknown or not is_template(texts[keyword]):
            raise Unfit(keyword, "只能使用该通知的变量：" + "、".join(f"{{{name}}}" for name in variables))
    return fill_keywords(in_order(texts), variables, examples(variables))


def _said(kind: VariableKind, fact: str | int) -> str:
    """In WeChat's notation: no thousands' commas, dates by name."""
    match kind:
        case VariableKind.MONEY:
            return f"{in_yuan(int(fact)):.2f}"
        case VariableKind.TIME:
            local = datetime.fromisoformat(str(fact)).astimezone(_SHANGHAI)
            return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
        case VariableKind.DAY:
            local = datetime.fromisoformat(str(fact))
            return f"{local.year}年{local.month}月{local.day}日"
        case _:
            return str(fact)
