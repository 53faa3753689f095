"""Twenty processes, five wallets, random moves between them, as fast as they can."""

import multiprocessing
import random
from collections import Counter

import pytest
from django.db import OperationalError, connections

from wallet.errors import HoldExhausted, InsufficientBalance
from wallet.models import Journal, LedgerAccount
from wallet.rules.postings import Leg
from wallet.services.holds import capture_hold, place_hold, void_hold
from wallet.services.integrity import check_ledger
from wallet.services.ledger import post_journal
from wallet.tests.factories import make_wallet, new_key, seal_everything

PROCESSES, MOVES = 20, 40


def hammer(seed, wallet_ids, outcomes):
    """One process: its own connection, its own dice."""
    dice, seen = random.Random(seed), Counter()
    for _ in range(MOVES):
        wallet_id, other_id = dice.sample(wallet_ids, 2)
        amount = dice.randint(1, 400)
        try:
            if dice.random() < 0.6:
                legs = [Leg("principal", -amount, wallet_id), Leg("principal", amount, other_id)]
                post_journal(kind="transfer", key=new_key(), legs=legs)
            else:
                hold = place_hold(wallet_id=wallet_id, amount=amount, key=new_key("hold"), reference="D")
                if dice.random() < 0.5:
                    legs = [
                        Leg("merchant_sales", 1),
                        Leg("wechat_clearing", -1),
                        Leg("principal", amount, other_id),
                    ]
                    capture_hold(hold_id=hold.pk, kind="transfer", key=new_key(), legs=legs)
                void_hold(hold_id=hold.pk)
            seen["done"] += 1
        except InsufficientBalance:
            seen["refused"] += 1
        except HoldExhausted:
            seen["exhausted"] += 1
        except OperationalError as error:
            seen[type(error.__cause__).__name__] += 1
    connections.close_all()
    outcomes.put(seen)


@pytest.mark.committed
def test_twenty_processes_lose_not_one_fen(committed_db):
    wallet_ids = [make_wallet(principal=1_000).pk for _ in range(5)]
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    outcomes = fork.Queue()
    workers = [fork.Process(target=hammer, args=(seed, wallet_ids, outcomes)) for seed in range(PROCESSES)]

    for worker in workers:
        worker.start()
    seen = sum((outcomes.get(timeout=60) for _ in workers), Counter())
    for worker in workers:
        worker.join(timeout=10)

    accounts = LedgerAccount.objects.filter(wallet__in=wallet_ids)
    assert sum(account.balance for account in accounts) == 5_000
    assert not any(account.held for account in accounts)
    assert set(seen) <= {"done", "refused"}  # no deadlock, no time-out, no hold lost
    assert seen["done"] > 100
    assert sum(seen.values()) == PROCESSES * MOVES
    seal_everything()
    assert check_ledger().findings == []
    assert Journal.objects.count() == Journal.objects.values("key").distinct().count()
