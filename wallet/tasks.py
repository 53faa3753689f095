"""Doors for the clock, and for what staff ask for: each asks one service."""

from celery import shared_task

from wallet.services import (
    budget_notices,
    category_rules,
    freezes,
    gifts,
    holds,
    ledger_checks,
    money_requests,
    red_packets,
    seals,
    statement_making,
    waiting_transfers,
)
from wallet_project.kit import clock
from wallet_project.kit.jobs import job


@shared_task(name="wallet.expire_holds")
def expire_holds(**_later: object) -> None:
    holds.expire_holds()


@shared_task(name="wallet.expire_gifts")
def expire_gifts(**_later: object) -> None:
    gifts.expire_gifts()


@job("wallet.check_budgets")
def check_budgets(*, wallet_id: int, month: str, **_later: object) -> None:
    budget_notices.check_budgets(wallet_id=wallet_id, month=month)


@job("wallet.file_recent_lines")
def file_recent_lines(**_later: object) -> None:
    category_rules.file_recent_lines()


@shared_task(name="wallet.end_freezes")
def end_freezes(**_later: object) -> None:
    freezes.end_freezes()


@shared_task(name="wallet.return_transfers")
def return_transfers(**_later: object) -> None:
    waiting_transfers.return_overdue_transfers(at=clock.now(), limit=500)


@shared_task(name="wallet.expire_requests")
def expire_requests(**_later: object) -> None:
    money_requests.expire_requests(at=clock.now(), limit=500)


@shared_task(name="wallet.return_red_packets")
def return_red_packets(**_later: object) -> None:
    red_packets.return_expired_red_packets()


@job("wallet.make_statement", seconds=480)
def make_statement(*, number: str, **_later: object) -> None:
    statement_making.make_statement(number=number)


@shared_task(name="wallet.seal")
def seal(**_later: object) -> None:
    seals.seal_journals()


@shared_task(name="wallet.check_ledger")
def check_ledger(**_later: object) -> None:
    ledger_checks.run_full_check()


@shared_task(name="wallet.check_ledger_since")
def check_ledger_since(**_later: object) -> None:
    ledger_checks.run_check_since()


@job("wallet.run_ledger_check")
def run_ledger_check(*, check_id: int, **_later: object) -> None:
    ledger_checks.run_requested_check(check_id=check_id)
