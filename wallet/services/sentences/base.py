"""What a sentence about the ledger is, and which rows it is asked about."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """
    Something that is always true. `name` is kept with what was found, `says` and `words` are read by people.

    `broken` is SQL that finds the subjects it is not true of. It reads what it is asked about from the names
    below, the rest from the tables. Where that is not enough to look at a part of the ledger, or would cost
    too much, `nightly` says that only the whole is asked.
    """

    name: str
    says: str
    words: str
    broken: str
    nightly: bool = False


# Name → all of it, and what came after a position: the first transaction, journal and moment that are new,
# and the last hold event that is not.
SCOPES = {
    "journal": (
        "SELECT * FROM wallet_journal",
        "SELECT * FROM wallet_journal WHERE xid >= %(transaction)s",
    ),
    # By number and not by its journal, so that an entry whose journal vanished is looked at.
    "entry": (
        "SELECT * FROM wallet_entry",
        "SELECT * FROM wallet_entry WHERE journal_id >= %(journal)s",
    ),
    "hold_event": (
        "SELECT * FROM wallet_holdevent",
        "SELECT * FROM wallet_holdevent WHERE id > %(event)s",
    ),
    "hold": (
        "SELECT * FROM wallet_hold",
        "SELECT * FROM wallet_hold WHERE id IN (SELECT hold_id FROM hold_event)",
    ),
    # By their clocks, too, so that an account whose entries vanished is looked at.
    "account": (
        "SELECT * FROM wallet_ledgeraccount",
        "SELECT * FROM wallet_ledgeraccount WHERE last_at >= %(moment)s"
        " OR id IN (SELECT account_id FROM entry UNION SELECT account_id FROM hold_event)",
    ),
    "lot": (
        "SELECT * FROM wallet_lot",
        "SELECT * FROM wallet_lot WHERE NOT is_used_up AND account_id IN (SELECT id FROM account)",
    ),
    "record": (
        "SELECT * FROM wallet_record",
        "SELECT * FROM wallet_record WHERE journal_id >= %(journal)s",
    ),
    "top_up": (
        "SELECT * FROM wallet_topup",
        "SELECT * FROM wallet_topup WHERE journal_id >= %(journal)s",
    ),
    "red_packet": (
        "SELECT * FROM wallet_redpacket",
        "SELECT * FROM wallet_redpacket WHERE number IN (SELECT reference FROM journal)",
    ),
    "transfer": (
        "SELECT * FROM wallet_transfer",
        "SELECT * FROM wallet_transfer WHERE journal_id >= %(journal)s"
        " UNION SELECT * FROM wallet_transfer WHERE hold_id IN (SELECT id FROM hold)",
    ),
    "withdrawal": (
        "SELECT * FROM wallet_withdrawal",
        "SELECT * FROM wallet_withdrawal WHERE hold_id IN (SELECT id FROM hold)",
    ),
    "adjustment": (
        "SELECT * FROM wallet_adjustment",
        "SELECT * FROM wallet_adjustment WHERE journal_id >= %(journal)s",
    ),
    "seal": (
        "SELECT * FROM wallet_seal",
        "SELECT * FROM wallet_seal WHERE before_xid > %(transaction)s",
    ),
    # A check that found the ledger broken may have seen a chain that was not ours.
    "published": (
        "SELECT DISTINCT head FROM wallet_ledgercheck WHERE head <> '' AND state = 'SOUND'",
        "SELECT head FROM wallet_ledgercheck WHERE head <> '' AND state = 'SOUND' ORDER BY id DESC LIMIT 3",
    ),
}

# What each journal moved in each wallet, of the entries that are looked at.
MOVED = """
    SELECT e.journal_id, a.wallet_id, sum(e.amount) AS amount FROM entry AS e
    JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
    WHERE a.wallet_id IS NOT NULL GROUP BY e.journal_id, a.wallet_id"""
