"""What the page of one wallet shows of it, each section in one or two queries."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from wallet.models import Hold, Wallet
from wallet.rules.limits import Period
from wallet.selectors.limits import limits_of
from wallet.selectors.lots import lots_of, withdrawable_of
from wallet.selectors.records import records_of
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.words import in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_table, show_yuan

_SHOWN = 20
_WITHDRAWABLE = {
    "total": "钱包总余额",
    "bonus": "减：赠金",
    "cashback": "减：返现",
    "held": "减：本金中的冻结",
    "package": "减：套餐充值的本金",
    "elsewhere": "减：不是一年内的微信充值",
    "frozen": "减：钱包停止支出",
}


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
    rows = [
        [
            lot.account.get_code_display(),
            lot.source or "其他来源",
            show_yuan(lot.amount),
            show_yuan(lot.remaining),
            _when(lot.at),
            _when(lot.expires_at) if lot.expires_at else "长期",
        ]
        for lot in lots_of(wallet.user_id)[: _SHOWN * 2]
    ]
    return _table(["科目", "来源", "入账（元）", "剩余（元）", "入账时间", "有效期"], rows)


def show_limits(wallet: Wallet) -> Any:
    """Of each move what is used now and what is left; and the room for more of the owner's own money."""
    mine = limits_of(wallet.user_id, at=clock.now())
    rows = [
        [
            move.title,
            limit.period.label,
            _counted(limit.period, limit.used),
            _counted(limit.period, limit.limit),
            _counted(limit.period, limit.left),
            _when(limit.resets_at),
        ]
        for move in mine.moves
        if move.is_on
        for limit in move.limits
    ]
    room = [
        "本金余额",
        "上限",
        show_yuan(mine.room.principal),
        show_yuan(mine.room.cap),
        show_yuan(mine.room.left),
        "—",
    ]
    headers = [str(mine.level.label), "期间", "已用", "限额", "剩余", "恢复时间"]
    return show_table(headers, [*rows, room])


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


def _counted(period: Period, number: int) -> Any:
    return f"{number} 笔" if period is Period.TIMES else show_yuan(number)


def _table(headers: list[str], rows: list[list[Any]]) -> Any:
    return show_table(headers, rows) if rows else format_html("<p>{}</p>", "没有")


def _when(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "—"
