"""A ledger as one would write it with the ORM in an afternoon: correct, and what ours is measured by."""
