"""What hangs on somebody's wallet."""

from pathlib import Path

import wallet


def test_rows_of_a_customer_are_not_looked_for_through_a_join_with_wallets():
    """See wallet_of; with ten million lines a page of history would take seconds (benchmarks/deep.py)."""
    rooms = Path(wallet.__file__).parent
    sources = [path for room in ("selectors", "services") for path in (rooms / room).rglob("*.py")]

    assert [path.name for path in sources if "wallet__user=user_id" in path.read_text(encoding="utf-8")] == []
    assert len(sources) > 50
