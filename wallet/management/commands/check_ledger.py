"""Run the trial balance by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallet.services.integrity import check_ledger, is_sealed


class Command(BaseCommand):
    help = "Recompute the whole ledger. Exit code 1 when anything does not agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", help="a head from the log, HEIGHT:HASH, that must still be in the chain"
        )

    def handle(self, *args: Any, head: str | None = None, **options: Any) -> None:
        report = check_ledger()
        for sentence in report.holds_true:
            self.stdout.write(f"✓ {sentence}")
        for finding in report.findings:
            examples = ", ".join(finding.examples)
            self.stdout.write(f"✗ {finding.sentence}: {finding.count} do not ({examples})")
        broken = len(report.findings)
        if head is not None and not is_sealed(head):
            self.stdout.write(f"✗ the head {head} is not in the chain of seals")
            broken += 1
        self.stdout.write(
            f"{report.journals:,} journals, {report.entries:,} entries, head {report.head or '—'}"
        )
        if broken:
            raise CommandError(f"the ledger is broken in {broken} ways")
