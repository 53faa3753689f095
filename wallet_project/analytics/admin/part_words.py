"""What the parts of a number are called."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.rules.screening import Outcome
from feedback.rules.sla import ClockKind
from feedback.rules.tickets import TicketKind
from feedback.selectors.figures import cause_names
from payments.rules.order_refunds import RefundReason
from payments.rules.plans import PayMethod
from payments.selectors.risk_figures import rule_titles
from wallet_project.kit.places import place_names

Words = Mapping[str, Any]

_METHODS = {
    PayMethod.BALANCE: "余额",
    PayMethod.WECHAT: "微信",
    PayMethod.COMBINED: "余额 + 微信",
    "discount": "全额优惠",
}
_WORDS: dict[str, Callable[[], Words]] = {
    "method": lambda: _METHODS,
    "place": place_names,
    "refund_reason": lambda: dict(RefundReason.choices),
    "ticket_kind": lambda: dict(TicketKind.choices),
    "cause": lambda: {"": "未标注", **cause_names()},
    "clock": lambda: dict(ClockKind.choices),
    "outcome": lambda: dict(Outcome.choices),
    "rule": rule_titles,
    "freeze": lambda: {"WALLET": "钱包", "USER": "账户"},
}


def words_of_parts(part: str, cuts: Iterable[str]) -> dict[str, str]:
    """ "method:WECHAT" → 微信; what nobody knows any more by its code."""
    words = _WORDS[part]() if part in _WORDS else {}
    return {cut: str(words.get(key := cut.partition(":")[2], key)) for cut in cuts}
