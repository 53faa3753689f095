"""From WeChat's callback to the credited wallet: signature, decryption, inbox, settlement. One worker."""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from accounts.models import User, WeChatIdentity
from benchmarks.report import Row
from benchmarks.servers import Server
from payments.services.funding import start_top_up
from payments.services.receipts import act_on_receipt, receive_callback
from wallet.models import TopUp
from wallet_project.kit.money import Fen
from wallet_project.kit.testing.wire import trade_at
from wallet_project.sandbox.client import Sandbox
from wallet_project.sandbox.testing import running_sandbox

AMOUNT = Fen(100)

Letter = tuple[Mapping[str, str], bytes]


def measure(server: Server, *, callbacks: int, seconds: int, clients: int) -> list[Row]:
    """Real callbacks of a real sandbox are collected first, then handled one after the other."""
    with tempfile.TemporaryDirectory() as folder, running_sandbox(Path(folder)) as wechat:
        trade_at(wechat)
        with letterbox() as (address, letters):
            settings.PUBLIC_URL = address
            for _ in range(callbacks):
                pay(wechat, payer=known_at_wechat(User.objects.create(nickname="bench")))
            wechat.wait_for_notices(seconds=60)
        anchors = [server.anchor(seconds=seconds, clients=clients)]
        taken = [act_on(letter) for letter in letters]
        anchors.append(server.anchor(seconds=seconds, clients=clients))
    assert TopUp.objects.filter(state="CREDITED").count() == callbacks
    cuts = statistics.quantiles(taken, n=100)
    speed = len(taken) / sum(taken)
    return [
        Row(
            "WeChat callback → credited, one worker ÷ anchor", speed / statistics.mean(anchors), at_least=0.10
        ),
        Row("WeChat callbacks credited by one worker, per second", speed),
        Row("WeChat callback → credited, p99 in ms", cuts[98] * 1000),
    ]


def known_at_wechat(user: User) -> User:
    openid = f"oBench{uuid4().hex[:22]}"
    WeChatIdentity.objects.create(user=user, appid=settings.WECHAT["appid"], openid=openid)
    return user


def pay(wechat: Sandbox, *, payer: User) -> TopUp:
    """Somebody has paid a top-up of AMOUNT, and WeChat is about to say so."""
    payment = start_top_up(payer_id=payer.pk, amount=AMOUNT).payment
    wechat.confirm(payment.prepay_id)
    return payment.top_up


def act_on(letter: Letter) -> float:
    """Seconds until what the letter says is in the ledger."""
    headers, body = letter
    begun = time.perf_counter()
    act_on_receipt(receipt_id=receive_callback(headers=headers, body=body))
    return time.perf_counter() - begun


@contextmanager
def letterbox() -> Iterator[tuple[str, list[Letter]]]:
    """An address that keeps what is posted there, and the letters themselves."""
    letters: list[Letter] = []

    class Slot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            letters.append((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Nobody reads it."""

    box = ThreadingHTTPServer(("127.0.0.1", 0), Slot)
    thread = threading.Thread(target=box.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{box.server_port}", letters
    finally:
        box.shutdown()
        box.server_close()
