"""What all whom it concerns have to be told: so many at a time, in the order in which they joined."""

from django.db import transaction

from accounts.models import AgreementVersion, User, UserStatus
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import published_version
from accounts.selectors.consents import people_who_agree
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.notifications.services.sending import notify

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
    """The next so many, whose numbers follow; then their successors are queued. Harmless twice."""
    published = published_version(AgreementKind(kind), version)
    customers = User.objects.filter(pk__gt=after, is_staff=False).exclude(status=UserStatus.CLOSED)
    if kind not in MANDATORY:
        customers = customers.filter(pk__in=people_who_agree(kind))
    ids = list(customers.order_by("pk").values_list("pk", flat=True)[:at_once])
    notice = _notice_of(published)
    for user_id in ids:
        notify(
            user_id=user_id,
            notice=notice,
            key=f"{kind}:{version}",
            facts={"title": published.title, "at": published.effective_at},
            about=f"agreement:{kind}",
        )
    if len(ids) == at_once:
        after_commit("notifications.tell_of_agreement", kind=kind, version=version, after=ids[-1])


def _notice_of(published: AgreementVersion) -> str:
    if not published.is_material:
        return "accounts.agreement_amended"
    return "accounts.agreement_published" if published.kind in MANDATORY else "accounts.consent_lapses"
