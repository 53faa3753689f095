"""
What must be proven before an operation, as far as it is arithmetic.

A policy's factors read `PIN+SMS|PIN+SOTER`: either a PIN and a text message, or a PIN and a fingerprint.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import ZERO, Fen, yuan

SETTLING = timedelta(hours=24)  # how long a change of phone, PIN or device counts as recent
WRONG_PINS_THAT_WORRY = 3
_FEWEST = {"pin.set": 1}  # there may be nothing else yet

Factors = frozenset["Factor"]


class Factor(TextChoices):
    SESSION = "SESSION", _("小额免密")
    PIN = "PIN", _("支付密码")
    SMS = "SMS", _("短信验证码")
    SOTER = "SOTER", _("指纹或面容")
    WECHAT = "WECHAT", _("微信重新授权")


class Risk(TextChoices):
    LOW = "LOW", _("低")
    MEDIUM = "MEDIUM", _("中")
    HIGH = "HIGH", _("高")


class OperationKind(TextChoices):
    ORDER_PAY = "order.pay", _("支付订单")
    TRANSFER = "wallet.transfer", _("转账")
    RED_PACKET = "wallet.red_packet", _("发红包")
    WITHDRAW = "wallet.withdraw", _("提现")
    BILL_PAY = "wallet.bill", _("生活缴费")
    PIN_SET = "pin.set", _("设置支付密码")
    PIN_CHANGE = "pin.change", _("修改支付密码")
    PIN_RESET = "pin.reset", _("重置支付密码")
    PHONE_CHANGE = "phone.change", _("更换手机号")
    SMALL_PAYMENTS = "small_payments.allow", _("开启小额免密")
    DATA_EXPORT = "data.export", _("导出个人数据")
    ACCOUNT_CLOSE = "account.close", _("注销账户")


# Counted day by day.
MONEY = {
    OperationKind.ORDER_PAY,
    OperationKind.TRANSFER,
    OperationKind.RED_PACKET,
    OperationKind.WITHDRAW,
    OperationKind.BILL_PAY,
}
# Nothing stands in for what the customer has not set up: no PIN, no payment.
STRICT = MONEY | {OperationKind.SMALL_PAYMENTS}
REFUSE = "REFUSE"
# What a policy may be turned to.
OFFERED = (
    "SESSION|PIN",
    "PIN",
    "SMS",
    "PIN+SOTER",
    "PIN+SOTER|PIN+SMS",
    "PIN+SMS",
    "SMS+WECHAT",
    REFUSE,
)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """
    Exactly what is about to be done: a proof for it is good for nothing else.

    `amount` is in fen, zero where no money moves. `facts` are plain texts; those named `payee` and
    `besides` (what is given with the amount) are shown.
    `to` is the key by which the payee is known again, for whoever screens it; the facts tell them apart.
    """

    kind: str
    amount: Fen = ZERO
    facts: Mapping[str, str] = field(default_factory=dict)
    to: str = ""

    def __post_init__(self) -> None:
        OperationKind(self.kind)

    @property
    def fingerprint(self) -> bytes:
        """Two operations with the same fingerprint are the same operation."""
        whole = {"kind": str(self.kind), "amount": self.amount, "facts": dict(self.facts)}
        canonical = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).digest()

    @property
    def in_words(self) -> str:
        """支付订单 ¥35.00 人民路店（另用优惠 ¥5.00）"""
        amount = f"¥{yuan(self.amount)}" if self.amount else ""
        words = (str(OperationKind(self.kind).label), amount, self.facts.get("payee", ""))
        besides = self.facts.get("besides")
        return " ".join(word for word in words if word) + (f"（另用{besides}）" if besides else "")


def read_factors(text: str) -> list[Factors]:
    """
    The alternatives of a policy, none where it refuses.

    :raises ValueError: a factor nobody knows
    """
    if text == REFUSE:
        return []
    return [frozenset(Factor(name) for name in way.split("+")) for way in text.split("|")]


def write_factors(ways: Collection[Factors]) -> str:
    """As `read_factors` reads it, each way in the order of the Factor class."""
    return "|".join("+".join(factor for factor in Factor if factor in way) for way in ways) or REFUSE


def in_words(factors: str) -> str:
    """支付密码 + 短信验证码，或 支付密码 + 指纹或面容"""
    if factors == REFUSE:
        return "拒绝"
    ways = [" + ".join(str(Factor(name).label) for name in way.split("+")) for way in factors.split("|")]
    return "，或 ".join(ways)


def is_sensible(kind: str, ways: Collection[Factors]) -> bool:
    """Small payments may go without, other money needs the PIN; all else two proofs, a first PIN one."""
    if kind == OperationKind.ORDER_PAY:
        return all(Factor.PIN in way or way == {Factor.SESSION} for way in ways)
    if kind in STRICT:
        return all(Factor.PIN in way for way in ways)
    return all(Factor.SESSION not in way and len(way) >= _FEWEST.get(kind, 2) for way in ways)


def ways_for(kind: str, ways: Collection[Factors], *, owned: Collection[Factor]) -> list[Factors]:
    """
    The alternatives this customer can go, in the policy's order.

    Where no money moves, a factor they do not have gives way to a fresh WeChat login. But never twice: a way
    that asks for that login anyway would lose a factor, and the way to a new PIN would be one step short.
    """
    found: list[Factors] = []
    for way in ways:
        missing = way - set(owned)
        if missing and (kind in STRICT or Factor.WECHAT in way):
            continue
        usable = (way - missing) | ({Factor.WECHAT} if missing else set())
        if usable not in found:
            found.append(usable)
    return found


def is_enough(ways: Collection[Factors], proven: Factors) -> bool:
    return any(way <= proven for way in ways)


def worse(one: Risk, other: Risk) -> Risk:
    order = list(Risk)
    return max(one, other, key=order.index)


def assess(
    kind: str,
    *,
    at: datetime,
    device_since: datetime,
    wrong_pins: int,
    phone_since: datetime | None,
    known_since: datetime,
    cooled_until: datetime | None,
) -> tuple[Risk, datetime | None]:
    """
    How likely it is that this is somebody else, and when a HIGH risk will have passed.

    `cooled_until`: phone or PIN changed without the old one.

    A PIN is set and reset by the phone, so a phone that came after `known_since`, the PIN or else the
    account, must have been there for a while.
    """
    has_new_phone = (
        kind in {OperationKind.PIN_SET, OperationKind.PIN_RESET}
        and phone_since is not None
        and phone_since > known_since
        and at - phone_since < SETTLING
    )
    worries = [cooled_until] if cooled_until and cooled_until > at else []
    if has_new_phone and phone_since:
        worries.append(phone_since + SETTLING)
    if worries:
        return Risk.HIGH, max(worries)
    if at - device_since < SETTLING or wrong_pins >= WRONG_PINS_THAT_WORRY:
        return Risk.MEDIUM, None
    return Risk.LOW, None
