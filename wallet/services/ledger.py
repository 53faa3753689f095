"""
post_journal, reverse_journal: the only way money moves.

The work is one SQL function (wallet/sql/posting.sql): one call, one balanced journal. Here legs become
account ids and amounts, and the function's refusals become errors.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection

from wallet.errors import (
    AlreadyReversed,
    HoldExhausted,
    InsufficientBalance,
    InvalidPosting,
    KeyReused,
    LotExhausted,
    NotReversible,
    WalletClosed,
    WalletFrozen,
    WalletNotEmpty,
    WalletReceivesNothing,
)
from wallet.models import Entry, Journal
from wallet.rules import chart
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import Leg
from wallet_project.kit.db import retry_conflicts, sqlstate
from wallet_project.kit.money import Fen

# Without a cast where none is needed: PostgreSQL reads and plans this with every posting.
_POST = f"SELECT * FROM ledger_post('{chart.BOOK}', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - a constant of ours
_facts_as_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True)
class Lots:
    """
    What a posting says about the lots of customers' accounts; without it what comes in has no source and what
    goes out takes from the lots that end soonest, then what has no source, then from the oldest lots.

    `source`: what comes in is a lot of its own, ending at `expires_at`. `take`: what goes out comes from
    exactly these (lot id or UNSOURCED, fen). `restores`: what comes in goes back to the lots that this
    journal took it from. `owed`: it is the owner's already, so a wallet that receives nothing takes it in.
    """

    source: str | None = None
    expires_at: datetime | None = None
    take: Sequence[tuple[int, Fen]] = ()
    restores: int | None = None
    owed: bool = False

    def as_json(self) -> str:
        said = {
            "source": self.source,
            "expires_at": self.expires_at and self.expires_at.isoformat(),
            "take": [list(part) for part in self.take],
            "restores": self.restores,
            "owed": self.owed,
        }
        return json.dumps({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class PostedJournal:
    """What was posted, now or, when `replayed`, by the first call with this key."""

    journal_id: int
    at: datetime
    replayed: bool
    balances: Mapping[int, int]  # account id → balance after this journal, credit-positive


@retry_conflicts
def post_journal(
    *,
    kind: str,
    key: str,
    legs: Sequence[Leg],
    facts: Mapping[str, Any] | None = None,
    reference: str = "",
    business_date: date | None = None,
    lots: Lots | None = None,
) -> PostedJournal:
    """
    Post one balanced journal, once per key, in one statement: with or without a surrounding transaction.

    The same key with the same kind, reference and legs answers with the first journal. `facts` are remembered
    beside it and not compared. `business_date` defaults to today in Shanghai.

    :raises InsufficientBalance: an account that may not go below zero would
    :raises WalletFrozen: a frozen account would give
    :raises WalletReceivesNothing: a wallet that takes nothing in would, and it is not its owner's already
    :raises LotExhausted: a lot, or what a journal took, has less left than is to be taken or given back
    :raises KeyReused: the key belongs to another journal
    :raises InvalidPosting: the legs do not balance or name an account that is not there
    """
    return post_amounts(
        kind=kind,
        key=key,
        amounts=amounts_by_account(legs, key=key),
        facts=facts,
        reference=reference,
        business_date=business_date,
        lots=lots,
    )


@retry_conflicts
def reverse_journal(
    *, journal_id: int, key: str, reason: str, kind: JournalKind = JournalKind.REVERSAL
) -> PostedJournal:
    """
    Undo a journal with its mirror image, lot by lot. It happens once, whatever the key.

    :raises AlreadyReversed: another reversal came first
    :raises NotReversible: this journal is itself a reversal
    :raises InsufficientBalance: the money has moved on
    """
    journal = Journal.objects.get(pk=journal_id)
    if journal.reverses_id:
        raise NotReversible
    entries = Entry.objects.filter(journal=journal).values_list("account_id", "amount")
    return post_amounts(
        kind=kind,
        key=key,
        amounts={account_id: -amount for account_id, amount in entries},
        facts={"reason": reason},
        reference=journal.reference,
        reverses=journal_id,
        lots=Lots(owed=True),
    )


def amounts_by_account(legs: Sequence[Leg], *, key: str) -> dict[int, int]:
    """Account id → amount; legs of the same account become one."""
    amounts: dict[int, int] = {}
    for leg in legs:
        if type(leg.amount) is not int:
            raise InvalidPosting(reason="amounts are whole fen")
        if leg.wallet_id is None:
            account_id = chart.platform_account_id(leg.code, key=leg.slot_key or key)
        else:
            account_id = chart.customer_account_id(leg.code, wallet_id=leg.wallet_id)
        amounts[account_id] = amounts.get(account_id, 0) + leg.amount
    return amounts


def post_amounts(
    *,
    kind: str,
    key: str,
    amounts: Mapping[int, int],
    facts: Mapping[str, Any] | None,
    reference: str,
    business_date: date | None = None,
    reverses: int | None = None,
    hold: int | None = None,
    captured: int | None = None,
    lots: Lots | None = None,
) -> PostedJournal:
    """The call itself, for this file and holds.py; everyone else posts legs."""
    accounts = sorted(amounts)  # the lock order: ascending by account, for everybody
    about_lots = lots.as_json() if lots else None
    body = [kind, reference, reverses, hold, [(account, amounts[account]) for account in accounts]]
    body += [about_lots] if about_lots else []
    with refusals_as_errors(key=key), connection.cursor() as cursor:
        cursor.execute(
            _POST,
            [
                key,
                _hash(body),
                kind,
                reference,
                _facts_as_json(dict(facts)) if facts else "{}",
                _array(accounts),
                _array(amounts[account] for account in accounts),
                business_date,
                reverses,
                hold,
                captured,
                about_lots,
            ],
        )
        journal_id, at, replayed, accounts, balances = cursor.fetchone()
    return PostedJournal(journal_id, at, replayed, dict(zip(accounts, balances, strict=True)))


def as_posting(*, kind: str, key: str, legs: Sequence[Leg], reference: str) -> dict[str, Any]:
    """
    What `post_journal` would ask ledger_post for, in JSON: for an SQL function of a higher app that posts
    inside. It is called within `refusals_as_errors`.
    """
    amounts = sorted(amounts_by_account(legs, key=key).items())
    return {
        "kind": kind,
        "key": key,
        "request_hash": _hash([kind, reference, None, None, amounts]),
        "reference": reference,
        "accounts": [account for account, _amount in amounts],
        "amounts": [amount for _account, amount in amounts],
    }


@contextmanager
def refusals_as_errors(*, key: str = "") -> Iterator[None]:
    """The one place where the ledger's SQLSTATEs (wallet/sql/*.sql) become errors."""
    try:
        yield
    except DatabaseError as error:
        match sqlstate(error):
            case "WL001":
                raise KeyReused(key=key) from error
            case "WL002":
                raise WalletFrozen from error
            case "WL005":
                raise InsufficientBalance(**json.loads(_diagnosis(error).message_detail)) from error
            case "WL006":
                raise HoldExhausted from error
            case "WL011":
                raise LotExhausted from error
            case "WL012":
                raise WalletReceivesNothing from error
            case "WL009":
                raise WalletNotEmpty(**json.loads(_diagnosis(error).message_detail)) from error
            case "WL010":
                raise WalletClosed from error
            case "23514" if _diagnosis(error).constraint_name == "a_closed_account_stays_empty":
                raise WalletClosed from error
            case "23505" if _diagnosis(error).constraint_name == "journal_is_reversed_once":
                raise AlreadyReversed from error
            case "WL003" | "WL004" | "WL008" | "22003":  # 22003: beyond what a bigint holds
                raise InvalidPosting(reason=_diagnosis(error).message_primary) from error
        raise


def _diagnosis(error: DatabaseError) -> Any:
    """What psycopg2's own error, behind Django's, knows of it."""
    return getattr(error.__cause__, "diag", None)


def _hash(body: Sequence[Any]) -> str:
    return "\\x" + hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]


def _array(numbers: Any) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
