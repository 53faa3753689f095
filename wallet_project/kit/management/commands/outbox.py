"""Look at dead letters and give them another life."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wallet_project.kit import backlog, jobs, relay
from wallet_project.kit.models import Delivery, DeliveryState, Job, JobState


class Command(BaseCommand):
    help = "List dead letters (events and jobs), or replay them."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="show dead letters and how much is waiting")
        replay = actions.add_parser("replay", help="queue dead letters again")
        replay.add_argument("--event", help="only events of this name, e.g. payments.order.paid")
        replay.add_argument("--task", help="only jobs of this task")
        replay.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        deliveries = Delivery.objects.filter(state=DeliveryState.DEAD).select_related("event").order_by("id")
        dead_jobs = Job.objects.filter(state=JobState.DEAD).order_by("id")
        if options["action"] == "list":
            self._list(deliveries, dead_jobs)
            return
        if options["event"]:
            deliveries, dead_jobs = deliveries.filter(event__name=options["event"]), dead_jobs.none()
        if options["task"]:
            deliveries, dead_jobs = deliveries.none(), dead_jobs.filter(task=options["task"])
        if options["dry_run"]:
            self.stdout.write(f"would replay {deliveries.count()} deliveries and {dead_jobs.count()} jobs")
            return
        self.stdout.write(
            f"replaying {relay.revive(deliveries)} deliveries and {jobs.revive(dead_jobs)} jobs"
        )

    def _list(self, deliveries: Any, dead_jobs: Any) -> None:
        self.stdout.write(
            f"waiting: {backlog.deliveries().waiting} deliveries, {backlog.jobs().waiting} jobs"
        )
        for delivery in deliveries:
            self.stdout.write(
                f"dead delivery {delivery.pk}: {delivery.event} → {delivery.listener}: {delivery.last_error}"
            )
        for job in dead_jobs:
            self.stdout.write(f"dead job {job.pk}: {job}: {job.last_error}")
