"""The page on which people read what membership is: in the mini-program's web-view, or anywhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from coupons.models import MembershipTier
from coupons.rules.membership import GrowthEvent
from coupons.rules.tier_words import benefits_in_words
from coupons.selectors.membership import growth_rules, tiers_in_force


@require_safe
def show_tiers(request: HttpRequest) -> HttpResponse:
    """Every tier and what makes grow, in Chinese and in English below it."""
    rules = growth_rules()
    told = {
        "tiers": [_tier(tier) for tier in tiers_in_force()],
        "rules": [
            {
                "event": _in("zh-hans", event),
                "english": _in("en", event),
                "value": rules[event],
                "is_per_yuan": event == GrowthEvent.SPENT,
            }
            for event in GrowthEvent
            if event in rules
        ],
    }
    return render(request, "coupons/tiers.html", told)


def _tier(tier: MembershipTier) -> dict[str, Any]:
    names = ("name", "name_en", "threshold", "protected_months", "grace_days")
    return {
        **{name: getattr(tier, name) for name in names},
        "benefits": _benefits("zh-hans", tier),
        "english": _benefits("en", tier),
    }


def _benefits(language: str, tier: MembershipTier) -> str:
    with translation.override(language):
        return " · ".join(benefits_in_words(**tier.benefits))


def _in(language: str, event: GrowthEvent) -> str:
    with translation.override(language):
        return str(event.label)
