"""What payments keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from payments.models import CallbackReceipt, RiskDecision, RiskMove, ShopNonce


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
