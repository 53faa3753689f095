"""Ask up: every dotted path by which a lower app asks a higher one."""

# What keeps an account from being closed: f(user_id) -> list[accounts.rules.closures.Blocker].
# payments before wallet: a payment that is settled between the two questions is seen as a balance.
CLOSURE_BLOCKERS = [
    "accounts.selectors.closures.closure_blockers",
    "payments.selectors.closures.closure_blockers",
    "wallet.selectors.closures.closure_blockers",
]
