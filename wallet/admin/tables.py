"""Entries as a table inside a page: they have a composite key, which the admin's inlines do not take."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format

from wallet.models import Entry
from wallet.rules import chart
from wallet_project.kit.admin import link_to, show_table, show_yuan


def show_legs(entries: Sequence[Entry]) -> str:
    """Debit and credit side by side, as bookkeepers read them."""
    return show_table(
        ["账户", "借方（元）", "贷方（元）", "记账后余额（元）"],
        [
            [
                link_to(entry.account),
                show_yuan(-entry.amount) if entry.amount < 0 else "",
                show_yuan(entry.amount) if entry.amount > 0 else "",
                show_yuan(chart.on_normal_side(entry.account.code, entry.balance_after)),
            ]
            for entry in entries
        ],
    )


def show_entries(entries: Sequence[Entry]) -> str:
    """One account's movements, on its normal side."""
    return show_table(
        ["序号", "时间", "凭证", "变动（元）", "记账后余额（元）"],
        [
            [
                entry.version,
                date_format(timezone.localtime(entry.at), "DATETIME_FORMAT"),
                link_to(entry.journal),
                show_yuan(chart.on_normal_side(entry.account.code, entry.amount)),
                show_yuan(chart.on_normal_side(entry.account.code, entry.balance_after)),
            ]
            for entry in entries
        ],
    )
