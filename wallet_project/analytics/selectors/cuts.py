"""What the parts of a number are called."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import ClosureReason
from accounts.rules.screening import Outcome
from coupons.rules.referrals import ReferralEvent
from coupons.selectors.figures import names_of
from feedback.rules.sla import ClockKind
from feedback.rules.tickets import TicketKind
from feedback.selectors.figures import cause_names
from payments.rules.order_refunds import RefundReason
from payments.rules.plans import PayMethod
from payments.selectors.risk_figures import rule_titles
from wallet.rules.chart import NAMES
from wallet.rules.kinds import JournalKind
from wallet.selectors.categories import category_names
from wallet_project.analytics.rules.events import Feature
from wallet_project.kit.places import place_names

Names = Callable[[Collection[str]], Mapping[str, Any]]

_METHODS = {
    PayMethod.BALANCE: "余额",
    PayMethod.WECHAT: "微信",
    PayMethod.COMBINED: "余额 + 微信",
    "discount": "全额优惠",
}


@dataclass(frozen=True)
class Part:
    """By what a number is cut, and the names of its codes; one without a name is shown as it is."""

    title: str
    names: Names


def _kept(part: str) -> Names:
    return lambda codes: names_of(part, codes)


PARTS: dict[str, Part] = {
    "method": Part("支付方式", lambda _codes: _METHODS),
    "place": Part("门店和商城", lambda _codes: place_names()),
    "refund_reason": Part("退款原因", lambda _codes: dict(RefundReason.choices)),
    "journal": Part("凭证类型", lambda _codes: dict(JournalKind.choices)),
    "account": Part("科目", lambda _codes: NAMES),
    "template": Part("优惠券", _kept("template")),
    "giving": Part("发放方式", _kept("giving")),
    "campaign": Part("活动", _kept("campaign")),
    "experiment": Part("实验", _kept("experiment")),
    "step": Part("步骤", lambda _codes: dict(ReferralEvent.choices)),
    "channel": Part("渠道", _kept("channel")),
    "tier": Part("会员等级", _kept("tier")),
    "ticket_kind": Part("工单类型", lambda _codes: dict(TicketKind.choices)),
    "cause": Part("根因", lambda _codes: {"": "未标注", **cause_names()}),
    "clock": Part("时限种类", lambda _codes: dict(ClockKind.choices)),
    "outcome": Part("结论", lambda _codes: dict(Outcome.choices)),
    "rule": Part("规则", lambda _codes: rule_titles()),
    "freeze": Part("冻结对象", lambda _codes: {"WALLET": "钱包", "USER": "账户"}),
    "exit_reason": Part("注销原因", lambda _codes: dict(ClosureReason.choices)),
    "week": Part("注册的那一周", lambda _codes: {}),
    "feature": Part("功能", lambda _codes: dict(Feature.choices)),
    "category": Part("消费分类", lambda _codes: category_names()),
    "code": Part("错误码", lambda _codes: {}),
}


def cut_names(part: str, cuts: Iterable[str]) -> dict[str, str]:
    """'method:wechat' → 微信; one query at most. What nobody knows any more is called by its code."""
    codes = {cut: cut.partition(":")[2] for cut in cuts}
    names = PARTS[part].names(codes.values())
    return {cut: str(names.get(code, code)) for cut, code in codes.items()}
