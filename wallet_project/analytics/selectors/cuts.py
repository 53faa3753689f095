"""What the parts of a number are called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import TextChoices

from coupons.rules.referrals import ReferralEvent
from coupons.selectors.figures import names_of
from payments.rules.order_refunds import RefundReason
from wallet.rules.chart import NAMES
from wallet.rules.kinds import JournalKind
from wallet_project.kit.places import place_names

_METHODS = {"balance": "余额", "wechat": "微信", "combined": "余额 + 微信", "discount": "优惠抵扣"}


@dataclass(frozen=True)
class Part:
    """By what a number is cut, and how its codes are named; a code without a name is no longer known."""

    title: str
    name: Callable[[list[str]], dict[str, str]]


def _chosen(choices: type[TextChoices]) -> Callable[[list[str]], dict[str, str]]:
    return lambda codes: {code: str(choices(code).label) for code in codes if code in choices.values}


def _kept(part: str) -> Callable[[list[str]], dict[str, str]]:
    return lambda codes: names_of(part, codes)


PARTS: dict[str, Part] = {
    "method": Part("支付方式", lambda _codes: _METHODS),
    "place": Part("门店和商城", lambda _codes: place_names()),
    "refund_reason": Part("退款原因", _chosen(RefundReason)),
    "journal": Part("凭证类型", _chosen(JournalKind)),
    "account": Part("科目", lambda _codes: NAMES),
    "template": Part("优惠券", _kept("template")),
    "giving": Part("发放方式", _kept("giving")),
    "campaign": Part("活动", _kept("campaign")),
    "experiment": Part("实验", _kept("experiment")),
    "step": Part("步骤", _chosen(ReferralEvent)),
    "channel": Part("渠道", _kept("channel")),
    "tier": Part("会员等级", _kept("tier")),
    "segment": Part("人群", _kept("segment")),
}


def cut_names(cuts: Iterable[str]) -> dict[str, str]:
    """'method:wechat' → 微信; one query at most for each kind of part among them."""
    codes: dict[str, list[str]] = {}
    for cut in cuts:
        part, _colon, code = cut.partition(":")
        codes.setdefault(part, []).append(code)
    return {
        f"{part}:{code}": names.get(code, code)
        for part, asked in codes.items()
        for names in [PARTS[part].name(asked) if part in PARTS else {}]
        for code in asked
    }
