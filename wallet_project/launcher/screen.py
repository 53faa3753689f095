"""What the launcher says: Chinese first, English beside it, one line per step."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class LaunchError(Exception):
    """Why the launcher cannot go on, in words for the person who typed the command."""

    def __init__(self, chinese: str, english: str, *, details: str = "") -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english
        self.details = details

    def show(self) -> None:
        if self.details:
            print(self.details.rstrip(), file=sys.stderr)
        print(f"\n✗ {self.chinese}\n  {self.english}", file=sys.stderr, flush=True)


def say(chinese: str, english: str) -> None:
    print(f"· {chinese}  {english}", flush=True)


@contextmanager
def step(chinese: str, english: str) -> Iterator[None]:
    """One finished step is one line, with the time it took."""
    begun = monotonic()
    yield
    say(chinese, f"{english} ({monotonic() - begun:.1f} s)")
