"""Every fen accounted for: recompute what the ledger claims and name whatever does not agree."""

from dataclasses import dataclass

from django.db import connection, transaction

from wallet.models import Entry, Journal, Seal

# Each query finds the subjects that break its sentence; on a sound ledger it finds nothing.
_CHECKS = {
    "every journal has two legs or more and they sum to zero": """
        SELECT j.id FROM wallet_journal AS j
        LEFT JOIN (SELECT journal_id, sum(amount) AS total, count(*) AS legs
                   FROM wallet_entry GROUP BY journal_id) AS e ON e.journal_id = j.id
        WHERE (e.total = 0 AND e.legs >= 2) IS NOT TRUE""",
    "every entry has its journal and its account": """
        SELECT e.journal_id FROM wallet_entry AS e
        LEFT JOIN wallet_journal AS j ON j.id = e.journal_id
        LEFT JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
        WHERE j.id IS NULL OR a.id IS NULL""",
    "an account's entries are numbered without a gap, add up and never go back in time": """
        SELECT DISTINCT account_id FROM (
            SELECT account_id, version, balance_after, at, row_number() OVER w AS place,
                   sum(amount) OVER w AS running, lag(at) OVER w AS earlier
            FROM wallet_entry WINDOW w AS (PARTITION BY account_id ORDER BY version)
        ) AS e WHERE version <> place OR balance_after <> running OR at < earlier""",
    "an account's balance is that of its last entry": """
        SELECT a.id FROM wallet_ledgeraccount AS a
        LEFT JOIN (SELECT account_id, sum(amount) AS total, max(version) AS version
                   FROM wallet_entry GROUP BY account_id) AS e ON e.account_id = a.id
        WHERE (a.balance, a.version) IS DISTINCT FROM (coalesce(e.total, 0), coalesce(e.version, 0))""",
    "an account holds what its open holds say": """
        SELECT a.id FROM wallet_ledgeraccount AS a
        LEFT JOIN (SELECT account_id, sum(amount) AS held
                   FROM wallet_holdevent GROUP BY account_id) AS e ON e.account_id = a.id
        WHERE a.held <> coalesce(e.held, 0)""",
    "no account is overdrawn": """
        SELECT id FROM wallet_ledgeraccount WHERE held < 0 OR NOT allow_negative AND balance < held""",
    "a closed wallet is empty and stays so": """
        SELECT a.id FROM wallet_ledgeraccount AS a JOIN wallet_wallet AS w ON w.id = a.wallet_id
        WHERE w.status = 'CLOSED' AND NOT (a.closed AND a.frozen AND a.balance = 0 AND a.held = 0)
           OR a.closed AND w.status <> 'CLOSED'""",
    "a hold is what its events say": """
        SELECT h.id FROM wallet_hold AS h
        LEFT JOIN (SELECT hold_id, sum(amount) FILTER (WHERE kind = 'placed') AS placed,
                          sum(amount) FILTER (WHERE kind = 'captured') AS captured,
                          sum(amount) FILTER (WHERE kind IN ('voided', 'expired')) AS released
                   FROM wallet_holdevent GROUP BY hold_id) AS e ON e.hold_id = h.id
        WHERE (h.amount, -h.captured, -h.released)
              IS DISTINCT FROM (e.placed, coalesce(e.captured, 0), coalesce(e.released, 0))
           OR h.captured + h.released > h.amount""",
    "what a hold paid left the account in the same journal": """
        SELECT h.hold_id FROM wallet_holdevent AS h
        LEFT JOIN wallet_entry AS e ON e.journal_id = h.journal_id AND e.account_id = h.account_id
        WHERE h.kind = 'captured' AND (e.amount <= h.amount) IS NOT TRUE""",
    "a journal stays in one book": """
        SELECT j.id FROM wallet_entry AS e JOIN wallet_journal AS j ON j.id = e.journal_id
        JOIN wallet_ledgeraccount AS a ON a.id = e.account_id WHERE a.book_id <> j.book_id""",
    "each book's trial balance is zero": """
        SELECT book_id FROM wallet_ledgeraccount GROUP BY book_id HAVING sum(balance) <> 0""",
    "a reversal mirrors what it reverses": """
        SELECT j.id FROM wallet_journal AS j
        JOIN wallet_entry AS e ON e.journal_id IN (j.id, j.reverses_id)
        WHERE j.reverses_id IS NOT NULL GROUP BY j.id, e.account_id HAVING sum(e.amount) <> 0""",
    "a customer's record agrees with the entries": """
        SELECT r.id FROM wallet_record AS r
        LEFT JOIN LATERAL (
            SELECT sum(e.amount) AS moved FROM wallet_entry AS e
            JOIN wallet_ledgeraccount AS a ON a.id = e.account_id AND a.wallet_id = r.wallet_id
            WHERE e.journal_id = r.journal_id) AS e ON true
        WHERE CASE r.direction WHEN 'in' THEN r.balance_amount ELSE -r.balance_amount END
              <> coalesce(e.moved, 0)""",
    "a credited top-up is in its wallet's principal": """
        SELECT t.number FROM wallet_topup AS t
        LEFT JOIN wallet_ledgeraccount AS a ON a.wallet_id = t.wallet_id AND a.code = 'principal'
        LEFT JOIN wallet_entry AS e ON e.journal_id = t.journal_id AND e.account_id = a.id
        WHERE t.state = 'CREDITED' AND t.amount IS DISTINCT FROM e.amount""",
    "the seals cover the journals as they were": """
        SELECT seal.height FROM (
            SELECT *, row_number() OVER w AS place,
                   coalesce(lag(hash) OVER w, '') AS below, coalesce(lag(before_xid) OVER w, 0) AS from_xid
            FROM wallet_seal WINDOW w AS (ORDER BY height)
        ) AS seal, ledger_block(seal.below, seal.from_xid, seal.before_xid) AS block
        WHERE (seal.height, seal.journals, seal.hash)
              IS DISTINCT FROM (seal.place, block.journals, block.hash)""",
}

_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A sentence that does not hold, how often, and the first subjects that break it."""

    sentence: str
    count: int
    examples: list[str]


@dataclass(frozen=True, kw_only=True)
class LedgerReport:
    journals: int
    entries: int
    head: str  # "12:9f86…": height and hash of the newest seal, empty before the first
    holds_true: list[str]
    findings: list[Finding]


def check_ledger() -> LedgerReport:
    """
    Recompute everything, in one statement and so on one snapshot: payments may go on meanwhile.

    Reads the whole ledger; the connection's statement timeout does not apply.
    """
    statement = " UNION ALL ".join(
        f"SELECT {number}, count(*), (array_agg(subject::text))[1:{_EXAMPLES}]"  # noqa: S608 - our constants
        f" FROM ({query}) AS found (subject)"
        for number, query in enumerate(_CHECKS.values())
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement)
        rows = {number: (count, examples) for number, count, examples in cursor.fetchall()}
        journals, entries, head = Journal.objects.count(), Entry.objects.count(), _head()
    sentences = list(enumerate(_CHECKS))
    return LedgerReport(
        journals=journals,
        entries=entries,
        head=head,
        holds_true=[sentence for number, sentence in sentences if not rows[number][0]],
        findings=[
            Finding(sentence=sentence, count=rows[number][0], examples=rows[number][1])
            for number, sentence in sentences
            if rows[number][0]
        ],
    )


def is_sealed(head: str) -> bool:
    """Whether a head published earlier is still part of the chain: nobody rebuilt what lies below it."""
    height, _, digest = head.partition(":")
    seal = Seal.objects.filter(height=int(height)).first() if height.isdigit() else None
    return seal is not None and bytes(seal.hash).hex() == digest


def _head() -> str:
    newest = Seal.objects.order_by("-height").first()
    return str(newest.head) if newest else ""
