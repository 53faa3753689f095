"""Messages as people get them."""

import uuid

from django.db import transaction

from accounts.models import ConsentRecord, User
from accounts.rules.agreements import AgreementKind
from accounts.selectors.agreements import current_agreements
from wallet_project.kit import clock
from wallet_project.notifications.models import Message
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.variables import examples
from wallet_project.notifications.services.sending import notify


@transaction.atomic
def told(user: User, notice: str = "payments.order_paid", key: str = "") -> Message:
    """Of something new, with the facts that its variables give as examples."""
    facts = examples(CATALOGUE[notice].variables)
    message = notify(user_id=user.pk, notice=notice, key=key or uuid.uuid4().hex, facts=facts)
    assert message is not None
    return message


def agree_to_marketing(user: User, act: str = ConsentRecord.Act.GIVEN) -> None:
    now = clock.now()
    (version,) = current_agreements(now, [AgreementKind.MARKETING])
    ConsentRecord.objects.create(user=user, agreement=version, act=act, at=now, sha256=version.sha256)
