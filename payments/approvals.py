"""What two people may do with the money of a case, an order, a transfer, and with what risk is judged by."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from accounts.rules.screening import SCREENED, Cause
from payments.models import ExceptionCase
from payments.rules.cases import CaseKind, CaseTerms, terms_in_words
from payments.rules.risk import RuleAction
from payments.rules.risk_lists import Listed, RiskList
from payments.services.case_money import honour_approved_case, refund_approved_case
from payments.services.case_rules import set_case_rule
from payments.services.daily_closes import sign_off
from payments.services.delayed_refunds import give_to_balance
from payments.services.refund_decisions import accept_proposed_refund
from payments.services.risk_lists import end_entry, list_now
from payments.services.risk_rules import go_live, retire, snooze_again
from payments.services.top_up_refunds import refund_for_merchants_fault
from payments.services.transfer_decisions import carry_out_outcome
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, yuan


@carries_out(
    "payments.case_refund",
    title="异常款退回",
    permission="payments.approve_case_refund",
    shows=lambda case, amount, **_: {
        "支付异常": case,
        "退款金额（元）": yuan(Fen(amount)),
        "去向": "原路退回付款人",
    },
    also=("maker_id",),
)
def refund(*, case_id: int, reason: str, maker_id: int, **_shown: Any) -> str:
    sent = refund_approved_case(case_id=case_id, reason=reason, maker_id=maker_id)
    return f"已提交退款 {sent.number}"


@carries_out(
    "payments.case_honour",
    title="异常款入账",
    permission="payments.approve_case_refund",
    shows=lambda case, amount, **_: {
        "支付异常": case,
        "金额（元）": yuan(Fen(amount)),
        "去向": "入账，原订单变为已支付",
    },
    also=("maker_id",),
)
def honour(*, case_id: int, reason: str, maker_id: int, **_shown: Any) -> str:
    honour_approved_case(case_id=case_id, reason=reason, maker_id=maker_id)
    return "已入账"


@carries_out(
    "payments.case_rule",
    title="异常处理规则",
    permission="payments.approve_caserule",
    shows=lambda kind, terms, before: {
        "类型": ExceptionCase.Kind(kind).label,
        **{
            label: (old, new)
            for (label, old), new in zip(
                terms_in_words(CaseTerms(**before)).items(),
                terms_in_words(CaseTerms(**terms)).values(),
                strict=True,
            )
        },
        "批准后": "对之后登记的异常生效",
    },
    also=("maker_id", "checker_id"),
)
def set_rule(*, kind: str, terms: dict[str, Any], maker_id: int, checker_id: int, **_shown: Any) -> str:
    set_case_rule(kind=CaseKind(kind), terms=CaseTerms(**terms), maker_id=maker_id, checker_id=checker_id)
    return "已生效"


@carries_out(
    "payments.top_up_refund",
    title="充值退款（商家原因）",
    permission="payments.approve_top_up_refund",
    shows=lambda number, amount, **_: {
        "充值单": number,
        "退款金额（元）": yuan(Fen(amount)),
        "去向": "原路退回微信，剩余赠金收回",
    },
)
def refund_top_up(*, number: str, amount: int, **_shown: Any) -> str:
    return f"已提交退款 {refund_for_merchants_fault(number=number, amount=Fen(amount)).number}"


@carries_out(
    "payments.order_refund",
    title="大额订单退款",
    permission="payments.approve_order_refund",
    also=("checker_id",),
    shows=lambda number, order_no, amount, why, **_: {
        "退款单": number,
        "订单": order_no,
        "退款金额（元）": yuan(Fen(amount)),
        "原因": why,
        "去向": "按付款来源原路退回",
    },
)
def refund_order(*, number: str, checker_id: int, **_shown: Any) -> str:
    accept_proposed_refund(number=number, checker_id=checker_id)
    return f"已退款 {number}"


@carries_out(
    "payments.refund_to_balance",
    title="退款转入余额",
    permission="payments.approve_order_refund",
    shows=lambda number, order_no, amount, **_: {
        "退款单": number,
        "订单": order_no,
        "金额（元）": yuan(Fen(amount)),
        "去向": "微信未能退回，转入顾客钱包本金",
    },
)
def pay_to_balance(*, number: str, **_shown: Any) -> str:
    give_to_balance(number=number)
    return f"已转入余额 {number}"


@carries_out(
    "payments.transfer_outcome",
    title="认定商家转账结果",
    permission="payments.approve_transfer_outcome",
    shows=lambda number, amount, arrived, **_: {
        "转账单": number,
        "金额（元）": yuan(Fen(amount)),
        "认定": "已付给顾客，核销在途款" if arrived else "没有付给顾客，退回钱包",
    },
)
def decide_transfer(*, number: str, arrived: bool, **_shown: Any) -> str:
    return f"已认定：{carry_out_outcome(number=number, arrived=arrived).get_state_display()}"


@carries_out(
    "payments.risk_rule",
    title="风控规则上线",
    permission="payments.approve_riskrule",
    shows=lambda said, before, tried, **_: {
        **{label: (read(before) if before else "—", read(said)) for label, read in _RULE_IN_WORDS.items()},
        "回测": tried,
    },
    also=("checker_id",),
)
def make_rule_live(*, rule_id: int, said: dict[str, Any], checker_id: int, **_shown: Any) -> str:
    go_live(rule_id=rule_id, said=said, checker_id=checker_id)
    return "已上线，几秒内生效"


@carries_out(
    "payments.risk_rule_retirement",
    title="风控规则退役",
    permission="payments.approve_riskrule",
    shows=lambda rule, expression, **_: {"规则": rule, "表达式": expression, "状态": ("生效", "已退役")},
)
def retire_rule(*, rule_id: int, **_shown: Any) -> None:
    retire(rule_id=rule_id)


@carries_out(
    "payments.risk_rule_snooze",
    title="再次暂停风控规则",
    permission="payments.approve_riskrule",
    shows=lambda rule, expression, hours, **_: {
        "规则": rule,
        "表达式": expression,
        "批准后暂停（小时）": hours,
    },
    also=("reason",),
)
def let_rule_rest(*, rule_id: int, hours: int, reason: str, **_shown: Any) -> str:
    until = snooze_again(rule_id=rule_id, hours=hours, reason=reason)
    return f"已暂停至 {clock.in_words(until)}"


@carries_out(
    "payments.risk_list_entry",
    title="加入风控白名单",
    permission="payments.approve_risklistentry",
    shows=lambda list_name, kind, value, expires_at, **_: {
        "名单": RiskList(list_name).label,
        Listed(kind).label: value,
        "失效时间": expires_at or "长期",
    },
    also=("reason",),
)
def trust(*, list_name: str, kind: str, value: str, expires_at: str | None, reason: str) -> None:
    list_now(
        list_name=RiskList(list_name),
        kind=Listed(kind),
        value=value,
        reason=reason,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
    )


@carries_out(
    "payments.risk_list_removal",
    title="移出风控名单",
    permission="payments.approve_risklistentry",
    shows=lambda entry, **_: {"名单": (entry, "移出")},
    also=("reason",),
)
def trust_again(*, entry_id: int, reason: str, **_shown: Any) -> None:
    end_entry(entry_id=entry_id, reason=reason)


@carries_out(
    "payments.daily_close",
    title="日结",
    permission="payments.approve_dailyclose",
    shows=lambda day, closing, ended, fees, settled: {
        "业务日": day,
        "期末待结算（元）": yuan(Fen(closing)),
        "已处理的差异": f"{ended} 条",
        "微信手续费（元）": yuan(Fen(fees)),
        "结算到银行等（元）": yuan(Fen(settled)),
        "批准后": "手续费和结算款入账，这一天的账单、明细和差异不能再变更",
    },
    also=("maker_id", "checker_id"),
)
def close_day(*, day: str, fees: int, settled: int, maker_id: int, checker_id: int, **_shown: Any) -> str:
    sign_off(
        day=date.fromisoformat(day), fees=fees, settled=settled, maker_id=maker_id, checker_id=checker_id
    )
    return f"{day} 已日结"


_RULE_IN_WORDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "规则": lambda said: f"{said['title']} · 第 {said['version']} 版",
    "表达式": lambda said: said["expression"],
    "适用操作": lambda said: "、".join(SCREENED[code] for code in said["operations"].split()) or "全部",
    "动作": lambda said: RuleAction(said["action"]).label,
    "分值": lambda said: said["weight"],
    "告知原因": lambda said: Cause(said["cause"]).label,
    "生效时间": lambda said: said["effective_from"] or "批准后立即",
    "失效时间": lambda said: said["effective_to"] or "长期",
}
