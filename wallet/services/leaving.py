"""Whoever leaves has no more dealings with others."""

from wallet.models import PayeeSettings
from wallet.services.waiting_transfers import decline_all_waiting
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def end_dealings(*, user_id: int, gives_up: Fen) -> None:
    """
    What waits for them returns to its senders, whatever they give up of their own. Must be called inside the
    transaction that closes the account; does nothing the second time.
    """
    require_transaction()
    decline_all_waiting(receiver_id=user_id)
    PayeeSettings.objects.filter(user=user_id).delete()
