"""What all whom it concerns have to be told: so many at a time, in the order in which they joined."""

import logging

from django.db import transaction

from accounts.models import AgreementVersion, User, UserStatus
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import published_version
from accounts.selectors.consents import people_who_agree
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.notifications.services.sending import notify

logger = logging.getLogger(__name__)

AT_ONCE = 200


def tell_of_agreement(*, kind: str, version: int) -> None:
    """
    A text will be another one. Of one without which there is no service hears everybody, of the others
    whoever has agreed to it: all others will be asked for the new one, where it is needed.
    """
    require_transaction()
    after_commit("notifications.tell_of_agreement", kind=kind, version=version)


@transaction.atomic
def tell_next_of_agreement(*, kind: str, version: int, after: int = 0, at_once: int = AT_ONCE) -> None:
    """
    The next so many, whose numbers follow; then their successors are queued. Harmless twice. Whom it fails to
    tell gets a job of their own, with its tries and its death, and keeps nobody else waiting.
    """
    customers = User.objects.filter(pk__gt=after, is_staff=False).exclude(status=UserStatus.CLOSED)
    if kind not in MANDATORY:
        customers = customers.filter(pk__in=people_who_agree(kind))
    ids = list(customers.order_by("pk").values_list("pk", flat=True)[:at_once])
    published = published_version(AgreementKind(kind), version)
    failed: dict[int, Exception] = {}
    for user_id in ids:
        try:
            with transaction.atomic():
                _tell(user_id, published)
        except Exception as error:
            logger.exception("notifications.agreement.failed", extra={"user_id": user_id})
            failed[user_id] = error
    if len(failed) == len(ids) > 1:
        raise failed[ids[0]]  # it is nothing about a person: one dead job tells of it, not one for each
    for user_id in failed:
        after_commit("notifications.tell_one_of_agreement", kind=kind, version=version, user_id=user_id)
    if len(ids) == at_once:
        after_commit("notifications.tell_of_agreement", kind=kind, version=version, after=ids[-1])


@transaction.atomic
def tell_one_of_agreement(*, kind: str, version: int, user_id: int) -> None:
    """Whom it failed to tell with the others. Harmless twice."""
    if User.objects.filter(pk=user_id).exclude(status=UserStatus.CLOSED).exists():
        _tell(user_id, published_version(AgreementKind(kind), version))


def _tell(user_id: int, published: AgreementVersion) -> None:
    notify(
        user_id=user_id,
        notice=_notice_of(published),
        key=f"{published.kind}:{published.version}",
        facts={"title": published.title, "at": published.effective_at},
        about=f"agreement:{published.kind}",
    )


def _notice_of(published: AgreementVersion) -> str:
    if not published.is_material:
        return "accounts.agreement_amended"
    return "accounts.agreement_published" if published.kind in MANDATORY else "accounts.consent_lapses"
