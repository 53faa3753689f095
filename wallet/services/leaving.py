"""Whoever leaves has no more dealings with others."""

from django.db.models import Q

from wallet.models import BlockedPerson, PayeeSettings
from wallet.services.money_requests import end_requests_of
from wallet.services.waiting_transfers import begin_to_decline_all, decline_all
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def end_dealings(*, user_id: int, gives_up: Fen) -> None:
    """
    What waits for them returns to its senders, what they asked for or are asked for is over, whatever they
    give up of their own. Must be called inside the transaction that closes the account; does nothing the
    second time.
    """
    require_transaction()
    waiting = begin_to_decline_all(receiver_id=user_id)  # limits come before requests, and these before room
    end_requests_of(user_id=user_id)
    decline_all(waiting, receiver_id=user_id)
    PayeeSettings.objects.filter(user=user_id).delete()
    BlockedPerson.objects.filter(Q(user=user_id) | Q(blocked=user_id)).delete()
