"""
What moves and what is there, read off the ledger: these numbers are its own, to the fen.

Of each row of the chart there is a number: what was there when the day was over, or, of what is earned and
spent, what the day brought.
"""

from collections.abc import Iterable
from datetime import timedelta

from wallet.rules.chart import BY_CODE, CUSTOMER, ChartRow, on_normal_side
from wallet.rules.kinds import JournalKind
from wallet.selectors import figures
from wallet_project.analytics.rules.metrics import Adds, Metric, Topic, Unit
from wallet_project.analytics.selectors.metrics.catalogue import (
    Question,
    Value,
    Window,
    add,
    metric,
    ratio,
    spread,
)

_WALLET = {row.code for row in CUSTOMER}
_OWN = {"principal"}
EARNED_AND_SPENT = {
    "wechat_fee",
    "merchant_sales",
    "fee_income",
    "promotion_cost",
    "forfeiture_income",
    "adjustment",
}


def _moved(window: Window) -> list[figures.Moved]:
    return figures.moved(since=window.first, until=window.end, among=window.among)


def _balances(window: Window) -> dict[str, int]:
    return figures.balances(before=window.end, among=window.among)


def _asked(window: Window) -> list[figures.Asked]:
    return figures.withdrawals_asked(since=window.first, until=window.end, among=window.among)


def _on(codes: set[str], window: Window, *kinds: JournalKind) -> list[figures.Moved]:
    return [each for each in window.once(_moved) if each.code in codes and (not kinds or each.kind in kinds)]


@metric("充值笔数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def top_ups(window: Window) -> Iterable[Value]:
    """当天到账的充值"""
    return spread(_on(_OWN, window, JournalKind.TOP_UP), "credits")


@metric("充值金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def top_up_amount(window: Window) -> Iterable[Value]:
    """当天到账的充值本金，不含赠金"""
    return spread(_on(_OWN, window, JournalKind.TOP_UP), "credited")


@metric("充值退款金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def top_ups_taken_back(window: Window) -> Iterable[Value]:
    """当天因充值退款离开钱包的本金"""
    return spread(_on(_OWN, window, JournalKind.TOP_UP_REFUND), "debited")


@metric("提现申请笔数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def withdrawals_asked(window: Window) -> Iterable[Value]:
    """当天申请的提现"""
    return spread(window.once(_asked), "withdrawals")


@metric("提现申请金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def withdrawals_asked_amount(window: Window) -> Iterable[Value]:
    """当天申请的提现金额，不含手续费"""
    return spread(window.once(_asked), "amount")


@metric("转出笔数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def payouts(window: Window) -> Iterable[Value]:
    """当天离开钱包、向微信转出的笔数，包括提现和余额退回；一次提现可分几笔"""
    return spread(_on(_OWN, window, JournalKind.PAYOUT), "debits")


@metric("转出金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def payout_amount(window: Window) -> Iterable[Value]:
    """当天离开钱包、向微信转出的金额，包括提现和余额退回"""
    return spread(_on(_OWN, window, JournalKind.PAYOUT), "debited")


@metric("转出到账金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True)
def payouts_arrived(window: Window) -> Iterable[Value]:
    """当天微信已付给顾客的转出，包括充值退款"""
    return spread(_on({"withdrawal_clearing"}, window, JournalKind.PAYOUT_SETTLED), "debited")


@metric("转出未成功金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True)
def payouts_returned(window: Window) -> Iterable[Value]:
    """当天未能付给顾客、退回的转出"""
    return spread(_on({"withdrawal_clearing"}, window, JournalKind.PAYOUT_RETURNED), "debited")


@metric("转账笔数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def transfers(window: Window) -> Iterable[Value]:
    """当天收款人已收到的转账"""
    return spread(_on(_OWN, window, JournalKind.TRANSFER), "credits")


@metric("转账金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def transfer_amount(window: Window) -> Iterable[Value]:
    """当天收款人已收到的转账金额，不含手续费"""
    return spread(_on(_OWN, window, JournalKind.TRANSFER), "credited")


@metric("红包个数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def red_packets(window: Window) -> Iterable[Value]:
    """当天发出的红包，一次发给多人为一个"""
    return spread(_on(_OWN, window, JournalKind.RED_PACKET_SENT), "debits")


@metric("红包金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def red_packet_amount(window: Window) -> Iterable[Value]:
    """当天发出的红包金额"""
    return spread(_on(_OWN, window, JournalKind.RED_PACKET_SENT), "debited")


@metric("缴费笔数", unit=Unit.COUNT, topic=Topic.MONEY, hourly=True, by_person=True)
def bills(window: Window) -> Iterable[Value]:
    """当天缴费成功的账单"""
    return spread(_on(_OWN, window, JournalKind.BILL_PAYMENT), "debits")


@metric("缴费金额", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True)
def bill_amount(window: Window) -> Iterable[Value]:
    """当天缴费成功的金额，含手续费"""
    return spread(_on(_OWN, window, JournalKind.BILL_PAYMENT), "debited")


@metric("钱包流入", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True, parts=("journal",))
def wallets_in(window: Window) -> Iterable[Value]:
    """当天进入顾客钱包的金额，三种余额合计；顾客之间的转账两边都算"""
    return spread(_on(_WALLET, window), "credited", journal="kind")


@metric("钱包流出", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, by_person=True, parts=("journal",))
def wallets_out(window: Window) -> Iterable[Value]:
    """当天离开顾客钱包的金额，三种余额合计；流入减流出等于余额合计的变化"""
    return spread(_on(_WALLET, window), "debited", journal="kind")


@metric("微信收款", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, parts=("journal",))
def wechat_in(window: Window) -> Iterable[Value]:
    """当天微信替我们收到的金额"""
    return spread(_on({"wechat_clearing"}, window), "debited", journal="kind")


@metric("微信付款", unit=Unit.FEN, topic=Topic.MONEY, hourly=True, parts=("journal",))
def wechat_out(window: Window) -> Iterable[Value]:
    """当天微信替我们付出、扣除手续费和结算到银行的金额"""
    return spread(_on({"wechat_clearing"}, window), "credited", journal="kind")


@metric("余额合计", unit=Unit.FEN, topic=Topic.MONEY, adds=Adds.LAST, by_person=True)
def wallet_balance(window: Window) -> Iterable[Value]:
    """当天结束时顾客钱包里的本金、赠金和返现"""
    yield Value(None, "", sum(window.once(_balances).get(code, 0) for code in _WALLET))


def _waiting(window: Window, days: int) -> Iterable[Value]:
    waits = figures.waiting_longer(window.once(_balances), than=timedelta(days=days), before=window.end)
    yield Value(None, "", sum(waits.values()))
    for code, amount in waits.items():
        yield Value(None, f"account:{code}", amount)


@metric("待结算超过 1 天", unit=Unit.FEN, topic=Topic.MONEY, adds=Adds.LAST, parts=("account",))
def clearing_over_1_day(window: Window) -> Iterable[Value]:
    """当天结束时各待结算科目中已进入超过 1 天的金额，先进先出"""
    return _waiting(window, 1)


@metric("待结算超过 3 天", unit=Unit.FEN, topic=Topic.MONEY, adds=Adds.LAST, parts=("account",))
def clearing_over_3_days(window: Window) -> Iterable[Value]:
    """当天结束时各待结算科目中已进入超过 3 天的金额，先进先出"""
    return _waiting(window, 3)


@metric("待结算超过 7 天", unit=Unit.FEN, topic=Topic.MONEY, adds=Adds.LAST, parts=("account",))
def clearing_over_7_days(window: Window) -> Iterable[Value]:
    """当天结束时各待结算科目中已进入超过 7 天的金额，先进先出"""
    return _waiting(window, 7)


def _at_the_end(row: ChartRow) -> Question:
    def question(window: Window) -> Iterable[Value]:
        yield Value(None, "", on_normal_side(row.code, window.once(_balances).get(row.code, 0)))

    return question


def _of_the_day(row: ChartRow) -> Question:
    def question(window: Window) -> Iterable[Value]:
        for value in spread(_on({row.code}, window), "net", journal="kind"):
            yield value._replace(value=on_normal_side(row.code, value.value))

    return question


def _number_of(row: ChartRow) -> tuple[Metric, Question]:
    if row.code in EARNED_AND_SPENT:
        number = Metric(
            code=row.code,
            name=row.name,
            definition=f"当天记入账簿“{row.name}”的净额：{row.means}",
            unit=Unit.FEN,
            topic=Topic.MONEY,
            hourly=True,
            parts=("journal",),
        )
        return number, _of_the_day(row)
    number = Metric(
        code=row.code,
        name=row.name,
        definition=f"当天结束时账簿“{row.name}”的余额：{row.means}",
        unit=Unit.FEN,
        topic=Topic.MONEY,
        adds=Adds.LAST,
        by_person=row.code in _WALLET,
    )
    return number, _at_the_end(row)


for _row in BY_CODE.values():
    add(*_number_of(_row))


ratio(
    "promotion_rate",
    "营销费用率",
    "营销费用 ÷ 交易额",
    over="promotion_cost",
    under="volume",
    topic=Topic.MONEY,
)
