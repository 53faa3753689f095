"""What the page of one wallet shows of it, each section in one or two queries."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from wallet.models import Hold, LedgerAccount, Wallet
from wallet.rules.limits import Period
from wallet.selectors.limits import LimitLeft, limits_of
from wallet.selectors.lots import lots_of, withdrawable_of
from wallet.selectors.records import records_of
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.words import in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_table, show_yuan
from wallet_project.kit.money import yuan

_SHOWN = 20
_WITHDRAWABLE = {
    "total": "钱包总余额",
    "bonus": "减：赠金",
    "cashback": "减：返现",
    "held": "减：本金中的冻结",
    "package": "减：套餐充值的本金",
    "elsewhere": "减：来源不能退回微信",
    "frozen": "减：钱包停止支出",
}


def show_balances(wallet: Wallet) -> Any:
    rows = [
        [
            link_to(account, account.get_code_display()),
            show_yuan(account.balance),
            show_yuan(account.held),
            show_yuan(account.balance - account.held),
            _when(account.last_at),
        ]
        for account in LedgerAccount.objects.filter(wallet=wallet).order_by("id")
    ]
    return _table(["科目", "余额（元）", "其中冻结（元）", "可用（元）", "最近记账"], rows)


def show_withdrawable(wallet: Wallet) -> Any:
    found = withdrawable_of(wallet.user_id, at=clock.now())
    rows = [[_WITHDRAWABLE[line.code], show_yuan(line.amount)] for line in found.lines]
    return show_table(["可提现的计算", "金额（元）"], [*rows, ["可提现", show_yuan(found.amount)]])


def show_holds(wallet: Wallet) -> Any:
    holds = Hold.objects.filter(wallet=wallet).still_open().order_by("-id")[:_SHOWN]
    rows = [
        [link_to(hold), show_yuan(hold.open), _when(hold.placed_at), _when(hold.expires_at)] for hold in holds
    ]
    return _table(["冻结", "仍冻结（元）", "冻结时间", "到期"], rows)


def show_lots(wallet: Wallet) -> Any:
    """What is left of each source, and what has none."""
    rows = [
        [
            lot.account.get_code_display(),
            lot.source,
            show_yuan(lot.amount),
            show_yuan(lot.remaining),
            _when(lot.at),
            _when(lot.expires_at) if lot.expires_at else "长期",
        ]
        for lot in lots_of(wallet.user_id)[: _SHOWN * 2]
    ]
    rows += [
        [account.get_code_display(), "其他来源", "—", show_yuan(account.unsourced), "—", "长期"]
        for account in wallet.accounts.order_by("id")
        if account.unsourced
    ]
    return _table(["科目", "来源", "入账（元）", "剩余（元）", "入账时间", "有效期"], rows)


def show_limits(wallet: Wallet) -> Any:
    """Of each move what is used now and the most it may be; and how much more own money there may be."""
    mine = limits_of(wallet.user_id, at=clock.now())
    rows = [
        [move.title, *(_used_of(move.limits, period) for period in Period)]
        for move in mine.moves
        if move.is_on
    ]
    room = f"{mine.level.label}；本金余额最多 {yuan(mine.room.cap)} 元，还可以再有 {yuan(mine.room.left)} 元"
    table = show_table(["业务", *(str(period.label) for period in Period)], rows)
    return format_html('<p class="mb-2">{}</p>{}', room, table)


def show_records(wallet: Wallet) -> Any:
    rows = [
        [
            _when(record.occurred_at),
            link_to(record, record.title),
            record.get_direction_display(),
            show_yuan(record.amount),
            show_yuan(record.balance_after),
            record.reference,
        ]
        for record in records_of(wallet.user_id).order_by("-id")[:_SHOWN]
    ]
    return _table(["时间", "事项", "方向", "金额（元）", "之后余额（元）", "业务单号"], rows)


def show_trail(wallet: Wallet) -> Any:
    """Who stopped it, let it go on, proposed and approved."""
    rows = [
        [_when(entry.at), in_words(entry.action), entry.facts.get("reason", ""), entry.actor]
        for entry in latest_about(f"wallet:{wallet.pk}", limit=_SHOWN)
    ]
    return _table(["时间", "操作", "原因", "操作者"], rows)


def _used_of(limits: Sequence[LimitLeft], period: Period) -> str:
    for limit in limits:
        if limit.period is period:
            most = _counted(period, limit.limit)
            return most if period is Period.SINGLE else f"{_counted(period, limit.used)} / {most}"
    return "—"


def _counted(period: Period, number: int) -> str:
    return f"{number} 笔" if period is Period.TIMES else yuan(number)


def _table(headers: list[str], rows: list[list[Any]]) -> Any:
    return show_table(headers, rows) if rows else format_html("<p>{}</p>", "没有")


def _when(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "—"
