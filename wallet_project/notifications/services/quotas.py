"""Subscribe messages that people let through: told by the mini-program and by WeChat, used up by sending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.notifications.errors import UnknownTemplate
from wallet_project.notifications.models import QuotaCause, QuotaChange, SubscribeQuota, SubscribeTemplate

SAME_ANSWER = timedelta(minutes=10)  # between what the mini-program and what WeChat tells of one popup
_TOLD_BY = {QuotaCause.CLIENT: QuotaCause.PUSH, QuotaCause.PUSH: QuotaCause.CLIENT}


@dataclass(frozen=True, kw_only=True)
class Use:
    """One try to send a message: whose quota, of which template, and which try."""

    user_id: int
    template: SubscribeTemplate
    reference: str


def report_popup(*, user_id: int, accepted: list[str]) -> None:
    """
    What the mini-program was answered in one popup: the templates of which one more message is let through.

    :raises UnknownTemplate: one that we never ask for; nothing is counted
    """
    now, reference = clock.now(), f"popup:{uuid4()}"
    with transaction.atomic(durable=True):
        known = SubscribeTemplate.objects.filter(template_id__in=accepted).order_by("pk")
        if len(known) != len(set(accepted)):
            raise UnknownTemplate
        for template in known:
            _let_through(user_id, template, told_by=QuotaCause.CLIENT, reference=reference, at=now)


def hear_of_popup(*, user_id: int, template_id: str, reference: str, at: datetime) -> None:
    """What WeChat pushed of one; of a template that we do not use there is nothing to count."""
    require_transaction()
    if template := SubscribeTemplate.objects.filter(template_id=template_id).first():
        _let_through(user_id, template, told_by=QuotaCause.PUSH, reference=reference, at=at)


def hear_of_refusal(*, user_id: int, template_id: str, reference: str, at: datetime) -> None:
    """Nothing of this template is let through any more, until they accept again."""
    require_transaction()
    if template := SubscribeTemplate.objects.filter(template_id=template_id).first():
        quota = _locked(user_id, template)
        _change(quota, -quota.left, cause=QuotaCause.REFUSED, reference=reference, at=at)


def take_quota(use: Use, *, at: datetime) -> bool:
    """Set one aside for one try, before it is made; False: none is left."""
    require_transaction()
    quota = _locked(use.user_id, use.template)
    if not quota.left:
        return False
    _change(quota, -1, cause=QuotaCause.SENT, reference=use.reference, at=at)
    return True


def return_quota(use: Use, *, at: datetime) -> None:
    """The try that set it aside certainly sent nothing."""
    require_transaction()
    quota = _locked(use.user_id, use.template)
    _change(quota, 1, cause=QuotaCause.RETURNED, reference=use.reference, at=at)


def exhaust_quota(use: Use, *, at: datetime) -> None:
    """WeChat says that nothing is let through: what we believed was wrong."""
    require_transaction()
    quota = _locked(use.user_id, use.template)
    _change(quota, -quota.left, cause=QuotaCause.EXHAUSTED, reference=use.reference, at=at)


def _let_through(
    user_id: int, template: SubscribeTemplate, *, told_by: QuotaCause, reference: str, at: datetime
) -> None:
    quota = _locked(user_id, template)
    first = _unconfirmed(quota, _TOLD_BY[told_by], at=at).first()
    _change(quota, 0 if first else 1, cause=told_by, reference=reference, at=at, confirms=first)


def _unconfirmed(quota: SubscribeQuota, cause: QuotaCause, *, at: datetime) -> QuerySet[QuotaChange]:
    around = (at - SAME_ANSWER, at + SAME_ANSWER)
    alone = quota.changes.filter(cause=cause, confirms=None, confirmed_by=None, at__range=around)
    return alone.order_by("at", "pk")


def _locked(user_id: int, template: SubscribeTemplate) -> SubscribeQuota:
    quotas = SubscribeQuota.objects.select_for_update(no_key=True)
    quota, _is_new = quotas.get_or_create(user_id=user_id, template=template)
    return quota


def _change(
    quota: SubscribeQuota,
    change: int,
    *,
    cause: QuotaCause,
    reference: str,
    at: datetime,
    confirms: QuotaChange | None = None,
) -> None:
    """Under the quota's lock; an occasion that was noted before changes nothing."""
    if quota.changes.filter(cause=cause, reference=reference).exists():
        return
    QuotaChange.objects.create(
        quota=quota, cause=cause, change=change, reference=reference, confirms=confirms, at=at
    )
    quota.left += change
    quota.save(update_fields=["left"])
