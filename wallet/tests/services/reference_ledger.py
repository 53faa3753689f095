"""The ledger in sixty lines of Python: slow, alone, and easy to believe."""

from dataclasses import dataclass, field

from wallet.tests.services.two_sides import Refused

SPEND_ORDER = ("cashback", "bonus", "principal")


@dataclass
class ReferenceHold:
    wallet: str
    parts: dict[str, int]  # account → still open, in spend order


@dataclass
class ReferenceLedger:
    balances: dict[tuple[str, str], int] = field(default_factory=dict)  # (wallet, code) → fen
    journals: dict[str, tuple] = field(default_factory=dict)  # key → (body, amounts)
    reversed: set[str] = field(default_factory=set)
    holds: dict[str, ReferenceHold] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    def balance(self, wallet, code):
        return self.balances.get((wallet, code), 0)

    def held(self, wallet, code):
        return sum(hold.parts.get(code, 0) for hold in self.holds.values() if hold.wallet == wallet)

    def available(self, wallet, code):
        return self.balance(wallet, code) - self.held(wallet, code)

    def post(self, key, body, amounts, promised=()):
        """`amounts`: (wallet, code) → fen of the customers' legs; `promised` accounts were held before."""
        if key in self.journals:
            if self.journals[key][0] != body:
                raise Refused("KeyReused")
            return
        for (wallet, code), amount in sorted(amounts.items(), key=str):
            if amount < 0 and (wallet, code) not in promised:
                if wallet in self.frozen:
                    raise Refused("WalletFrozen")
                if self.available(wallet, code) < -amount:
                    raise Refused("InsufficientBalance")
        for account, amount in amounts.items():
            self.balances[account] = self.balances.get(account, 0) + amount
        self.journals[key] = (body, amounts)

    def reverse(self, key, original):
        if original in self.reversed:
            raise Refused("AlreadyReversed")
        amounts = {account: -amount for account, amount in self.journals[original][1].items()}
        self.post(key, ("reversal", original), amounts)
        self.reversed.add(original)

    def place(self, key, wallet, amount):
        if wallet in self.frozen:
            raise Refused("WalletFrozen")
        if sum(self.available(wallet, code) for code in SPEND_ORDER) < amount:
            raise Refused("InsufficientBalance")
        self.holds[key] = ReferenceHold(
            wallet, self._split(amount, lambda code: self.available(wallet, code))
        )

    def capture(self, key, hold_key, amount):
        hold = self.holds[hold_key]
        if not 0 < amount <= sum(hold.parts.values()):
            raise Refused("HoldExhausted")
        parts = self._split(amount, lambda code: hold.parts.get(code, 0))
        amounts = {(hold.wallet, code): -part for code, part in parts.items()}
        for code, part in parts.items():
            hold.parts[code] -= part
        self.post(key, ("capture", hold_key, amount), amounts, promised=set(amounts))

    def void(self, hold_key):
        released = sum(self.holds[hold_key].parts.values())
        self.holds[hold_key].parts.clear()
        return released

    def _split(self, amount, limit):
        parts = {}
        for code in SPEND_ORDER:
            if part := min(amount, limit(code)):
                parts[code], amount = part, amount - part
        return parts
