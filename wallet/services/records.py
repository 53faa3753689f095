"""Write down what the customer will read."""

from django.db.models import Sum

from wallet.models import LedgerAccount, Record
from wallet.rules.kinds import DIRECTIONS, RecordKind
from wallet.services.categories import file_record
from wallet.services.ledger import PostedJournal
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen


def write_record(
    *,
    wallet_id: int,
    journal: PostedJournal,
    kind: RecordKind,
    title: str,
    reference: str,
    balance_amount: Fen = ZERO,
    channel_amount: Fen = ZERO,
    fee: Fen = ZERO,
    counterparty: str = "",
    counterparty_name: str = "",
) -> Record:
    """
    One line of a customer's history, in the transaction that posted the journal; filed under its category.

    `balance_amount` is what moved in the wallet, `channel_amount` what went through WeChat; both zero or
    more, the kind says which way. `fee` is the part of the amount that we kept. `counterparty` says who was
    on the other side, `store:renmin`, `user:<uid>` or `biller:<code>`, and `counterparty_name` what the
    customer may read of them (people masked). What gives money back (a refund, a returned packet) has the
    `reference` of the line that it gives back, so that it counts against the same category.
    """
    require_transaction()
    balance_after = LedgerAccount.objects.filter(wallet=wallet_id).aggregate(total=Sum("balance"))["total"]
    record = Record.objects.create(
        wallet_id=wallet_id,
        journal_id=journal.journal_id,
        kind=kind,
        direction=DIRECTIONS[kind],
        amount=balance_amount + channel_amount,
        balance_amount=balance_amount,
        channel_amount=channel_amount,
        balance_after=balance_after,
        fee=fee,
        counterparty=counterparty,
        counterparty_name=counterparty_name,
        title=title,
        reference=reference,
        occurred_at=journal.at,
        month=clock.business_month(journal.at),
    )
    file_record(record)
    return record
