"""Lots in seventy lines of Python: where every fen of two accounts came from, by walking a list."""

from dataclasses import dataclass, field

from wallet.tests.services.two_sides import Refused

NEVER = 10**9


@dataclass
class Lot:
    source: str
    ends: int  # day, NEVER for good
    left: int
    number: int


@dataclass
class ReferenceLots:
    lots: dict[str, list[Lot]] = field(default_factory=dict)  # account → in the order they came
    taken: dict[str, tuple[str, list[list]]] = field(default_factory=dict)  # key → account, [lot, still owed]
    stopped: set[tuple[str, str]] = field(default_factory=set)  # (account, "in" or "out")
    numbers: int = 0

    def balance(self, account):
        return sum(lot.left for lot in self.lots.get(account, []))

    def left(self, account):
        return sorted((lot.source, lot.left) for lot in self.lots.get(account, []) if lot.left)

    def stop(self, account, *ways):
        self.stopped |= {(account, way) for way in ways}  # what is stopped already stays so

    def let_go(self, account):
        self.stopped -= {(account, "in"), (account, "out")}

    def put_in(self, account, amount, *, source, ends, owed):
        if (account, "in") in self.stopped and not owed:
            raise Refused("WalletReceivesNothing")
        mine = self.lots.setdefault(account, [Lot("", NEVER, 0, 0)])  # what has no source goes before others
        if not source:
            mine[0].left += amount
            return
        self.numbers += 1
        mine.append(Lot(source, ends, amount, self.numbers))

    def take(self, key, account, amount, *, exactly=None):
        if (account, "out") in self.stopped:
            raise Refused("WalletFrozen")
        if self.balance(account) < amount:
            raise Refused("InsufficientBalance")
        mine = sorted(self.lots.get(account, []), key=lambda lot: (lot.ends, lot.number))
        if exactly is not None:
            mine = [lot for lot in mine if lot.source == exactly]
            if sum(lot.left for lot in mine) < amount:
                raise Refused("LotExhausted")
        parts = []
        for lot in mine:
            if part := min(lot.left, amount):
                lot.left, amount = lot.left - part, amount - part
                parts.append([lot, part])
        self.taken[key] = (account, parts)

    def give_back(self, key, amount):
        _account, parts = self.taken[key]
        if amount > sum(owed for _lot, owed in parts):
            raise Refused("LotExhausted")
        for part in sorted(parts, key=lambda part: -part[0].number):
            back = min(part[1], amount)
            part[0].left, part[1], amount = part[0].left + back, part[1] - back, amount - back
