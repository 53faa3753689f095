"""
Everything that people may be told of. Staff edit the texts and channels of a notice, which begin as they are
here; its code, its category and the facts that it may speak of are the program's.
"""

from wallet_project.notifications.rules.notices import NoticeRow
from wallet_project.notifications.rules.rows import accounts, coupons, feedback, own, payments, wallet

_ROWS = (*payments.ROWS, *wallet.ROWS, *accounts.ROWS, *coupons.ROWS, *feedback.ROWS, *own.ROWS)

CATALOGUE: dict[str, NoticeRow] = {row.code: row for row in _ROWS}
