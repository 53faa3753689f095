"""`manage.py retention`: what the schedule would clear, or clear it now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallet_project.compliance.models import RetentionRun
from wallet_project.compliance.selectors.retention import kinds_to_clear, outlook
from wallet_project.compliance.services.retention import clear_outdated
from wallet_project.kit import clock


class Command(BaseCommand):
    help = "按保存期限清理：先看会清理什么，或立即执行 What retention would clear, or clear it now."

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--dry-run", action="store_true", help="count, clear nothing")
        way.add_argument("--run", action="store_true", help="clear, as every night; exit 1 on a failure")

    def handle(self, *_args: Any, run: bool, **_options: Any) -> None:
        if run:
            self._run()
        else:
            self._look()

    def _look(self) -> None:
        now = clock.now()
        for kind in kinds_to_clear():
            seen = outlook(kind=kind, now=now)
            self.stdout.write(f"{kind}  {seen.kind.action} {seen.rows}  早于 before {clock.iso(seen.before)}")

    def _run(self) -> None:
        runs = [clear_outdated(kind=kind) for kind in kinds_to_clear()]
        for run in runs:
            self.stdout.write(f"{run.rule.kind}  {run.get_state_display()} {run.cleared}")
        failed = [run.rule.kind for run in runs if run.state == RetentionRun.State.FAILED]
        if failed:
            raise CommandError(f"失败 failed: {', '.join(failed)}")
