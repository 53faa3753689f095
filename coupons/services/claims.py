"""A customer takes a coupon that is on offer."""

from coupons.errors import CouponNotForYou, CouponNotOffered
from coupons.models import Coupon, CouponTemplate, Giving
from coupons.rules.eligibility import why_not_for
from coupons.selectors.offers import who_is
from coupons.services.coupons import give
from wallet_project.kit.rows import find_row


def claim_coupon(*, user_id: int, template_id: int, source: str) -> Coupon:
    """
    One coupon for whoever asks, as long as there are some; once per source (the request).

    :raises Paused: nothing is given at the moment
    :raises CouponNotOffered: there is nothing of that number that customers may take now
    :raises CouponNotForYou: it is for others
    :raises CouponsGone: all there were have been given
    :raises CouponTakenOften: this person has had as many as anybody may
    """
    template = find_row(CouponTemplate, pk=template_id)
    if template is None or template.giving != Giving.CLAIM:
        raise CouponNotOffered
    terms = template.promise
    if reason := why_not_for(terms, who_is(user_id, asked_by=[terms])):
        raise CouponNotForYou(reason=reason)
    return give(template, user_id=user_id, source=source)
