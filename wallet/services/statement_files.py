"""A statement as a paper, as a table for programs, as a workbook: the same facts, lines as they come."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.conf import settings
from django.utils import translation

from wallet.rules.kinds import Colour, RecordKind
from wallet.rules.statements import Form, Line, Period, Tally
from wallet_project.kit import clock
from wallet_project.kit.csv_text import csv_lines
from wallet_project.kit.documents.paper import A4, Align, Column, Paper
from wallet_project.kit.documents.workbook import Workbook
from wallet_project.kit.money import in_yuan, yuan

_TITLE = "钱包对账单"
_HEADINGS = ["时间", "类型", "摘要", "对方", "单号", "余额变动", "微信支付", "优惠抵扣"]
_HEADINGS += ["手续费", "余额", "流水号"]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every form says besides its lines; `holder` is masked, `at` is when it was asked for."""

    number: str
    month: str
    holder: str
    is_provisional: bool
    at: datetime
    period: Period
    tally: Tally
    checksum: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Up to the border, which belongs to the next period."""
        return [
            ("对账单号", self.number),
            ("持有人", self.holder),
            ("账期", f"{clock.in_words(self.period.since)} 至 {clock.in_words(self.period.until)} 前"),
            ("状态", "暂定（本月尚未结束）" if self.is_provisional else "正式"),
            ("申请时间", clock.in_words(self.at)),
            ("币种", "人民币（元）"),
        ]

    @property
    def address(self) -> str:
        """Where anybody may check it."""
        return f"{settings.PUBLIC_URL}/statements/{self.number}/{self.checksum}"


def write_file(form: Form, facts: Facts, lines: Iterable[Line]) -> bytes:
    """In Chinese, whoever asks."""
    out = io.BytesIO()
    with translation.override("zh-hans"):
        _WRITERS[form](out, facts, lines)
    return out.getvalue()


def _write_pdf(out: BinaryIO, facts: Facts, lines: Iterable[Line]) -> None:
    issuer, title = settings.DOCUMENT_ISSUER, f"{_TITLE} {facts.month}"
    paper = Paper(out, size=A4, margin=_MARGIN, title=title, issuer=issuer)
    paper.headline(_TITLE, aside=_month_in_words(facts), beside=issuer)
    paper.facts(facts.pairs, columns=2)
    totals = [("期初余额", facts.period.opening), ("转入", facts.tally.received)]
    totals += [("转出", facts.tally.given), ("期末余额", facts.period.closing)]
    paper.figures([(name, yuan(amount)) for name, amount in totals])
    paper.section("各类资金")
    paper.table(_columns("", 127, *_AMOUNTS_OF_COLOURS), _colour_rows(facts.period))
    paper.section("各类交易")
    paper.table(_columns("类型", 97, *_AMOUNTS_OF_KINDS), _kind_rows(facts.tally))
    paper.section(f"明细 · {facts.tally.count:,} 笔")
    paper.table(_LINE_COLUMNS, map(_line_on_paper, lines))
    if not facts.tally.count:
        paper.notes(["本期没有交易"])
    checked = ["扫码核对这份对账单", f"校验码（SHA-256）{facts.checksum[:32]}", facts.checksum[32:], *_ADVICE]
    paper.proof(facts.address, checked)
    paper.finish()


def _write_csv(out: BinaryIO, facts: Facts, lines: Iterable[Line]) -> None:
    rows = _all_rows(facts, lines)
    for text in csv_lines(["" if cell is None else cell for cell in row] for row in rows):
        out.write(text.encode())


def _all_rows(facts: Facts, lines: Iterable[Line]) -> Iterator[Sequence[object]]:
    """As banks and WeChat Pay do: a few rows about the whole, the table, and how to check it."""
    yield [_TITLE, facts.month]
    yield from ([name, value] for name, value in facts.pairs)
    yield from ([name, str(amount)] for name, amount in _sums(facts))
    yield []
    yield list(_HEADINGS)
    for line in lines:
        yield [cell if isinstance(cell, str | None) else str(cell) for cell in _cells(line)]
    yield []
    yield ["校验码（SHA-256）", facts.checksum]
    yield ["核对地址", facts.address]


def _write_xlsx(out: BinaryIO, facts: Facts, lines: Iterable[Line]) -> None:
    with Workbook(out, title=_TITLE, issuer=settings.DOCUMENT_ISSUER, made_at=facts.at) as book:
        book.sheet("概要", widths=[22, 44, 14, 14, 14, 14])
        book.rows([(_TITLE, facts.month), *facts.pairs, *_sums(facts)])
        book.rows([("校验码（SHA-256）", facts.checksum), ("核对地址", facts.address), ()])
        book.rows([("各类资金", None, *_AMOUNTS_OF_COLOURS)])
        for colour, sums in facts.period.colours.items():
            amounts = (sums.opening, sums.received, sums.given, sums.closing)
            book.rows([(str(Colour(colour).label), None, *map(in_yuan, amounts))])
        book.sheet("明细", widths=[20, 12, 28, 20, 34, 12, 12, 12, 10, 12, 14])
        book.head(_HEADINGS)
        book.rows(map(_cells, lines))


_WRITERS: Mapping[Form, Callable[[BinaryIO, Facts, Iterable[Line]], None]] = {
    Form.PDF: _write_pdf,
    Form.CSV: _write_csv,
    Form.XLSX: _write_xlsx,
}
_AMOUNTS_OF_COLOURS = ("期初", "转入", "转出", "期末")
_AMOUNTS_OF_KINDS = ("笔数", "转入", "转出", "微信支付", "优惠抵扣", "手续费")
_MARGIN = 30
# Whole, however long: the time, the kind, the number and the amounts. Only a summary may be cut.
_LINE_COLUMNS = [
    Column(title="时间", width=54),
    Column(title="类型", width=56),
    Column(title="摘要", width=78),
    Column(title="单号", width=136),
    *(
        Column(title=title, width=width, align=Align.RIGHT)
        for title, width in (("余额变动", 52), ("微信支付", 41), ("优惠", 36), ("手续费", 34), ("余额", 48))
    ),
]
_ADVICE = (
    "内容以核对页面显示的为准；期初余额 + 转入 − 转出 = 期末余额",
    "微信支付和优惠抵扣的部分不经过钱包余额",
)


def _columns(title: str, width: float, *amounts: str) -> list[Column]:
    """A name and amounts to the right of it, over the whole width of a paper."""
    share = (A4[0] - 2 * _MARGIN - width) / len(amounts)
    named = Column(title=title, width=width)
    return [named, *(Column(title=name, width=share, align=Align.RIGHT) for name in amounts)]


def _colour_rows(period: Period) -> Iterator[tuple[str, ...]]:
    for colour, sums in period.colours.items():
        amounts = (sums.opening, sums.received, sums.given, sums.closing)
        yield (str(Colour(colour).label), *map(yuan, amounts))


def _kind_rows(tally: Tally) -> Iterator[tuple[str, ...]]:
    for kind, sums in tally.kinds.items():
        amounts = (sums.received, sums.given, sums.channel_amount, sums.discount_amount, sums.fee)
        yield (str(RecordKind(kind).label), f"{sums.count:,}", *map(yuan, amounts))


def _line_on_paper(line: Line) -> tuple[str, ...]:
    """Without the year, which stands above; what there is nothing of stays empty."""
    parts = (line.channel_amount, line.discount_amount, line.fee)
    return (
        clock.in_words(line.at)[5:],
        str(RecordKind(line.kind).label),
        _summary(line),
        line.reference,
        _signed(line.change),
        *(yuan(part) if part else "" for part in parts),
        yuan(line.balance_after),
    )


def _cells(line: Line) -> tuple[str | Decimal, ...]:
    amounts = (line.change, line.channel_amount, line.discount_amount, line.fee, line.balance_after)
    return (
        clock.in_words(line.at),
        str(RecordKind(line.kind).label),
        line.title,
        line.counterparty_name,
        line.reference,
        *map(in_yuan, amounts),
        str(line.record_id),
    )


def _sums(facts: Facts) -> list[tuple[str, Decimal]]:
    amounts = [
        ("期初余额", facts.period.opening),
        ("转入合计", facts.tally.received),
        ("转出合计", facts.tally.given),
        ("期末余额", facts.period.closing),
        ("手续费合计", facts.tally.fee),
    ]
    return [(name, in_yuan(amount)) for name, amount in amounts]


def _summary(line: Line) -> str:
    """Title and counterparty, once where they say the same."""
    said = [line.title, line.counterparty_name]
    return " · ".join(dict.fromkeys(text for text in said if text))


def _signed(change: int) -> str:
    return f"+{yuan(change)}" if change > 0 else yuan(change)


def _month_in_words(facts: Facts) -> str:
    year, month = facts.month.split("-")
    return f"{year} 年 {int(month)} 月{'（暂定）' if facts.is_provisional else ''}"
