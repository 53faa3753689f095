"""What the proofs of the books have found, and how far they have looked."""

from django.db.models import QuerySet

from wallet.models import CheckKind, LedgerCheck, LedgerFinding


def open_findings() -> QuerySet[LedgerFinding]:
    """Sentences that did not hold when last looked at, the oldest first."""
    return LedgerFinding.objects.filter(settled_at=None).order_by("pk")


def last_check() -> LedgerCheck | None:
    """The check that has looked farthest. Nothing before its end has been left out."""
    return LedgerCheck.objects.filter(to_xid__isnull=False).order_by("-to_xid", "-pk").first()


def last_full_check() -> LedgerCheck | None:
    """The last one that came to an end."""
    finished = LedgerCheck.objects.filter(kind=CheckKind.FULL, to_xid__isnull=False)
    return finished.order_by("-pk").first()
