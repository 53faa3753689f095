"""How somebody wants to be told."""

from dataclasses import dataclass

from wallet_project.notifications.models import Preference, Reader


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`reader` is stored or made of the defaults; `off` are pairs of category and channel."""

    reader: Reader
    off: frozenset[tuple[str, str]]


def wishes_of(user_id: int) -> Wishes:
    off = Preference.objects.filter(user=user_id).values_list("category", "channel")
    return Wishes(
        reader=Reader.objects.filter(user=user_id).first() or Reader(user_id=user_id), off=frozenset(off)
    )
