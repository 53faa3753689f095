"""Ask up: every dotted path by which a lower app asks a higher one."""

# What keeps an account from being closed: f(user_id) -> list[accounts.rules.closures.Blocker].
# payments before wallet: a payment that is settled between the two questions is seen as a balance.
CLOSURE_BLOCKERS = [
    "accounts.selectors.closures.closure_blockers",
    "payments.selectors.closures.closure_blockers",
    "wallet.selectors.closures.closure_blockers",
    "coupons.selectors.closures.closure_blockers",
    "feedback.selectors.closures.closure_blockers",
]

# What keeps a pause from being lifted: f(*, flow), raising to keep it.
LIFT_OBJECTIONS = ["wallet.services.ledger_checks.require_sound_ledger"]

# What closing an account does elsewhere in the same transaction: f(*, user_id, gives_up), raising to stop it.
# They run before the personal key goes, so what must outlive it is sealed anew by such a step.
CLOSURE_STEPS = [
    "wallet.services.leaving.end_dealings",
    "payments.services.payees.forget_payees_of",
    "coupons.services.leaving.give_up_promises",
    "wallet.services.wallets.close_wallet",
    "wallet.services.wishes.forget_wishes",
    "coupons.services.real_people.remember_who_leaves",
]

# What of one of a person's two accounts outlives it, before its key goes: f(*, closed_user_id, user_id).
MERGE_STEPS = ["feedback.services.attachments.hand_pictures_over"]

# Whether somebody would miss an account that nothing keeps from being closed: f(user_id) -> bool.
ACCOUNT_HISTORIES = ["payments.selectors.orders.has_paid", "wallet.selectors.records.has_records"]

# What each app holds about a person, in the order in which an export shows it:
# f(user_id) -> Iterator[wallet_project.kit.personal_data.Section].
PERSONAL_DATA_SOURCES = [
    "accounts.selectors.personal_data.personal_data",
    "wallet.selectors.personal_data.personal_data",
    "coupons.selectors.personal_data.personal_data",
    "payments.selectors.personal_data.personal_data",
    "feedback.selectors.personal_data.personal_data",
    "wallet_project.notifications.selectors.personal_data.personal_data",
    "wallet_project.analytics.selectors.personal_data.personal_data",
]

# What is thought of a move before it is made: f(accounts.rules.screening.Move) -> Verdict. It is asked
# outside of transactions; what goes wrong with it is taken as a medium risk.
MOVE_SCREENER = "payments.services.screening.screen"

# Where customers may spend: f() -> dict of a place, as baskets name it, to its name.
PLACE_NAMES = "payments.selectors.places.place_names"

# What must be true between the ledger and a table of a higher app, asked every night with the ledger's own:
# tuples of wallet.services.sentences.base.Sentence.
BOOK_SENTENCES = [
    "coupons.services.sentences.POINTS",
    "coupons.services.sentences.COUPONS",
    "coupons.services.sentences.REWARDS",
    "coupons.services.sentences.REDEMPTIONS",
    "coupons.services.sentences.PARTNERS",
    "payments.services.sentences.ORDERS",
]

# Audiences that features are open to: f(segment_id, user_id) -> bool, f() -> dict of id to name.
FLAG_SEGMENT = "coupons.selectors.segments.is_in"
FLAG_SEGMENT_NAMES = "coupons.selectors.segments.names_of_all"
# Whether a customer works here: f(user_id) -> bool.
FLAG_STAFF = "accounts.selectors.staff.works_here"
