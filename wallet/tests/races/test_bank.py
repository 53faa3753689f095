"""Sixteen tellers and fifty accounts, while readers add all of it up: at no moment is a fen more or less."""

import multiprocessing
import random
import threading

import pytest
from django.db import connection, connections, transaction

from wallet.errors import InsufficientBalance
from wallet.models import LedgerAccount
from wallet.rules.postings import Leg, top_up_legs
from wallet.services.integrity import check_ledger
from wallet.services.ledger import Lots, post_journal
from wallet.tests.factories import make_wallet, new_key

TELLERS, ACCOUNTS, MOVES, EACH = 16, 50, 1_250, 1_000

_LOOK = """
    SELECT count(*), sum(a.balance), min(a.balance), sum(a.balance - a.sourced + coalesce(l.remaining, 0))
    FROM wallet_ledgeraccount AS a
    LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM wallet_lot GROUP BY account_id) AS l
      ON l.account_id = a.id
    WHERE a.wallet_id = ANY(%s) AND a.code = 'principal'
"""


def tell(seed, wallet_ids, outcomes):
    """One teller: a process, a connection, dice."""
    dice, done, problems = random.Random(seed), 0, []
    for _ in range(MOVES):
        giver, receiver = dice.sample(wallet_ids, 2)
        amount = dice.randint(1, 100)
        try:
            legs = [Leg("principal", -amount, giver), Leg("principal", amount, receiver)]
            post_journal(kind="transfer", key=new_key(), legs=legs)
            done += 1
        except InsufficientBalance:
            pass
        except Exception as error:  # noqa: BLE001 - each is a finding
            problems.append(repr(error))
    connections.close_all()
    outcomes.put((done, problems))


def watch(wallet_ids, stop, seen):
    """Snapshots of everything, one after the other, until the tellers go home."""
    try:
        while not stop.is_set():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(_LOOK, [wallet_ids])
                seen.append(cursor.fetchone())
    finally:
        connections.close_all()


@pytest.mark.committed
def test_readers_never_see_a_fen_more_or_less(committed_db):
    wallet_ids = [make_wallet(principal=EACH // 2).pk for _ in range(ACCOUNTS)]
    for wallet_id in wallet_ids:
        legs = top_up_legs(wallet_id=wallet_id, amount=EACH // 2)
        post_journal(kind="top_up", key=new_key(), legs=legs, lots=Lots(source=new_key("R")[:40]))
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    outcomes = fork.Queue()
    tellers = [fork.Process(target=tell, args=(seed, wallet_ids, outcomes)) for seed in range(TELLERS)]
    stop, seen = threading.Event(), []

    for teller in tellers:
        teller.start()
    readers = [threading.Thread(target=watch, args=(wallet_ids, stop, seen)) for _ in range(2)]
    for reader in readers:
        reader.start()
    told = [outcomes.get(timeout=300) for _ in tellers]
    stop.set()
    for each in (*tellers, *readers):
        each.join(timeout=30)

    assert [problems for _done, problems in told if problems] == []  # no deadlock, no time-out
    assert sum(done for done, _problems in told) > TELLERS * MOVES // 2
    assert len(seen) > 10
    assert {(count, total, lots) for count, total, _least, lots in seen} == {
        (ACCOUNTS, ACCOUNTS * EACH, ACCOUNTS * EACH)
    }
    assert all(least >= 0 for _count, _total, least, _lots in seen)
    accounts = LedgerAccount.objects.filter(wallet__in=wallet_ids, code="principal")
    assert sum(accounts.values_list("balance", flat=True)) == ACCOUNTS * EACH
    assert check_ledger().findings == []
