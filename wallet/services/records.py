"""Write down what the customer will read."""

from typing import NotRequired, TypedDict, Unpack

from wallet.models import Record
from wallet.rules.kinds import DIRECTIONS, RecordKind
from wallet.selectors.categories import habits_behind
from wallet.services.categories import file_records, line_of
from wallet.services.ledger import PostedJournal
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.rows import insert


class Happening(TypedDict):
    """
    What a line says. `balance_amount` is what moved in the wallet, `channel_amount` what went through WeChat,
    `discount_amount` what coupons and points paid beside them; all zero or more, the kind says which way.
    `fee` is the part of the amount that we kept. `counterparty` says who was on the other side,
    `store:renmin`, `user:<uid>` or `biller:<code>`, and `counterparty_name` what the customer may read of
    them (people masked). What gives money back (a refund, a returned packet)
    has the `reference` of the line that it gives back, so that it counts against the same category.
    """

    wallet_id: int
    kind: RecordKind
    title: str
    reference: str
    balance_amount: NotRequired[Fen]
    channel_amount: NotRequired[Fen]
    discount_amount: NotRequired[Fen]
    fee: NotRequired[Fen]
    counterparty: NotRequired[str]
    counterparty_name: NotRequired[str]


def write_record(*, journal: PostedJournal, **what: Unpack[Happening]) -> Record:
    """One line of a customer's history, in the transaction that posted the journal; filed by category."""
    (record,) = write_records(what, journal=journal)
    return record


def write_records(*happened: Happening, journal: PostedJournal) -> list[Record]:
    """The same of several wallets that one journal moved, in as many statements as for one."""
    require_transaction()
    records = [_record(what, journal=journal) for what in happened]
    habits = habits_behind([(record.wallet_id, line_of(record)) for record in records])
    for record, habit in zip(records, habits, strict=True):
        record.balance_after = habit.balance
    insert(*records)
    file_records(records, habits)
    return records


def _record(what: Happening, *, journal: PostedJournal) -> Record:
    balance_amount, channel_amount = what.get("balance_amount", ZERO), what.get("channel_amount", ZERO)
    return Record(
        wallet_id=what["wallet_id"],
        journal_id=journal.journal_id,
        kind=what["kind"],
        direction=DIRECTIONS[what["kind"]],
        amount=balance_amount + channel_amount,
        balance_amount=balance_amount,
        channel_amount=channel_amount,
        discount_amount=what.get("discount_amount", ZERO),
        fee=what.get("fee", ZERO),
        counterparty=what.get("counterparty", ""),
        counterparty_name=what.get("counterparty_name", ""),
        title=what["title"],
        reference=what["reference"],
        occurred_at=journal.at,
        month=clock.business_month(journal.at),
    )
