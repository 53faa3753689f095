"""
What risk rules may look at: every fact by name, of what type, and what it says.

Amounts are fen. What is counted over a time includes the move that is being judged.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WINDOWS: Final = {"1m": "1 minute", "1h": "1 hour", "24h": "24 hours", "30d": "30 days"}
DIMENSIONS: Final = {"user": "本人", "device": "同一设备", "ip": "同一 IP", "payee": "同一收款方"}
NEVER: Final = 10**9  # minutes since something that has not happened
_IN_WORDS: Final = {"1m": "1 分钟", "1h": "1 小时", "24h": "24 小时", "30d": "30 天"}


class FactType(StrEnum):
    NUMBER = "数值"
    YES_NO = "是否"
    TEXT = "文字"


@dataclass(frozen=True)
class Fact:
    type: FactType
    says: str


Facts = dict[str, int | bool | str]

_N, _B, _T = FactType.NUMBER, FactType.YES_NO, FactType.TEXT
FACTS: Final[dict[str, Fact]] = {
    "operation": Fact(_T, "操作代码，例如 'wallet.withdraw'"),
    "amount": Fact(_N, "本次金额（分）"),
    "is_round": Fact(_B, "金额是整百元"),
    "is_night": Fact(_B, "上海时间 0 点到 5 点"),
    "account_minutes": Fact(_N, "注册至今的分钟数；尚未注册为 0"),
    "device_minutes": Fact(_N, "本人首次使用该设备至今的分钟数；未用过为 0"),
    "device_users": Fact(_N, "登录过该设备的账户数"),
    "phone_minutes": Fact(_N, f"绑定或更换手机号至今的分钟数；未绑定为 {NEVER}"),
    "wrong_pins_24h": Fact(_N, "24 小时内支付密码错误次数"),
    "suspicion": Fact(_N, "业务自身发现的可疑程度 0–100，例如邀请关系成环、成团"),
    "wechat_rank": Fact(_N, "微信安全风险等级 0–4；未知为 -1"),
    **{
        f"{dimension}_{measure}_{window}": Fact(_N, f"{whose} {_IN_WORDS[window]}内同类操作的{what}")
        for dimension, whose in DIMENSIONS.items()
        for measure, what in (("count", "次数"), ("sum", "金额合计（分）"))
        for window in WINDOWS
    },
    "user_payees_24h": Fact(_N, "本人 24 小时内付过的不同收款方数"),
    "ip_users_24h": Fact(_N, "同一 IP 24 小时内同类操作的账户数"),
    "payee_payers_24h": Fact(_N, "该收款方 24 小时内的不同付款人数"),
    "payee_payers_30d": Fact(_N, "该收款方 30 天内的不同付款人数"),
    "is_new_payee": Fact(_B, "本人 90 天内第一次付给该收款方"),
    "received_count_24h": Fact(_N, "本人 24 小时内收到他人付款的次数"),
    "received_sum_24h": Fact(_N, "本人 24 小时内收到他人付款的合计（分）"),
    "received_payers_24h": Fact(_N, "本人 24 小时内付款给他的不同人数"),
    "minutes_since_received": Fact(_N, f"最近一次收到他人付款至今的分钟数；30 天内没有为 {NEVER}"),
    "top_up_count_24h": Fact(_N, "24 小时内充值到账次数"),
    "top_up_sum_24h": Fact(_N, "24 小时内充值到账合计（分）"),
    "minutes_since_top_up": Fact(_N, f"最近一次充值到账至今的分钟数；30 天内没有为 {NEVER}"),
    "turnover_percent_24h": Fact(_N, "24 小时内转出（含本次）占充值与收款之和的百分比；没有进账为 0"),
    "refund_percent_30d": Fact(_N, "30 天内已付订单中退过款的百分比；少于 5 单为 0"),
    "on_allow_list": Fact(_B, "用户、设备或 IP 在白名单"),
    "on_watch_list": Fact(_B, "用户、设备或 IP 在关注名单"),
    "on_deny_list": Fact(_B, "用户、设备或 IP 在黑名单"),
    "payee_denied": Fact(_B, "收款方在黑名单"),
}
