"""Whom one does not wish to be asked by."""

from django.db import transaction

from wallet.errors import RequestOver
from wallet.models import BlockedPerson, MoneyRequest
from wallet.rules.money_requests import RequestState
from wallet.selectors.money_requests import blocked_by, request_for
from wallet.services.money_requests import decline_request
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound


def block_whoever_made(*, user_id: int, number: str) -> BlockedPerson:
    """
    No more requests from whoever made this one; those that are open are declined. Harmless twice.

    :raises NotFound: nobody asked them for this
    """
    request = request_for(user_id=user_id, number=number)
    if request.payer_id != user_id:
        raise NotFound
    blocked_id = request.requester_id
    with transaction.atomic(durable=True):
        person, is_new = BlockedPerson.objects.get_or_create(
            user_id=user_id, blocked_id=blocked_id, defaults={"blocked_at": clock.now()}
        )
        if is_new:
            record_audit(
                action="wallet.person.blocked", subject=f"user:{user_id}", facts={"whom": blocked_id}
            )
    for open_number in MoneyRequest.objects.filter(
        requester=blocked_id, payer=user_id, state=RequestState.OPEN
    ).values_list("number", flat=True):
        _decline(open_number, payer_id=user_id)
    return blocked_by(user_id).get(pk=person.pk)


def unblock(*, user_id: int, person_id: int) -> None:
    """
    They may ask again.

    :raises NotFound: this user has not blocked them
    """
    if not BlockedPerson.objects.filter(pk=person_id, user=user_id).delete()[0]:
        raise NotFound


def _decline(number: str, *, payer_id: int) -> None:
    try:
        decline_request(payer_id=payer_id, number=number)
    except RequestOver:
        return  # it ended by itself in this moment
