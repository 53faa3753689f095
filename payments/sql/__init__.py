"""The SQL of payments: what migrations ran, and what services send."""

from functools import cache
from pathlib import Path


@cache
def statement(name: str) -> str:
    """One statement, with named parameters."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
