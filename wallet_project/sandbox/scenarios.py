"""What goes wrong next, with answers and with callbacks. Kept in memory; a restart is an honest WeChat."""

import re
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import count

from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.transfer_reasons import FAIL_REASONS

EARLY_FAULTS = {
    "timeout_before": "等待后断开，请求未生效",
    "error_before": "返回 500，请求未生效",
    "rate_limited": "返回 429 频率限制",
    "reset": "直接断开连接，请求未生效",
    "unknown_code": "返回文档里没有的错误码，请求未生效",
    "errcode": "小程序接口返回指定 errcode",
}
LATE_FAULTS = {
    "timeout_after": "请求已生效，迟迟才应答",
    "error_after": "请求已生效，却返回 500",
    "unknown_code_after": "请求已生效，却返回文档里没有的错误码",
    "reset_after": "请求已生效，连接断开",
    "unsigned": "应答没有签名",
    "bad_signature": "应答签名错误",
    "signtest": "应答为签名探测",
    "unknown_serial": "应答序列号未知",
}
REFUND_FAULTS = {
    "refund_abnormal": "下一笔退款变为异常",
    "refund_closed": "下一笔退款变为关闭",
    "refund_processing": "下一笔退款停在处理中",
    "not_enough": "下一笔退款余额不足",
    "refund_no_account": "下一笔退款因用户账号注销被拒",
}
TRANSFER_FAULTS = {
    "transfer_fail": "下一笔商家转账在收款人确认后失败",
    "transfer_fail_at_once": "下一笔商家转账受理时即失败",
    "transfer_accepted": "下一笔商家转账停在已受理",
    "transfer_stuck": "下一笔商家转账停在转账中",
    "transfer_canceling": "下一笔商家转账停在撤销中",
    "transfer_not_enough": "下一笔商家转账余额不足",
}
BILL_FAULTS = {
    "bill_failed": "下一笔缴费失败",
    "bill_processing": "下一笔缴费停在处理中",
    "bill_reversed": "下一笔缴费成功，两天后退回",
    "bill_unheard": "下一笔缴费请求迟到，查询不到",
    "holder_mismatch": "下一张卡持卡人不符",
}
SUBSCRIBE_FAULTS = {"subscribe_undelivered": "下一条订阅消息已受理但未送达"}
NOTICE_MODES = {
    "duplicate": "重复发送",
    "reorder": "乱序发送",
    "delay": "延迟发送",
    "signtest": "先发签名探测",
    "wrong_serial": "序列号未知",
    "stale": "时间戳过期",
    "tampered": "报文被改动",
    "drop": "丢弃",
}


@dataclass(kw_only=True)
class Fault:
    """The next `times` requests whose path matches go wrong in this way."""

    id: int
    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 15.0
    errcode: int = -1
    reason: str = "OTHER_FAIL_REASON_TYPE"  # of a transfer that fails


@dataclass(kw_only=True)
class NoticeMode:
    """The next `times` callbacks misbehave in this way."""

    id: int
    mode: str
    times: int = 1
    count: int = 1  # extra copies of a duplicate
    seconds: float = 0.0  # how long a delay is


class Scenarios:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(1)
        self.faults: list[Fault] = []
        self.notice_modes: list[NoticeMode] = []

    def plan_fault(self, wish: dict) -> Fault:
        known = EARLY_FAULTS | LATE_FAULTS | REFUND_FAULTS | TRANSFER_FAULTS | BILL_FAULTS | SUBSCRIBE_FAULTS
        fault = Fault(id=next(self._ids), **_fields_of(wish, Fault, choice="kind", known=known))
        try:
            re.compile(fault.path)
        except re.error as error:
            raise Refused(f"path 不是正则表达式：{error}") from error
        if fault.reason not in FAIL_REASONS:
            raise Refused("reason 不是文档里的 fail_reason")
        with self._lock:
            self.faults.append(fault)
        return fault

    def plan_notices(self, wish: dict) -> NoticeMode:
        mode = NoticeMode(
            id=next(self._ids), **_fields_of(wish, NoticeMode, choice="mode", known=NOTICE_MODES)
        )
        with self._lock:
            self.notice_modes.append(mode)
        return mode

    def answer_fault(self, path: str) -> Fault | None:
        """The fault of this answer, used up by asking."""
        return self._take_fault({*EARLY_FAULTS, *LATE_FAULTS}, path)

    def refund_fault(self, path: str) -> str | None:
        """What happens to this refund, used up by asking."""
        fault = self._take_fault(REFUND_FAULTS, path)
        return fault.kind if fault else None

    def transfer_fault(self, path: str) -> Fault | None:
        """What happens to this transfer, used up by asking."""
        return self._take_fault(TRANSFER_FAULTS, path)

    def bill_fault(self, kinds: Iterable[str]) -> str | None:
        """What happens to this card or payment, used up by asking."""
        fault = self._take_fault(kinds, "")
        return fault.kind if fault else None

    def subscribe_fault(self) -> bool:
        """Whether this subscribe message does not arrive, used up by asking."""
        return self._take_fault(SUBSCRIBE_FAULTS, "") is not None

    def notice_mode(self) -> NoticeMode | None:
        """How this callback misbehaves, used up by asking."""
        with self._lock:
            if not self.notice_modes:
                return None
            mode = self.notice_modes[0]
            mode.times -= 1
            if mode.times <= 0:
                self.notice_modes.pop(0)
            return mode

    def forget_faults(self) -> None:
        with self._lock:
            self.faults.clear()

    def forget_notice_modes(self) -> None:
        with self._lock:
            self.notice_modes.clear()

    def _take_fault(self, kinds: Iterable[str], path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.kind in kinds and re.match(fault.path, path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
        return None


def _fields_of(wish: dict, shape: type, *, choice: str, known: Iterable[str]) -> dict:
    fields = {name: kind for name, kind in shape.__annotations__.items() if name != "id"}
    if wish.get(choice) not in list(known):
        raise Refused(f"{choice} 必须是其中之一：{'、'.join(known)}")
    for name, value in wish.items():
        if name not in fields:
            raise Refused(f"没有参数 {name}")
        wanted = (int, float) if fields[name] is float else fields[name]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise Refused(f"参数 {name} 的类型不对")
    return wish


def describe(plan: Fault | NoticeMode) -> dict:
    return asdict(plan)


scenarios = Scenarios()
