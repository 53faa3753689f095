"""`manage.py verify_audit`: recompute every seal of the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wallet_project.audit.selectors import verify_trail
from wallet_project.kit import clock


class Command(BaseCommand):
    help = "从头核对审计封条 Recompute every seal of the audit trail; exit 1 when the trail is broken."

    def handle(self, *_args: Any, **_options: Any) -> None:
        verdict = verify_trail(now=clock.now())
        if verdict.problems:
            raise CommandError("\n".join(verdict.problems))
        self.stdout.write(f"{verdict.checked} entries, head {verdict.head}")
