"""What every customer has to be told: so many at a time, in the order in which they joined."""

from django.db import transaction

from accounts.models import User, UserStatus
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import published_version
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.notifications.services.sending import notify

AT_ONCE = 200


def tell_of_agreement(*, kind: str, version: int) -> None:
    """
    A text that everybody has agreed to will be another one. Of the others hears whoever is asked for them,
    where they are needed.
    """
    require_transaction()
    if kind in MANDATORY:
        after_commit("notifications.tell_of_agreement", kind=kind, version=version)


@transaction.atomic
def tell_next_of_agreement(*, kind: str, version: int, after: int = 0, at_once: int = AT_ONCE) -> None:
    """The next so many, whose numbers follow; then their successors are queued. Harmless twice."""
    published = published_version(AgreementKind(kind), version)
    customers = User.objects.filter(pk__gt=after, is_staff=False).exclude(status=UserStatus.CLOSED)
    ids = list(customers.order_by("pk").values_list("pk", flat=True)[:at_once])
    what = "agreement_published" if published.is_material else "agreement_amended"
    for user_id in ids:
        notify(
            user_id=user_id,
            notice=f"accounts.{what}",
            key=f"{kind}:{version}",
            facts={"title": published.title, "at": published.effective_at},
            about=f"agreement:{kind}",
        )
    if len(ids) == at_once:
        after_commit("notifications.tell_of_agreement", kind=kind, version=version, after=ids[-1])
