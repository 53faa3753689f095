"""End what nobody decided."""

from celery import shared_task

from wallet_project.approvals.services import expire_proposals


@shared_task(name="approvals.expire")
def expire(**_later: object) -> None:
    expire_proposals()
