"""The circle that a newcomer belongs to, as rules/rings.py looks at it."""

from datetime import datetime, timedelta

from accounts.selectors.shared_devices import sharing_devices
from coupons.models import Purchase, Referral
from coupons.rules.rings import Circle
from wallet.selectors.dealings import dealings_of

_MANY = 500  # of somebody with more newcomers the last so many are looked at
_TOGETHER = timedelta(days=1)
_SETTLED = timedelta(days=7)
_AT_ONCE = timedelta(days=2)
_LONGEST = 8


def circle_of(referral: Referral, *, at: datetime) -> Circle:
    """Six queries, and one per link of the chain."""
    siblings = list(Referral.objects.filter(inviter=referral.inviter_id).order_by("-pk")[:_MANY])
    newcomers = {each.newcomer_id for each in siblings}
    people = newcomers | {referral.inviter_id}
    dealt = dealings_of(newcomers)
    bought = set(Purchase.objects.filter(user__in=newcomers).values_list("user_id", flat=True))
    settled = {each.newcomer_id for each in siblings if each.bound_at <= at - _SETTLED}
    return Circle(
        on_device=sharing_devices(referral.newcomer_id, among=people),
        on_network=_on_network(referral),
        invited=len(newcomers),
        closed=sum(1 for others in dealt.values() if others <= people),
        idle=len(settled - bought - set(dealt)),
        chain=_chain(referral),
    )


def _on_network(referral: Referral) -> int:
    """Newcomers of this inviter or of any other: a farm changes its inviters."""
    if not referral.network:
        return 0
    near = Referral.objects.filter(
        network=referral.network,
        bound_at__gt=referral.bound_at - _TOGETHER,
        bound_at__lt=referral.bound_at + _TOGETHER,
    )
    return near.exclude(pk=referral.pk).count()


def _chain(referral: Referral) -> int:
    links = 1
    while links < _LONGEST:
        earlier = Referral.objects.filter(newcomer=referral.inviter_id).first()
        if earlier is None or referral.bound_at - earlier.bound_at > _AT_ONCE:
            break
        referral, links = earlier, links + 1
    return links
