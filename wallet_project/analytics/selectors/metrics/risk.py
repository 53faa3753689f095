"""What is stopped because of its risk, and whether that was right."""

from collections.abc import Iterable

from accounts.rules.screening import Outcome
from payments.selectors import risk_figures as figures
from wallet.selectors.freezes import stopped_wallets, wallets_stopped
from wallet_project.analytics.rules.metrics import Adds, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import Value, Window, metric, ratio, spread
from wallet_project.audit.selectors import acts_between
from wallet_project.kit import clock

_STOPPED = frozenset({Outcome.DELAY, Outcome.HOLD, Outcome.DENY})


def _decided(window: Window) -> list[figures.Decided]:
    return figures.moves_decided(since=window.first, until=window.end, among=window.among)


def _stopped(window: Window) -> list[figures.Decided]:
    return [each for each in window.once(_decided) if each.outcome in _STOPPED]


def _cases(window: Window) -> figures.Cases:
    return figures.cases(since=window.first, until=window.end)


@metric("风控决策", unit=Unit.COUNT, topic=Topic.RISK, hourly=True, by_person=True, parts=("outcome",))
def risk_decisions(window: Window) -> Iterable[Value]:
    """当天执行前作出结论的操作；只是询问的不计"""
    return spread(window.once(_decided), "moves", outcome="outcome")


@metric("拦截操作", unit=Unit.COUNT, topic=Topic.RISK, hourly=True, by_person=True)
def risk_stopped(window: Window) -> Iterable[Value]:
    """风控决策中延后、暂缓待核和拒绝的"""
    return spread(_stopped(window), "moves")


@metric("拦截金额", unit=Unit.FEN, topic=Topic.RISK, hourly=True, by_person=True)
def risk_stopped_amount(window: Window) -> Iterable[Value]:
    """拦截操作的金额之和；同一笔重复尝试的重复计算"""
    return spread(_stopped(window), "amount")


@metric("规则命中", unit=Unit.COUNT, topic=Topic.RISK, parts=("rule",))
def risk_hits(window: Window) -> Iterable[Value]:
    """风控决策中命中的规则次数，一次操作可命中多条；影子规则不计"""
    hits = figures.hits_of_rules(since=window.first, until=window.end)
    yield Value(None, "", sum(hits.values()))
    yield from (Value(None, f"rule:{code}", count) for code, count in hits.items())


@metric("新风控案件", unit=Unit.COUNT, topic=Topic.RISK)
def risk_cases_opened(window: Window) -> Iterable[Value]:
    """当天建立的风控案件"""
    yield Value(None, "", window.once(_cases).opened)


@metric("办结案件", unit=Unit.COUNT, topic=Topic.RISK)
def risk_cases_closed(window: Window) -> Iterable[Value]:
    """当天办结的风控案件：确认风险或误报"""
    found = window.once(_cases)
    yield Value(None, "", found.confirmed + found.false_alarms)


@metric("确认风险", unit=Unit.COUNT, topic=Topic.RISK)
def risk_cases_confirmed(window: Window) -> Iterable[Value]:
    """办结案件中确认风险的"""
    yield Value(None, "", window.once(_cases).confirmed)


@metric("未结案件", unit=Unit.COUNT, topic=Topic.RISK, adds=Adds.LAST)
def risk_cases_waiting(window: Window) -> Iterable[Value]:
    """一天结束时未办结的风控案件；当天为此刻"""
    yield Value(None, "", figures.cases_open(at=window.end))


@metric("冻结次数", unit=Unit.COUNT, topic=Topic.RISK, parts=("freeze",))
def freezes(window: Window) -> Iterable[Value]:
    """当天冻结钱包和冻结账户的次数，含到期自动解除的"""
    wallets = wallets_stopped(since=window.first, until=window.end)
    people = acts_between("accounts.user.frozen", window.first, window.end)
    yield Value(None, "", wallets + people)
    yield Value(None, "freeze:WALLET", wallets)
    yield Value(None, "freeze:USER", people)


@metric("冻结中的钱包", unit=Unit.COUNT, topic=Topic.RISK, adds=Adds.LAST)
def frozen_wallets(window: Window) -> Iterable[Value]:
    """一天结束时只进不出、只出不进或不进不出的钱包；当天为此刻"""
    if clock.now() < window.end:  # of a day that is over nobody can tell any more
        yield Value(None, "", stopped_wallets())


ratio(
    "risk_stop_rate",
    "拦截率",
    "拦截操作 ÷ 风控决策",
    over="risk_stopped",
    under="risk_decisions",
    topic=Topic.RISK,
)
ratio(
    "risk_precision",
    "拦截准确率",
    "确认风险 ÷ 办结案件；各规则的准确率见风控规则",
    over="risk_cases_confirmed",
    under="risk_cases_closed",
    topic=Topic.RISK,
)
