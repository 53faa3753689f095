"""Prove the books by hand."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime

from wallet.models import Journal
from wallet.services.integrity import LedgerReport, Position, is_sealed
from wallet.services.ledger_checks import (
    position_at,
    position_of_journal,
    run_check_since,
    run_full_check,
)
from wallet_project.kit.clock import SHANGHAI


class Command(BaseCommand):
    help = (
        "Recompute the whole ledger, or what was posted since a point. It is kept as a run, and findings stop"
        " all money, as when the schedule asks. Exit code 1 when anything does not agree."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="since",
            metavar="POINT",
            help="only what came since: a journal's number, a date or a time in Shanghai, or `last`, where"
            " the last check ended",
        )
        parser.add_argument(
            "--head", help="a head from the log, HEIGHT:HASH, that must still be in the chain"
        )

    def handle(self, *args: Any, since: str | None = None, head: str | None = None, **options: Any) -> None:
        report = run_full_check() if since is None else run_check_since(_position(since))
        self._show(report)
        broken = len(report.findings)
        if head is not None and not is_sealed(head):
            self.stdout.write(f"✗ the head {head} is not in the chain of seals")
            broken += 1
        if broken:
            raise CommandError(f"the ledger is broken in {broken} ways")

    def _show(self, report: LedgerReport) -> None:
        for sentence in report.holds_true:
            self.stdout.write(f"✓ {sentence}")
        for finding in report.findings:
            examples = ", ".join(finding.examples)
            self.stdout.write(f"✗ {finding.sentence}: {finding.count} do not ({examples})")
        self.stdout.write(
            f"{report.journals:,} journals, {report.entries:,} entries, head {report.head or '—'}"
        )


def _position(since: str) -> Position | None:
    """None: where the last check ended."""
    if since == "last":
        return None
    if since.isdecimal():
        try:
            return position_of_journal(int(since))
        except Journal.DoesNotExist:
            raise CommandError(f"there is no journal {since}") from None
    return position_at(_moment(since))


def _moment(text: str) -> datetime:
    try:
        day = parse_date(text)
        moment = datetime.combine(day, datetime.min.time()) if day else parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text} is no journal's number, no date or time, and not `last`")
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
