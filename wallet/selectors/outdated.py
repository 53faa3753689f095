"""What the wallet keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet.models import (
    CheckKind,
    CheckState,
    LedgerCheck,
    MoneyRequest,
    PayeeLookups,
    Quote,
    QuoteState,
    StatementPart,
)
from wallet.rules.money_requests import RequestState
from wallet_project.kit import clock


def outdated_quotes(*, before: datetime) -> QuerySet[Quote]:
    """Quotes that nobody took; one that was taken explains a fee and stays with the books."""
    return Quote.objects.filter(created_at__lt=before, state__in=(QuoteState.OPEN, QuoteState.LAPSED))


def outdated_payee_lookups(*, before: datetime) -> QuerySet[PayeeLookups]:
    """Days on which nobody can ask any more."""
    return PayeeLookups.objects.filter(day__lt=clock.business_day(before))


def outdated_ledger_checks(*, before: datetime) -> QuerySet[LedgerCheck]:
    """Looks at what was new that found nothing. Full checks, and those that found something, stay."""
    return LedgerCheck.objects.filter(kind=CheckKind.SINCE, state=CheckState.SOUND, finished_at__lt=before)


def outdated_requests(*, before: datetime) -> QuerySet[MoneyRequest]:
    """Requests that came to nothing before then; what was paid stays beside its transfer."""
    over = MoneyRequest.objects.filter(ended_at__lt=before)
    return over.exclude(state=RequestState.PAID)


def outdated_statement_parts(*, before: datetime) -> QuerySet[StatementPart]:
    """The files of statements that were ready before then; each may be asked for again."""
    return StatementPart.objects.filter(statement__ready_at__lt=before)
