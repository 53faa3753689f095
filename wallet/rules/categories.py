"""What a line of a customer's history is to their spending, and under which category it is filed."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import TextChoices

from wallet.rules.kinds import Direction, RecordKind

OTHER = "other"  # where nothing says otherwise
_LETTERS_KEPT = 64  # one letter may become eighteen in its plain spelling


class Nature(TextChoices):
    """MOVED_… is own money on its way, or a correction: neither spent nor earned."""

    SPENT = "spent", "支出"
    RETURNED = "returned", "支出退回"
    EARNED = "earned", "收入"
    MOVED_IN = "moved_in", "资金转入"
    MOVED_OUT = "moved_out", "资金转出"


SPENDING = (Nature.SPENT, Nature.RETURNED)  # what was spent, and what of it came back

NATURES = {
    RecordKind.TOP_UP: Nature.MOVED_IN,
    RecordKind.PAYMENT: Nature.SPENT,
    RecordKind.REFUND: Nature.RETURNED,
    RecordKind.REFUND_TO_BALANCE: Nature.MOVED_IN,
    RecordKind.PAYOUT: Nature.MOVED_OUT,
    RecordKind.PAYOUT_RETURNED: Nature.MOVED_IN,
    RecordKind.FORFEITURE: Nature.MOVED_OUT,
    RecordKind.GRANT: Nature.EARNED,
    RecordKind.EXPIRY: Nature.MOVED_OUT,
    RecordKind.CLAW_BACK: Nature.MOVED_OUT,
    RecordKind.TOP_UP_REFUND: Nature.MOVED_OUT,
    RecordKind.TRANSFER_OUT: Nature.SPENT,
    RecordKind.TRANSFER_IN: Nature.EARNED,
    RecordKind.RED_PACKET_OUT: Nature.SPENT,
    RecordKind.RED_PACKET_IN: Nature.EARNED,
    RecordKind.RED_PACKET_RETURNED: Nature.RETURNED,
    RecordKind.WITHDRAWAL: Nature.MOVED_OUT,
    RecordKind.BILL: Nature.SPENT,
    RecordKind.BILL_RETURNED: Nature.RETURNED,
    RecordKind.ADJUSTMENT_IN: Nature.MOVED_IN,
    RecordKind.ADJUSTMENT_OUT: Nature.MOVED_OUT,
}

DIRECTION_OF_NATURE = {
    Nature.SPENT: Direction.OUT,
    Nature.RETURNED: Direction.IN,
    Nature.EARNED: Direction.IN,
    Nature.MOVED_IN: Direction.IN,
    Nature.MOVED_OUT: Direction.OUT,
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What rules look at."""

    kind: str
    title: str
    counterparty: str = ""
    counterparty_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Everything that it names must fit; of several words one is enough. Empty names nothing."""

    category: str
    kind: str = ""
    counterparty: str = ""
    words: tuple[str, ...] = ()

    def fits(self, line: Line) -> bool:
        if self.kind not in ("", line.kind) or self.counterparty not in ("", line.counterparty):
            return False
        text = plain(f"{line.title}\n{line.counterparty_name}")
        return not self.words or any(word in text for word in self.words)


def category_by_rules(line: Line, rules: Iterable[Rule]) -> str:
    """The first rule that fits decides."""
    return next((rule.category for rule in rules if rule.fits(line)), OTHER)


def habit_key(line: Line) -> str:
    """
    What a customer's correction is remembered for: whom they paid or, where that is nobody, the letters of
    the title. “挂耳咖啡 10 片” and “挂耳咖啡 20 片” are one habit; nothing (`""`) is learnt from “12345”.
    """
    if line.counterparty:
        return line.counterparty
    letters = "".join(character for character in plain(line.title) if character.isalpha())
    return f"title:{letters[:_LETTERS_KEPT]}" if letters else ""


@lru_cache(maxsize=1_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a rule, as staff typed them between spaces."""
    return tuple(plain(text).split())


def plain(text: str) -> str:
    """One spelling for all: ＫＴＶ, KTV and ktv are the same word."""
    return unicodedata.normalize("NFKC", text).casefold()
