"""Doors for the clock: each asks one service."""

import logging

from celery import shared_task

from wallet.services import gifts, holds, integrity, seals, waiting_transfers
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


@shared_task(name="wallet.expire_holds")
def expire_holds(**_later: object) -> None:
    holds.expire_holds()


@shared_task(name="wallet.expire_gifts")
def expire_gifts(**_later: object) -> None:
    gifts.expire_gifts()


@shared_task(name="wallet.return_transfers")
def return_transfers(**_later: object) -> None:
    waiting_transfers.return_overdue_transfers(at=clock.now(), limit=500)


@shared_task(name="wallet.seal")
def seal(**_later: object) -> None:
    seals.seal_journals()


@shared_task(name="wallet.check_ledger")
def check_ledger(**_later: object) -> None:
    report = integrity.check_ledger()
    for finding in report.findings:
        logger.critical(
            "wallet.ledger.broken",
            extra={"sentence": finding.sentence, "count": finding.count, "examples": finding.examples},
        )
    logger.info("wallet.ledger.checked", extra={"journals": report.journals, "head": report.head})
