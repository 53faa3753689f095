"""What the parts of a number are called."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.rules.screening import Outcome
from feedback.models import RootCause
from feedback.rules.sla import ClockKind
from feedback.rules.tickets import TicketKind
from payments.models import RiskRule
from payments.rules.order_refunds import RefundReason
from wallet_project.kit.places import place_names

Words = Mapping[str, Any]

_WORDS: dict[str, Callable[[], Words]] = {
    "method": lambda: {
        "BALANCE": "余额",
        "WECHAT": "微信",
        "COMBINED": "余额 + 微信",
        "DISCOUNT": "全额优惠",
    },
    "place": place_names,
    "refund_reason": lambda: dict(RefundReason.choices),
    "ticket_kind": lambda: dict(TicketKind.choices),
    "cause": lambda: {"": "未标注", **dict(RootCause.objects.values_list("code", "name"))},
    "clock": lambda: dict(ClockKind.choices),
    "outcome": lambda: dict(Outcome.choices),
    "rule": lambda: dict(RiskRule.objects.order_by("version").values_list("code", "title")),
    "freeze": lambda: {"WALLET": "钱包", "USER": "账户"},
}


def words_of_parts(part: str, cuts: Iterable[str]) -> dict[str, str]:
    """ "method:WECHAT" → 微信; what nobody knows any more by its code."""
    words = _WORDS[part]() if part in _WORDS else {}
    return {cut: str(words.get(key := cut.partition(":")[2], key)) for cut in cuts}
