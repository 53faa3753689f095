"""
A statement tells one month of a wallet: what was there, what came and went, what is there.

    QUEUED → RUNNING → READY       made again from the start when a worker was lost
    QUEUED | RUNNING → FAILED      after so many tries, when it does not tie, when nobody could read it
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import ZERO, Fen

TRIES = 3
KEPT_FOR = timedelta(days=7)
PER_DAY = 30
# Until then a payment that began before midnight may still be on its way into the books.
SETTLED_AFTER = timedelta(minutes=5)
SEEN_WITHIN = timedelta(seconds=90)  # a worker who has told nothing for so long is lost


class StatementState(TextChoices):
    QUEUED = "QUEUED", _("排队中")
    RUNNING = "RUNNING", _("生成中")
    READY = "READY", _("可下载")
    FAILED = "FAILED", _("未能生成，请联系客服")


RUNNING = (StatementState.QUEUED, StatementState.RUNNING)
STATEMENT_MOVES: dict[str, set[str]] = {
    StatementState.QUEUED: {StatementState.RUNNING, StatementState.FAILED},
    StatementState.RUNNING: {StatementState.RUNNING, StatementState.READY, StatementState.FAILED},
}


class Form(TextChoices):
    """What a statement can be downloaded as."""

    PDF = "pdf", "PDF"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


MEDIA = {
    Form.PDF: "application/pdf",
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, kw_only=True)
class ColourSums:
    """One kind of money over the period, from the ledger's entries."""

    opening: Fen
    received: Fen
    given: Fen
    closing: Fen


@dataclass(frozen=True, kw_only=True)
class Period:
    """
    What the ledger says of one wallet from `since` to before `until`; `lines_total` is what the customer's
    lines of that time add up to, read at the same moment.
    """

    since: datetime
    until: datetime
    colours: Mapping[str, ColourSums]
    lines_total: Fen

    @property
    def opening(self) -> Fen:
        return Fen(sum(colour.opening for colour in self.colours.values()))

    @property
    def closing(self) -> Fen:
        return Fen(sum(colour.closing for colour in self.colours.values()))

    @property
    def difference(self) -> Fen:
        """What is there beyond what the lines explain: zero, or the statement is not given out."""
        return Fen(self.closing - self.opening - self.lines_total)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the period. `change` is what it did to the balance: negative went out."""

    record_id: int
    at: datetime
    kind: str
    title: str
    counterparty_name: str
    reference: str
    change: Fen
    channel_amount: Fen
    discount_amount: Fen
    fee: Fen
    balance_after: Fen

    def as_text(self) -> str:
        """For the checksum: every value, in this order, in one spelling."""
        values = [getattr(self, name) for name in self.__slots__ if name != "at"]
        return json.dumps([_instant(self.at), *values], ensure_ascii=False, separators=(",", ":"))


@dataclass(kw_only=True)
class KindSums:
    count: int = 0
    received: int = 0
    given: int = 0
    channel_amount: int = 0
    discount_amount: int = 0
    fee: int = 0


@dataclass(kw_only=True)
class Tally:
    """What the lines add up to, counted while they pass."""

    count: int = 0
    total: Fen = ZERO
    received: Fen = ZERO
    given: Fen = ZERO
    fee: Fen = ZERO
    kinds: dict[str, KindSums] = field(default_factory=dict)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def over(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self._add(line)
            yield line

    def _add(self, line: Line) -> None:
        came, went = max(line.change, 0), max(-line.change, 0)
        self.count += 1
        self.total = Fen(self.total + line.change)
        self.received = Fen(self.received + came)
        self.given = Fen(self.given + went)
        self.fee = Fen(self.fee + line.fee)
        sums = self.kinds.setdefault(line.kind, KindSums())
        sums.count += 1
        sums.received += came
        sums.given += went
        sums.channel_amount += line.channel_amount
        sums.discount_amount += line.discount_amount
        sums.fee += line.fee
        self.digest.update(line.as_text().encode())
        self.digest.update(b"\n")


def checksum_of(*, wallet_id: int, period: Period, tally: Tally) -> str:
    """
    SHA-256 over every line, whose statement it is, the period, and the balances at its borders: a statement
    of the same period with the same contents has the same, whatever its number and whenever it was made.
    """
    digest = tally.digest.copy()
    borders = [(colour, sums.opening, sums.closing) for colour, sums in period.colours.items()]
    whose = ["wallet-statement-1", wallet_id, _instant(period.since), _instant(period.until), borders]
    digest.update(json.dumps(whose, separators=(",", ":")).encode())
    return digest.hexdigest()


def is_settled(*, ends: datetime, now: datetime) -> bool:
    """Whether nothing can come into a month any more that ended then."""
    return now >= ends + SETTLED_AFTER


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
