"""The stories that are shown, and what sharing them brought."""

from django.db.models import Count, QuerySet, Sum

from coupons.models import Story
from wallet_project.approvals.agreed import AgreedState

_SHOWN = 50


def stories_shown() -> QuerySet[Story]:
    """Newest first; one query."""
    return Story.objects.filter(state=AgreedState.LIVE).order_by("-live_at", "-pk")[:_SHOWN]


def with_effect(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Each with how many people share it, how often it was seen, and how many came by it."""
    return stories.annotate(
        sharers=Count("shares"),
        seen=Sum("shares__views", default=0),
        came=Sum("shares__joins", default=0),
    )
