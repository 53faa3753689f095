"""`manage.py roll_up --from 2026-09-01 --to 2026-11-28`: days become figures, again or for the first time."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallet_project.analytics.services.rollups import roll_up


class Command(BaseCommand):
    help = "重新汇总若干天的指标 Roll the days up again; repeated, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)

    def handle(self, *_args: Any, first: date, last: date, **_options: Any) -> None:
        if last < first:
            raise CommandError("--from comes before --to")
        for days in range((last - first).days + 1):
            roll_up(day=first + timedelta(days=days))
        self.stdout.write(f"{(last - first).days + 1} days")
