"""The report of a day's close, on paper and as a workbook: the same sums, the same list of exceptions."""

import io
from collections.abc import Iterator

from django.conf import settings

from accounts.models import User
from payments.models import CloseItem, DailyClose, Difference
from payments.selectors.daily_closes import Explanation, differences_of, exceptions_of, explanation_of
from wallet_project.kit import clock
from wallet_project.kit.documents.paper import A4, Align, Column, Paper
from wallet_project.kit.documents.workbook import Cell, Workbook
from wallet_project.kit.money import in_yuan, yuan

_TITLE = "日结报告"
_MOVED_HEADS = ("业务", "笔数", "金额")
_BUCKET_HEADS = ("业务", "结果", "笔数", "账单金额", "账簿金额")
_DIFFERENCE_HEADS = ("类型", "单号", "差额", "处理", "说明")
_ITEM_HEADS = ("业务", "结果", "微信单号", "我方单号", "交易账单", "资金账单", "账簿", "手续费", "凭证")


def close_as_pdf(close: DailyClose) -> bytes:
    told, out = explanation_of(close), io.BytesIO()
    paper = Paper(out, size=A4, margin=34, title=f"{_TITLE} {close.day}", issuer=settings.DOCUMENT_ISSUER)
    paper.headline(_TITLE, aside=str(close.day), beside=settings.DOCUMENT_ISSUER)
    paper.facts(_facts(close), columns=2)
    paper.figures([(name, yuan(amount)) for name, amount in _sums(told)])
    paper.section("微信待结算的变动：期初 + 变动 = 期末")
    paper.table(_columns(_MOVED_HEADS, (287, 120, 120), numbers=(1, 2)), _moved(told))
    paper.section("三方核对")
    paper.table(_columns(_BUCKET_HEADS, (80, 207, 60, 90, 90), numbers=(2, 3, 4)), _buckets(told))
    paper.section("差异")
    columns = _columns(_DIFFERENCE_HEADS, (90, 150, 67, 50, 170), numbers=(2,))
    paper.table(columns, map(_difference, differences_of(close)))
    paper.finish()
    return out.getvalue()


def close_as_xlsx(close: DailyClose) -> bytes:
    told, out = explanation_of(close), io.BytesIO()
    made_at = close.signed_at or close.matched_at or clock.now()
    with Workbook(
        out, title=f"{_TITLE} {close.day}", issuer=settings.DOCUMENT_ISSUER, made_at=made_at
    ) as book:
        book.sheet("概要", widths=[24, 24, 12, 16, 16])
        book.rows([(_TITLE, str(close.day)), *_facts(close)])
        book.rows([*((name, in_yuan(amount)) for name, amount in _sums(told)), (), _MOVED_HEADS])
        book.rows((str(part.kind.label), part.count, in_yuan(part.amount)) for part in told.moved)
        book.rows([(), _BUCKET_HEADS])
        book.rows(
            (part.kind_name, part.name, part.count, in_yuan(part.billed), in_yuan(part.booked))
            for part in told.buckets
        )
        book.sheet("差异", widths=[18, 36, 12, 12, 48])
        book.head(_DIFFERENCE_HEADS)
        book.rows(
            (*_difference(each)[:2], in_yuan(each.amount), *_difference(each)[3:])
            for each in differences_of(close)
        )
        book.sheet("例外明细", widths=[8, 22, 34, 34, 12, 12, 12, 10, 12])
        book.head(_ITEM_HEADS)
        book.rows(map(_item, exceptions_of(close).iterator()))
    return out.getvalue()


def _facts(close: DailyClose) -> list[tuple[str, str]]:
    people = User.objects.in_bulk([number for number in (close.proposed_by, close.approved_by) if number])
    maker, checker = (str(people.get(number or 0, "—")) for number in (close.proposed_by, close.approved_by))
    signed = clock.in_words(close.signed_at) if close.signed_at else "未日结"
    files = [(bill.get_kind_display(), f"{bill.rows:,} 行") for bill in close.files.order_by("kind")]
    return [
        ("业务日", str(close.day)),
        ("状态", close.get_state_display()),
        ("对账时间", clock.in_words(close.matched_at) if close.matched_at else "—"),
        ("日结时间", signed),
        ("申请人", maker),
        ("审批人", checker),
        ("未解释金额", yuan(close.unexplained)),
        *files,
    ]


def _sums(told: Explanation) -> list[tuple[str, int]]:
    """In fen; what WeChat did not say is not there."""
    sums = [
        ("期初待结算", told.opening),
        ("当日变动", sum(part.amount for part in told.moved)),
        ("期末待结算", told.closing),
        ("微信账户结余", told.wechat_balance),
        ("微信手续费", told.fees),
        ("结算到银行等", told.settled),
    ]
    return [(name, amount) for name, amount in sums if amount is not None]


def _moved(told: Explanation) -> Iterator[tuple[str, ...]]:
    for part in told.moved:
        yield str(part.kind.label), f"{part.count:,}", yuan(part.amount)


def _buckets(told: Explanation) -> Iterator[tuple[str, ...]]:
    for part in told.buckets:
        yield part.kind_name, part.name, f"{part.count:,}", yuan(part.billed), yuan(part.booked)


def _difference(difference: Difference) -> tuple[str, ...]:
    return (
        difference.get_bucket_display(),
        difference.number or difference.subject,
        yuan(difference.amount),
        difference.get_ended_display() if difference.ended else "未处理",
        difference.resolution,
    )


def _item(item: CloseItem) -> tuple[Cell, ...]:
    amounts = (item.trade_amount, item.fund_amount, item.ledger_amount, item.fee)
    return (
        item.get_kind_display(),
        item.get_outcome_display(),
        item.external_id,
        item.number,
        *(None if amount is None else in_yuan(amount) for amount in amounts),
        str(item.journal_id or ""),
    )


def _columns(titles: tuple[str, ...], widths: tuple[int, ...], *, numbers: tuple[int, ...]) -> list[Column]:
    return [
        Column(title=title, width=width, align=Align.RIGHT if place in numbers else Align.LEFT)
        for place, (title, width) in enumerate(zip(titles, widths, strict=True))
    ]
