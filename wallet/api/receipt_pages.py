"""The page behind the code on a receipt: whoever scans it sees whether it is genuine."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wallet.rules.receipts import Receipt
from wallet.selectors.receipts import receipt_with
from wallet_project.kit import clock
from wallet_project.kit.money import yuan


@require_safe
def show_receipt(request: HttpRequest, code: str) -> HttpResponse:
    receipt = receipt_with(code, at=clock.now())
    shown: dict[str, Any] = {"document": "电子回单", "issuer": settings.DOCUMENT_ISSUER}
    if receipt is None:
        return render(request, "wallet/verified.html", shown, status=404)
    shown |= {"amount": f"¥ {yuan(receipt.amount)}", "facts": _facts(receipt)}
    return render(request, "wallet/verified.html", shown)


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    said = [
        ("付款方", receipt.payer),
        ("收款方", receipt.payee),
        ("时间", clock.in_words(receipt.at)),
    ]
    return [(name, value) for name, value in said if value]
