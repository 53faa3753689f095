"""A receipt to keep and one to share: a PDF and a picture, with a code by which anybody may check them."""

import io
from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.utils import translation

from wallet.rules.kinds import Direction, RecordKind
from wallet.rules.receipts import Receipt
from wallet.selectors.receipts import code_of
from wallet_project.kit import clock
from wallet_project.kit.documents.paper import A5, GREEN, INK, Paper
from wallet_project.kit.documents.picture import Picture
from wallet_project.kit.money import yuan

_TITLE = "电子回单"


def receipt_pdf(receipt: Receipt) -> bytes:
    out = io.BytesIO()
    paper = Paper(out, size=A5, margin=36, title=_TITLE, issuer=settings.DOCUMENT_ISSUER)
    paper.headline(_TITLE, beside=settings.DOCUMENT_ISSUER)
    paper.amount(_amount(receipt), colour=_colour(receipt), caption=receipt.title)
    paper.facts(list(_facts(receipt)), columns=1)
    paper.proof(address_of(receipt), ["扫码核验这张回单", *_ADVICE])
    paper.finish()
    return out.getvalue()


def receipt_png(receipt: Receipt) -> bytes:
    picture = Picture(issuer=settings.DOCUMENT_ISSUER, title=_TITLE)
    picture.headline(receipt.title)
    picture.amount(_amount(receipt), colour=_colour(receipt))
    for name, value in _facts(receipt):
        picture.fact(name, value)
    picture.rule()
    picture.proof(address_of(receipt), ["扫码核验这张回单", _ADVICE[0]])
    return picture.png()


# What a receipt is drawn as: its content type, and who draws it.
FORMS: Mapping[str, tuple[str, Callable[[Receipt], bytes]]] = {
    "pdf": ("application/pdf", receipt_pdf),
    "png": ("image/png", receipt_png),
}
_ADVICE = ("内容以核验页面显示的为准", "仅作交易凭证，不作报销发票")


def address_of(receipt: Receipt) -> str:
    """The page on which anybody may check it."""
    return f"{settings.PUBLIC_URL}/receipts/{code_of(receipt)}"


def _amount(receipt: Receipt) -> str:
    sign = "-" if receipt.direction == Direction.OUT else "+"
    return f"{sign} ¥ {yuan(receipt.amount)}"


def _colour(receipt: Receipt) -> str:
    return INK if receipt.direction == Direction.OUT else GREEN


def _facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    """In Chinese, whatever language the request speaks; what there is nothing of is left out."""
    with translation.override("zh-hans"):
        yield "类型", str(RecordKind(receipt.kind).label)
    for name, text in (("付款方", receipt.payer), ("收款方", receipt.payee)):
        if text:
            yield name, text
    parts = (
        ("余额", receipt.balance_amount),
        ("微信支付", receipt.channel_amount),
        ("优惠抵扣", receipt.discount_amount),
        ("手续费", receipt.fee),
    )
    for name, amount in parts:
        if amount:
            yield name, f"{yuan(amount)} 元"
    yield "时间", clock.in_words(receipt.at)
    if receipt.reference:
        yield "单号", receipt.reference
    yield "流水号", str(receipt.record_id)
