"""The desk's clock: what is outdated goes at night, what is due is told in the morning."""

from celery import shared_task

from wallet_project.compliance.models import RetentionRun
from wallet_project.compliance.selectors.retention import kinds_to_clear
from wallet_project.compliance.services import retention
from wallet_project.compliance.services.checklists import open_due_runs
from wallet_project.compliance.services.reminders import send_reminders
from wallet_project.compliance.services.scans import reopen_lapsed_findings
from wallet_project.kit import clock


@shared_task(name="compliance.keep_retention_schedule")
def keep_retention_schedule(**_later: object) -> None:
    for kind in kinds_to_clear():
        clear_outdated.delay(kind=kind)


@shared_task(name="compliance.clear_outdated")
def clear_outdated(*, kind: str, **_later: object) -> None:
    run = retention.clear_outdated(kind=kind)
    if run.state == RetentionRun.State.UNFINISHED:
        clear_outdated.delay(kind=kind)


@shared_task(name="compliance.begin_day")
def begin_day(**_later: object) -> None:
    """Harmless when repeated."""
    today = clock.business_day(clock.now())
    open_due_runs(today=today)
    reopen_lapsed_findings(today=today)
    send_reminders()
