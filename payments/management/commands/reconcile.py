"""One day by hand: for a day that was missed, and for whoever wants to see it now."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.models import DailyClose, Difference
from payments.rules.daily_close import REPAIRED
from payments.services.daily_closes import forget_bills, reconcile_day
from payments.services.differences import repair_difference
from wallet_project.kit import clock
from wallet_project.kit.errors import DomainError
from wallet_project.kit.jobs import StillAtWork
from wallet_project.kit.money import yuan


class Command(BaseCommand):
    help = "Compare a day with WeChat's bills; exit 1 while bills are missing or differences are open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="YYYY-MM-DD; yesterday by default")
        parser.add_argument("--again", action="store_true", help="download the bills anew")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        day = options["date"] or clock.business_day(clock.now()) - timedelta(days=1)
        try:
            if options["again"] and DailyClose.objects.filter(day=day).exists():
                forget_bills(day)
            reconcile_day(day, at=clock.now())
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        except StillAtWork as error:
            raise CommandError("a worker is comparing this day right now") from error
        for difference_id in self._open(day, bucket__in=REPAIRED).values_list("pk", flat=True):
            repair_difference(difference_id=difference_id)
        self._tell(DailyClose.objects.get(day=day))

    def _tell(self, close: DailyClose) -> None:
        for bill in close.files.order_by("kind"):
            self.stdout.write(
                f"{bill.get_kind_display()} {bill.get_state_display()} {bill.rows} {bill.problem}"
            )
        self.stdout.write(f"{close.day} {close.get_state_display()}")
        for difference in self._open(close.day).order_by("bucket", "pk"):
            self.stdout.write(f"  {difference} {yuan(difference.amount)}")
        self.stdout.write(f"unexplained {yuan(close.unexplained)}, open {close.open_differences}")
        if close.open_differences or close.state == DailyClose.State.WAITING:
            raise CommandError("this day cannot be closed yet")

    def _open(self, day: date, **more: Any) -> Any:
        return Difference.objects.filter(close__day=day, ended="", **more)
