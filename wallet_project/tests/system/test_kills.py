"""
kill -9 of everything that we start, three times each, while customers trade.

What a customer was promised is kept, once: their balance is what their own notes say, to the fen. The ledger
is sound, WeChat's own book moved by what ours moved, and nothing stays held.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from wallet_project.launcher.tests.launched import Launched, wait_until
from wallet_project.sandbox.client import Sandbox
from wallet_project.tests.system.traders import Trader

pytestmark = pytest.mark.system

VICTIMS = ["web", "worker", "relay", "valkey", "wechat", "postgres", "beat"]
ANSWERED_BY = {"web", "postgres"}  # without them there is no trade to kill anything in
CYCLES = 3
BETWEEN_SECONDS = 1.2
CONVERGES_WITHIN = 120
TRADERS = 4

BOOKS = """
import json
from django.db.models import F, Sum
from wallet.models import Hold, LedgerAccount
from wallet.rules.chart import Side
from wallet.selectors.journal import trial_balance
from wallet.services.integrity import check_ledger
clearing = LedgerAccount.objects.filter(code='wechat_clearing').aggregate(total=Sum('balance'))['total'] or 0
print(json.dumps({
    'wrong': [finding.sentence for finding in check_ledger().findings],
    'trial': sum(row.balance if row.side is Side.CREDIT else -row.balance for row in trial_balance()),
    'at_wechat': -clearing,
    'held': list(Hold.objects.still_open().values_list('reference', flat=True)),
}))
"""


def books(system: Launched) -> dict:
    said = system.execute("python", "manage.py", "shell", "--no-imports", "-c", BOOKS)
    return json.loads(said.splitlines()[-1])


def kill(system: Launched, name: str, web: str) -> None:
    """With all its children, PostgreSQL's excepted: they are of no group and must see it for themselves."""
    pid = system.pids[name]
    os.killpg(pid, signal.SIGKILL)
    wait_until(lambda: system.pids[name] != pid, seconds=20)
    if name in ANSWERED_BY:
        wait_until(lambda: is_ready(web), seconds=60)


def not_kept(traders: list[Trader], *, until: float) -> list[tuple[str, str, str]]:
    """Every promise that has not come to its good end by then: its kind, its number, and where it stands."""
    waiting = [(trader, kind, number) for trader in traders for kind, number in trader.notes.promised]
    while waiting:
        waiting = [promise for promise in waiting if not promise[0].is_kept(*promise[1:])]
        if time.monotonic() > until:
            break
        time.sleep(1)
    return [(kind, number, trader.state_of(kind, number)) for trader, kind, number in waiting]


def is_ready(web: str) -> bool:
    """Customers are answered again; what works behind it may still be starting."""
    try:
        return requests.get(f"{web}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


# Refunds need no clerk, and withdrawals no text message: a phone is sent one a minute, which is no trade.
LETS_GO = """
from accounts.models import StepUpPolicy
from payments.models import Store
Store.objects.filter(code='renmin').update(refunds_at_once_up_to=10_000)
StepUpPolicy.objects.filter(kind='wallet.withdraw').exclude(factors='REFUSE').update(factors='PIN')
"""


@pytest.fixture
def traders(system, facts) -> Iterator[list[Trader]]:
    system.execute("python", "manage.py", "shell", "--no-imports", "-c", LETS_GO)
    wechat = Sandbox(facts["urls"]["sandbox"])
    wechat.scale_notices(0.1)  # WeChat repeats a callback after 1.5 seconds instead of 15
    made = [Trader(facts["urls"]["web"], wechat, seed=seed) for seed in range(TRADERS)]
    for trader, friend in zip(made, [*made[1:], made[0]], strict=True):
        trader.friend = friend
    with ThreadPoolExecutor(TRADERS) as pool:
        list(pool.map(lambda trader: trader.settle_in(amount=90_00), made))
    for trader in made:
        wait_until(lambda: trader.get("wallet")["total"] == trader.expected, seconds=20)  # noqa: B023 - at once
    yield made
    wechat.scale_notices(1)


def test_nothing_promised_is_lost_or_done_twice_whatever_is_killed(system, facts, traders):
    wechat = Sandbox(facts["urls"]["sandbox"])
    apart = wechat.book()["balance"] - books(system)["at_wechat"]
    stop = threading.Event()

    with ThreadPoolExecutor(TRADERS) as pool:
        trading = [pool.submit(trader.trade_until, stop) for trader in traders]
        try:
            for victim in VICTIMS * CYCLES:
                time.sleep(BETWEEN_SECONDS)
                kill(system, victim, facts["urls"]["web"])
            time.sleep(BETWEEN_SECONDS)
        finally:
            stop.set()
        ended = time.monotonic()
        for done in trading:
            done.result()

    assert not_kept(traders, until=ended + CONVERGES_WITHIN) == []
    assert [trader.notes.wrong for trader in traders] == [[]] * TRADERS
    assert [trader.get("wallet")["total"] for trader in traders] == [trader.expected for trader in traders]
    assert [trader.get("wallet")["held"] for trader in traders] == [0] * TRADERS
    for kind in ("top_up", "pay", "refund", "transfer", "withdraw"):
        assert any(trader.notes.count(kind) for trader in traders), [trader.notes for trader in traders]
    told = books(system)
    assert (told["wrong"], told["trial"], told["held"]) == ([], 0, [])
    assert wechat.book()["balance"] - told["at_wechat"] == apart
