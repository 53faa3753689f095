"""What payments keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from payments.models import (
    BillFilePart,
    CallbackReceipt,
    FundLine,
    RiskDecision,
    RiskMove,
    ShopNonce,
    ShopNotification,
    TradeLine,
)


def outdated_receipts(*, before: datetime) -> QuerySet[CallbackReceipt]:
    """Whose content nobody needs any more; one that became a case keeps it as evidence."""
    finished = [CallbackReceipt.State.DONE, CallbackReceipt.State.UNOPENED]
    return CallbackReceipt.objects.filter(state__in=finished, created_at__lt=before).exclude(body="")


def outdated_nonces(*, before: datetime) -> QuerySet[ShopNonce]:
    """Far older than the window in which they could be replayed."""
    return ShopNonce.objects.filter(used_at__lt=before)


def outdated_risk_moves(*, before: datetime) -> QuerySet[RiskMove]:
    """Nothing is counted over more than ninety days."""
    return RiskMove.objects.filter(at__lt=before)


def outdated_risk_decisions(*, before: datetime) -> QuerySet[RiskDecision]:
    """One that somebody had to look at stays with its case."""
    return RiskDecision.objects.filter(at__lt=before, case=None)


def outdated_trade_lines(*, before: datetime) -> QuerySet[TradeLine]:
    """Lines of bills that were fetched before then; what was made of them stays."""
    return TradeLine.objects.filter(file__fetched_at__lt=before)


def outdated_fund_lines(*, before: datetime) -> QuerySet[FundLine]:
    """The same of fund-flow bills."""
    return FundLine.objects.filter(file__fetched_at__lt=before)


def outdated_bill_parts(*, before: datetime) -> QuerySet[BillFilePart]:
    """The files themselves, as they came."""
    return BillFilePart.objects.filter(file__fetched_at__lt=before)


def outdated_shop_notifications(*, before: datetime) -> QuerySet[ShopNotification]:
    """With their tries; not while one is still being tried."""
    waiting = ShopNotification.State.WAITING
    return ShopNotification.objects.filter(created_at__lt=before).exclude(state=waiting)
