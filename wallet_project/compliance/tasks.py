"""The desk's clock: what is outdated goes at night."""

from celery import shared_task

from wallet_project.compliance.models import RetentionRun
from wallet_project.compliance.selectors.retention import kinds_to_clear
from wallet_project.compliance.services import retention


@shared_task(name="compliance.keep_retention_schedule")
def keep_retention_schedule(**_later: object) -> None:
    for kind in kinds_to_clear():
        clear_outdated.delay(kind=kind)


@shared_task(name="compliance.clear_outdated")
def clear_outdated(*, kind: str, **_later: object) -> None:
    run = retention.clear_outdated(kind=kind)
    if run.state == RetentionRun.State.UNFINISHED:
        clear_outdated.delay(kind=kind)
