"""Somebody bought something, or sent it back: noted here, and told to whoever rewards it."""

from datetime import datetime

from coupons.events import PurchaseMade, PurchaseReturned
from coupons.models import Purchase, PurchaseReturn
from coupons.rules.purchases import Bought
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen


def note_purchase(bought: Bought) -> None:
    """Must be called in a transaction; does nothing the second time."""
    require_transaction()
    _purchase, is_new = Purchase.objects.get_or_create(
        reference=bought.reference,
        defaults={
            "user_id": bought.user_id,
            "kind": bought.basket.kind,
            "place": bought.basket.place,
            "place_name": bought.place_name,
            "title": bought.title,
            "items": bought.basket.items,
            "amount": bought.basket.amount,
            "own": bought.own,
            "given": bought.given,
            "discount": bought.basket.amount - bought.own - bought.given,
            "paid_at": bought.paid_at,
            "redemption": bought.redemption,
        },
    )
    if is_new:
        publish(PurchaseMade(reference=bought.reference, user_id=bought.user_id))


def note_return(*, reference: str, number: str, amount: Fen, own: Fen, at: datetime) -> None:
    """
    So many fen of a purchase went back, `own` of them to the customer's own money.

    Must be called in a transaction; does nothing the second time.

    :raises Purchase.DoesNotExist: it has not been noted yet
    """
    require_transaction()
    purchase = lock_purchase(reference)
    _one, is_new = PurchaseReturn.objects.get_or_create(
        number=number, defaults={"purchase": purchase, "amount": amount, "own": own, "at": at}
    )
    if is_new:
        purchase.returned += amount
        purchase.returned_own += own
        purchase.save(update_fields=["returned", "returned_own"])
        publish(PurchaseReturned(reference=reference, number=number, user_id=purchase.user_id))


def lock_purchase(reference: str) -> Purchase:
    """What is given for it and what goes back of it are seen by whoever comes second."""
    require_transaction()
    return Purchase.objects.select_for_update(no_key=True).get(reference=reference)
