"""Whom people have paid and been paid by."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import F

from wallet.models import Transfer
from wallet.rules.transfers import TransferState


def dealings_of(user_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Each of these people who has sent or received transfers → the people at the other end. Two queries."""
    dealt: dict[int, set[int]] = defaultdict(set)
    done = Transfer.objects.filter(state=TransferState.ACCEPTED)
    for one, other in (("sender", "receiver"), ("receiver", "sender")):
        pairs = done.filter(**{f"{one}__in": user_ids}).values_list(F(f"{one}_id"), F(f"{other}_id"))
        for user_id, other_id in pairs.distinct():
            dealt[user_id].add(other_id)
    return dealt
