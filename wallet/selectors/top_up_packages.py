"""Which offers there are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from wallet.models import PackageState, TopUp, TopUpPackage, TopUpState
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A package on sale; `times_left` is how often this person may still take it, None: always."""

    package: TopUpPackage
    times_left: int | None


def offers_for(user_id: int, *, at: datetime) -> list[Offer]:
    """On sale at a moment, the smallest first, without what somebody may not take any more; two queries."""
    not_over = Q(sold_until__isnull=True) | Q(sold_until__gt=at)
    on_sale = TopUpPackage.objects.filter(not_over, state=PackageState.ON_SALE, sold_from__lte=at)
    mine = TopUp.objects.filter(wallet=wallet_of(user_id), package__isnull=False).exclude(
        state=TopUpState.CLOSED
    )
    taken = dict(mine.values_list("package").annotate(times=Count("pk")).order_by())
    offers = []
    for package in on_sale.order_by("amount", "pk"):
        left = None if package.per_person is None else package.per_person - taken.get(package.pk, 0)
        if left is None or left > 0:
            offers.append(Offer(package=package, times_left=left))
    return offers


def price_of(package_id: int) -> Fen:
    """What a package takes, whether or not it is on sale; nothing where there is none."""
    amount = TopUpPackage.objects.filter(pk=package_id).values_list("amount", flat=True).first()
    return Fen(amount or 0)
