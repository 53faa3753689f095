"""The pages behind the codes on our papers: whoever scans one sees whether the paper is genuine."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wallet.selectors.receipts import masked, receipt_with
from wallet.selectors.statements import statement_with
from wallet_project.kit import clock
from wallet_project.kit.money import yuan


@require_safe
def show_receipt(request: HttpRequest, code: str) -> HttpResponse:
    receipt = receipt_with(code, at=clock.now())
    if receipt is None:
        return _page(request, "电子回单")
    facts = [("付款方", receipt.payer), ("收款方", receipt.payee), ("时间", clock.in_words(receipt.at))]
    return _page(request, "电子回单", amount=f"¥ {yuan(receipt.amount)}", facts=facts)


@require_safe
def show_statement(request: HttpRequest, number: str, checksum: str) -> HttpResponse:
    statement = statement_with(number=number, checksum=checksum)
    if statement is None:
        return _page(request, "对账单")
    facts = [
        ("对账单号", statement.number),
        ("持有人", masked(statement.wallet.user)),
        ("月份", f"{statement.month}{'（暂定）' if statement.is_provisional else ''}"),
        ("截至", clock.in_words(statement.until)),
        ("期初余额", yuan(statement.opening or 0)),
        ("期末余额", yuan(statement.closing or 0)),
        ("笔数", f"{statement.lines:,}"),
        ("校验码", statement.checksum),
    ]
    return _page(request, "对账单", facts=facts)


def _page(
    request: HttpRequest, document: str, *, amount: str = "", facts: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """With facts it is genuine, without it is not."""
    shown: dict[str, Any] = {
        "document": document,
        "issuer": settings.DOCUMENT_ISSUER,
        "amount": amount,
        "facts": [(name, value) for name, value in facts if value],
    }
    return render(request, "wallet/verified.html", shown, status=200 if facts else 404)
