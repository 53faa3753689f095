"""How urgent something is."""

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.rules.tickets import Priority
from wallet_project.kit.money import Fen
from wallet_project.kit.texts import skeleton


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is judged; `standing` is the answer that the customer's tier promises, more is earlier."""

    kind: str
    amount: Fen
    standing: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """All that it names must be so: one of the kinds, at least the amount and standing, one of the words."""

    priority: Priority
    kinds: tuple[str, ...] = ()
    amount: Fen | None = None
    standing: int | None = None
    words: tuple[str, ...] = ()

    def is_met_by(self, matter: Matter) -> bool:
        return (
            (not self.kinds or matter.kind in self.kinds)
            and (self.amount is None or matter.amount >= self.amount)
            and (self.standing is None or matter.standing >= self.standing)
            and (not self.words or _has_any(self.words, matter.text))
        )


def priority_of(matter: Matter, conditions: Iterable[Condition]) -> Priority:
    """The most urgent that any of the conditions asks for; NORMAL where none is met."""
    asked = [condition.priority for condition in conditions if condition.is_met_by(matter)]
    return min(asked, default=Priority.NORMAL)


def _has_any(words: Iterable[str], text: str) -> bool:
    seen = skeleton(text)
    return any(skeleton(word) in seen for word in words)
