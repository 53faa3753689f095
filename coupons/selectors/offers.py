"""What somebody could use now, and what audiences ask of them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coupons.models import Coupon, CouponCount, CouponState, CouponStock, CouponTemplate, Giving, Purchase
from coupons.rules.baskets import Basket
from coupons.rules.eligibility import obstacle_to
from coupons.rules.offers import Offer, Terms, Who
from coupons.rules.real_people import coupon_of_new_customers
from coupons.rules.stacking import Best, best_for
from coupons.selectors.membership import tier_of
from coupons.selectors.real_people import is_had_by_another
from coupons.selectors.segments import segments_of
from wallet_project.approvals.agreed import AgreedState

_MOST_HELD = 200  # nobody looks through more, and the ones that end first are looked at


def best_for_basket(*, user_id: int, basket: Basket, at: datetime) -> Best:
    """The best of what this person holds and of what needs no coupon, for this basket; 6 queries at most."""
    offers = [*held_offers(user_id, at=at), *_automatic_offers(user_id, at=at)]
    who = who_is(user_id, asked_by=[offer.terms for offer in offers])
    return best_for(offers, basket=basket, who=who, at=at)


def held_offers(user_id: int, *, at: datetime) -> list[Offer]:
    """Coupons of this person that nothing has reserved and whose time is not over."""
    held = Coupon.objects.filter(user=user_id, state=CouponState.HELD, valid_until__gt=at)
    return [
        coupon.offer for coupon in held.select_related("template").order_by("valid_until", "pk")[:_MOST_HELD]
    ]


def automatic_templates_for(*, user_id: int, basket: Basket, at: datetime) -> list[Offer]:
    """
    Discounts that apply to this basket of this person without a coupon. Whoever uses one gives it to them
    first (issue_coupon), so that the stock and the limit of a person hold.
    """
    offers = _automatic_offers(user_id, at=at)
    who = who_is(user_id, asked_by=[offer.terms for offer in offers])
    return [offer for offer in offers if not obstacle_to(offer, basket=basket, who=who, at=at)]


def who_is(user_id: int, *, asked_by: Iterable[Terms]) -> Who:
    """Of this person, what these terms ask; nothing else is looked up."""
    asked = list(asked_by)
    audiences = {terms.segment_id for terms in asked if terms.segment_id is not None}
    return Who(
        tier=tier_of(user_id).code if any(terms.tier for terms in asked) else "",
        is_new=any(terms.new_customers for terms in asked)
        and not Purchase.objects.filter(user=user_id).exists(),
        segments=segments_of(user_id, among=audiences) if audiences else frozenset(),
    )


def to_be_had(user_id: int, *, at: datetime) -> QuerySet[CouponTemplate]:
    """Live templates of which there are some left, for this person, too."""
    had = CouponCount.objects.filter(
        template=OuterRef("pk"), user=user_id, issued__gte=OuterRef("per_person")
    )
    gone = CouponStock.objects.filter(template=OuterRef("pk"), issued__gte=F("total"))
    return CouponTemplate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        ~Exists(had),
        ~Exists(gone),
        state=AgreedState.LIVE,
        offered_from__lte=at,
        offered_until__gt=at,
    )


def _automatic_offers(user_id: int, *, at: datetime) -> list[Offer]:
    running = CouponTemplate.objects.filter(
        giving=Giving.AUTOMATIC, state=AgreedState.LIVE, valid_from__lte=at, offered_until__gt=at
    )
    if not running.exists():  # mostly there is none, and what follows is dear
        return []
    automatic = to_be_had(user_id, at=at).filter(giving=Giving.AUTOMATIC, valid_from__lte=at)
    offers = []
    for template in automatic.order_by("pk"):
        begins, ends = template.validity(at=at)
        offers.append(
            Offer(
                template_id=template.pk,
                name=template.name,
                terms=template.promise,
                valid_from=begins,
                valid_until=ends,
            )
        )
    return _without_had(offers, user_id=user_id)


def _without_had(offers: list[Offer], *, user_id: int) -> list[Offer]:
    """Of what is for new customers, nothing that the same person has had by another account."""
    asks = any(offer.terms.new_customers for offer in offers)
    if not asks or Purchase.objects.filter(user=user_id).exists():
        return offers
    return [
        offer
        for offer in offers
        if not offer.terms.new_customers
        or not is_had_by_another(user_id=user_id, of=coupon_of_new_customers(offer.template_id))
    ]
