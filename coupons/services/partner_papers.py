"""A partner's month on paper: what they bear, line by line, with a checksum of what it says."""

import io
from collections.abc import Iterable

from django.conf import settings

from coupons.selectors.partners import PartnerMonth
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.csv_text import csv_lines
from wallet_project.kit.documents.workbook import Cell, Workbook
from wallet_project.kit.money import in_yuan

_TITLE = "联合促销对账单"
_HEADINGS = ["时间", "促销", "单号", "成本（元）", "合作方承担（元）"]


def paper_of(month: PartnerMonth, *, form: str) -> bytes:
    """As `csv`, or else as `xlsx`; that it was taken is in the audit trail."""
    record_audit(
        action="coupons.partner.report",
        subject=f"coupons.partner:{month.partner.pk}",
        facts={"month": month.month, "checksum": month.checksum},
    )
    return _csv(month) if form == "csv" else _xlsx(month)


def _csv(month: PartnerMonth) -> bytes:
    rows = [
        [_TITLE],
        *map(list, month.words.items()),
        [],
        _HEADINGS,
        *([str(cell) for cell in line] for line in _lines(month)),
        [],
        ["校验码（SHA-256）", month.checksum],
    ]
    return "".join(csv_lines(rows)).encode()


def _xlsx(month: PartnerMonth) -> bytes:
    out = io.BytesIO()
    with Workbook(out, title=_TITLE, issuer=settings.DOCUMENT_ISSUER, made_at=clock.now()) as book:
        book.sheet("概要", widths=[20, 70])
        book.rows([(_TITLE,), *month.words.items(), ("校验码（SHA-256）", month.checksum)])
        book.sheet("明细", widths=[20, 24, 34, 14, 16])
        book.head(_HEADINGS)
        book.rows(_lines(month))
    return out.getvalue()


def _lines(month: PartnerMonth) -> Iterable[tuple[Cell, ...]]:
    for at, promotion, number, cost, due in month.lines:
        yield clock.in_words(at), promotion, number, in_yuan(cost), in_yuan(due)
