"""Customers who trade while processes die, and write down what they were promised."""

import random
import secrets
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from wallet_project.management.clients import MiniProgram
from wallet_project.sandbox.client import Sandbox, SandboxRefused

PIN = "318842"
# Kind of promise → where it stands, and its good ends.
KEPT = {
    "top_up": ("wallet/top-ups", {"CREDITED"}),
    "pay": ("orders", {"PAID", "REFUNDED"}),
    "refund": ("orders", {"SUCCEEDED"}),
    "transfer": ("wallet/transfers", {"ACCEPTED"}),
    "withdraw": ("wallet/withdrawals", {"PAID"}),
}
# They return to the same top-up, and WeChat takes one refund of a payment a minute.
MOST_WITHDRAWALS = 1
AGAIN = {408, 425, 429, 503}
IN_PROGRESS = "REQUEST_IN_PROGRESS"
GIVES_UP_AFTER = 180.0


@dataclass
class Notebook:
    """What a customer was promised, in the order of the promises; and whatever should not have been said."""

    promised: list[tuple[str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    put_off: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(promise == kind for promise, _number in self.promised)


class Trader(MiniProgram):
    """
    A mini-program that does not let go of an intention: the same key again until there is an answer.

    `expected` is what the wallet must hold in the end, in fen, by the promises alone.
    """

    def __init__(self, base_url: str, wechat: Sandbox, *, seed: int) -> None:
        super().__init__(base_url, wechat)
        self.dice = random.Random(seed)
        self.notes = Notebook()
        self.expected = 0
        self.friend: Trader | None = None
        self._purse = threading.Lock()
        self._paid_orders: list[str] = []

    def settle_in(self, *, amount: int) -> None:
        self.log_in()
        self.bind_phone(f"137{secrets.randbelow(10**8):08d}")
        self.set_pin(PIN)
        for _ in range(3):
            self.top_up(amount // 3)

    def trade_until(self, stop: threading.Event) -> None:
        """Everything in turn, so that all of it happens even where an answer takes long."""
        turns = deque([self.pay, self.refund, self.transfer, self.withdraw, self.top_up])
        turns.rotate(self.dice.randrange(len(turns)))
        while not stop.wait(0.2):
            move = turns[0]
            turns.rotate(-1)
            try:
                move(100 + self.dice.randrange(100))
            except (requests.HTTPError, SandboxRefused) as refusal:
                said = getattr(refusal, "response", None)
                self.notes.refused[
                    f"{move.__name__} {said.json()['code'] if said is not None else refusal}"
                ] += 1

    def top_up(self, amount: int) -> None:
        started = self.post("wallet/top-ups", {"amount": amount})
        self.confirm(started["pay_params"])
        self._promise("top_up", started["top_up"]["number"], amount)

    def pay(self, amount: int) -> None:
        order = self.post("orders", {"store": "renmin", "amount": amount})
        checkout = self.post(f"orders/{order['number']}/pay", {"method": "balance"})
        if checkout["order"]["state"] == "PAID":
            self._promise("pay", order["number"], -amount)
            self._paid_orders.append(order["number"])

    def refund(self, _amount: int) -> None:
        if not self._paid_orders:
            return
        number = self._paid_orders.pop()
        order = self.get(f"orders/{number}")
        wish = {"amount": order["refundable"], "reason": "DEFECTIVE"}
        refund = self.post(f"orders/{number}/refunds", wish)
        self._promise("refund", f"{number}/refunds/{refund['number']}", order["refundable"])

    def transfer(self, amount: int) -> None:
        assert self.friend
        payee = self.post("wallet/payees", {"phone": self.friend.phone})["payee_token"]
        quote = self.post("wallet/quotes", {"kind": "transfer", "amount": amount, "payee": payee})
        wish = {"payee_token": payee, "amount": amount, "quote_id": quote["id"]}
        sent = self.post("wallet/transfers", wish)
        self._promise("transfer", sent["number"], -amount - sent["fee"])
        self.friend.gain(amount)

    def withdraw(self, amount: int) -> None:
        if self.notes.count("withdraw") == MOST_WITHDRAWALS:
            return
        quote = self.post("wallet/quotes", {"kind": "withdraw", "amount": amount})
        asked = self.post("wallet/withdrawals", {"amount": amount, "quote_id": quote["id"]})
        self._promise("withdraw", asked["number"], -amount - asked["fee"])

    def gain(self, amount: int) -> None:
        with self._purse:
            self.expected += amount

    def is_kept(self, kind: str, number: str) -> bool:
        """Has the promise come to its good end?"""
        return self.state_of(kind, number) in KEPT[kind][1]

    def state_of(self, kind: str, number: str) -> str:
        return self.get(f"{KEPT[kind][0]}/{number}")["state"]

    def get(self, path: str) -> dict:
        return self._said(self._insist("GET", path))

    def post(self, path: str, body: dict) -> dict:
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        answer = self._insist("POST", path, json=body, headers=headers)
        if answer.status_code == requests.codes.precondition_required:
            headers["Step-Up-Grant"] = self.prove(answer.json()["detail"])
            answer = self._insist("POST", path, json=body, headers=headers)
        return self._said(answer)

    def _insist(self, method: str, path: str, **given: Any) -> requests.Response:
        deadline = time.monotonic() + GIVES_UP_AFTER
        while time.monotonic() < deadline:
            # The web server is just being started again: nobody knows whether it was done.
            pause = 0.25
            with suppress(requests.RequestException):
                answer = self.session.request(method, self.base_url + path, timeout=15, **given)
                if answer.status_code not in AGAIN and not self._is_in_progress(answer):
                    return answer
                self.notes.put_off[
                    f"{answer.status_code} {path.split('/')[0]} {path.split('/')[-1][:12]}"
                ] += 1
                if answer.status_code == 503 and "Retry-After" not in answer.headers:
                    self.notes.wrong.append(f"{method} {path}: 503 without Retry-After {answer.text}")
                pause = float(answer.headers.get("Retry-After", 1))
            time.sleep(pause)
        raise AssertionError(f"{method} {path} was not answered within {GIVES_UP_AFTER} seconds")

    def _is_in_progress(self, answer: requests.Response) -> bool:
        return answer.status_code == 409 and answer.json()["code"] == IN_PROGRESS

    def _said(self, answer: requests.Response) -> dict:
        """:raises requests.HTTPError: with the answer's own words"""
        if answer.status_code >= 500:
            self.notes.wrong.append(
                f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
            )
        answer.raise_for_status()
        return answer.json()

    def _promise(self, kind: str, number: str, gain: int) -> None:
        self.notes.promised.append((kind, number))
        self.gain(gain)
