"""Replies that are written once: text with {{variables}} of the ticket and of the money that it is about."""

import re
from collections.abc import Mapping

# Variable → what stands there. Nothing else is replaced: a reply is text, not a program.
VARIABLES = {
    "顾客": "顾客的昵称",
    "工单号": "本工单的编号",
    "客服": "您的名字",
    "业务": "关联的是什么：订单、充值、提现、优惠券……",
    "单号": "关联业务的单号",
    "金额": "关联业务的金额，单位元",
    "状态": "关联业务现在的状态",
    "时间": "关联业务发生的时间",
}
_VARIABLE = re.compile(r"\{\{\s*([^{}]{1,20}?)\s*\}\}")


def variables_of(body: str) -> set[str]:
    return set(_VARIABLE.findall(body))


def unknown_variables(body: str) -> list[str]:
    return sorted(variables_of(body) - set(VARIABLES))


def unfilled_variables(body: str) -> list[str]:
    """Which of ours are still to be filled in; somebody else's braces are just text."""
    return sorted(variables_of(body) & set(VARIABLES))


def fill(body: str, values: Mapping[str, str]) -> str:
    """What has no value stays as it is, for the agent to see and fill in."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], body)
