"""
What is asked about a move before it is made, and what may be answered: by value, so that whoever knows more
about people and money (settings.MOVE_SCREENER) can be asked from every floor below it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.rules.step_up import OperationKind, Risk
from wallet_project.kit.money import ZERO, Fen

# What is screened besides the operations that are proven by step-up.
TOP_UP = "wallet.top_up"
ORDER_BY_WECHAT = "order.by_wechat"
RED_PACKET_OPEN = "wallet.red_packet_open"
LOGIN = "login"
PHONE_BIND = "phone.bind"
INVITE_BIND = "invite.bind"
REWARD = "reward"
SCREENED: dict[str, str] = {
    **{kind.value: str(kind.label) for kind in OperationKind},
    TOP_UP: "充值",
    ORDER_BY_WECHAT: "微信支付订单",
    RED_PACKET_OPEN: "拆红包",
    LOGIN: "登录",
    PHONE_BIND: "绑定手机号",
    INVITE_BIND: "绑定邀请人",
    REWARD: "发放邀请奖励",
}


class Outcome(TextChoices):
    """From the mildest to the strictest."""

    ALLOW = "ALLOW", _("放行")
    STEP_UP = "STEP_UP", _("加强验证")
    DELAY = "DELAY", _("延后")
    HOLD = "HOLD", _("暂缓待核")
    DENY = "DENY", _("拒绝")


class Cause(TextChoices):
    """Of what sort the reason is: as much as the customer is told. Never which rule it was."""

    FREQUENCY = "FREQUENCY", _("操作过于频繁")
    ENVIRONMENT = "ENVIRONMENT", _("登录环境或设备有变化")
    COUNTERPARTY = "COUNTERPARTY", _("收款方存在风险")
    FUNDS = "FUNDS", _("资金往来异常")
    ACCOUNT = "ACCOUNT", _("账户安全受限")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What accounts knows of who asks and where from. `risk_rank` is WeChat's, None where it is unknown."""

    uid: str = ""
    registered_at: datetime | None = None
    device_since: datetime | None = None
    device_users: int = 0
    phone_since: datetime | None = None
    wrong_pins: int = 0
    risk_rank: int | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """
    What somebody is about to do: `amount` in fen, `to` the key by which its payee is known again.

    Final is what will be done next if nothing is said against it, and is counted; anything else only asks
    what it would take. One that can wait is begun all the same when it is held, in a review of its own that
    keeps its money. `user_id` None: somebody who is about to register. `suspicion`, of 100, is what whoever
    asks has found against it by itself.
    """

    operation: str
    user_id: int | None
    is_final: bool
    can_wait: bool = False
    amount: Fen = ZERO
    device_id: str = ""
    ip: str = ""
    to: str = ""
    standing: Standing = Standing()
    suspicion: int = 0

    def __post_init__(self) -> None:
        if self.operation not in SCREENED:
            raise ValueError(f"{self.operation} is not screened")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    `cause` is what the customer may be told, `until` when a delayed move may be tried again, `number` what
    they name when they object, `case` the number under which somebody looks at a held move.
    """

    outcome: Outcome
    cause: Cause = Cause.ACCOUNT
    until: datetime | None = None
    number: str = ""
    case: str = ""

    @property
    def risk(self) -> Risk:
        """As policies know it: whatever is not simply allowed takes more proof."""
        return Risk.LOW if self.outcome is Outcome.ALLOW else Risk.MEDIUM
