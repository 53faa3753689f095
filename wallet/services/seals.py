"""Seal what was posted, block upon block, and publish each head outside the database: in the log."""

import logging

from wallet.models import Seal
from wallet_project.kit.db import forbid_transaction
from wallet_project.kit.rows import get_answer

logger = logging.getLogger(__name__)

_JOURNALS_PER_SEAL = 5_000  # seconds at most, whatever else the machine does


def seal_journals() -> int:
    """Seal every journal whose transaction has certainly ended; returns how many. Each block is a commit."""
    forbid_transaction()  # what is logged as a head must be committed
    sealed = 0
    while True:
        seal = get_answer(Seal, "SELECT * FROM ledger_seal(%s)", [_JOURNALS_PER_SEAL])
        if seal.height is None:
            return sealed
        sealed += seal.journals
        logger.info("wallet.ledger.sealed", extra={"head": seal.head, "journals": seal.journals})
