"""Lock, look, write."""

from django.db import transaction

from benchmarks.straightforward.models import Account, Entry, Transaction


def transfer(*, key: str, giver: int, receiver: int, amount: int) -> Transaction:
    """Idempotent, locked in order, never overdrawn: the ledger's promises, as far as an ORM goes."""
    with transaction.atomic():
        moved, created = Transaction.objects.get_or_create(key=key, defaults={"kind": "transfer"})
        if not created:
            return moved
        rows = Account.objects.select_for_update().filter(pk__in=(giver, receiver)).order_by("pk")
        accounts = {account.pk: account for account in rows}
        if accounts[giver].balance < amount:
            raise ValueError("not enough")
        for account_id, change in ((giver, -amount), (receiver, amount)):
            account = accounts[account_id]
            account.balance += change
            account.save(update_fields=["balance"])
            Entry.objects.create(
                transaction=moved, account=account, amount=change, balance_after=account.balance
            )
    return moved
