"""Which wallet is somebody's, for statements about what hangs on it."""

from django.db.models import Subquery

from wallet.models import Wallet


def wallet_of(user_id: int) -> Subquery:
    """
    For `filter(wallet=wallet_of(user_id))`.

    A join says the same, but leaves PostgreSQL to guess how many of the rows are theirs: of somebody who has
    not been here for a while it then reads everybody's, newest first, to find a page. Of one wallet,
    whichever it is, it walks along an index.
    """
    return Subquery(Wallet.objects.filter(user=user_id).values("pk")[:1])
