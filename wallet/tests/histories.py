"""Lines of a history at moments of our choosing."""

from datetime import UTC, datetime

from django.db.models import Count, Sum
from django.db.transaction import atomic

from wallet.models import CategoryTotal, Record, RecordCategory, Wallet
from wallet.rules.kinds import RecordKind
from wallet.rules.postings import suspense_in_legs
from wallet.services.ledger import PostedJournal, post_journal
from wallet.services.records import write_record
from wallet.tests.factories import new_key

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)  # in Shanghai


def add_line(
    wallet: Wallet,
    amount: int,
    *,
    kind: str = RecordKind.PAYMENT,
    at: datetime = NOON,
    title: str = "付款",
    store: str = "",
    name: str = "",
    reference: str = "",
) -> Record:
    """What the customer reads of a journal that is not looked at."""
    posted = post_journal(kind="suspense_in", key=new_key(), legs=suspense_in_legs(amount=amount))
    with atomic():
        return write_record(
            wallet_id=wallet.pk,
            journal=PostedJournal(posted.journal_id, at, replayed=False, balances={}),
            kind=RecordKind(kind),
            title=title,
            reference=reference or new_key("O")[:32],
            channel_amount=amount,
            counterparty=f"store:{store}" if store else "",
            counterparty_name=name or (f"{store}店" if store else ""),
        )


def category_of(record: Record) -> tuple[str, str]:
    """As the table has it now: the category, and who decided so."""
    return RecordCategory.objects.values_list("category_id", "filed_by").get(record=record)


def totals_kept(wallet: Wallet) -> dict:
    """What the database keeps: (month, nature, category, counterparty) → (amount, lines)."""
    rows = CategoryTotal.objects.filter(wallet=wallet, lines__gt=0).values_list(
        "month", "nature", "category_id", "counterparty", "amount", "lines"
    )
    return {tuple(key): (amount, lines) for *key, amount, lines in rows}


def totals_counted(wallet: Wallet) -> dict:
    """The same, counted line by line."""
    rows = (
        Record.objects.filter(wallet=wallet)
        .values_list("month", "filed__nature", "filed__category_id", "counterparty")
        .annotate(amount=Sum("amount"), lines=Count("pk"))
    )
    return {tuple(key): (int(amount), lines) for *key, amount, lines in rows}
