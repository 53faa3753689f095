"""What coupons keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from coupons.models import Exposure, PersonClaim, RecommendationClick, StoryJoin, StoryView, Touch
from wallet_project.kit import clock


def outdated_person_claims(*, before: datetime) -> QuerySet[PersonClaim]:
    """Claims so long ago that whoever comes back may be new again."""
    return PersonClaim.objects.filter(claimed_at__lt=before)


def outdated_exposures(*, before: datetime) -> QuerySet[Exposure]:
    """Who was in which arm of experiments whose outcome was read long ago."""
    return Exposure.objects.filter(since__lt=before)


def outdated_clicks(*, before: datetime) -> QuerySet[RecommendationClick]:
    """What people followed long ago."""
    return RecommendationClick.objects.filter(at__lt=before)


def outdated_story_views(*, before: datetime) -> QuerySet[StoryView]:
    """Who saw a shared story; how often it was seen is kept with the share."""
    return StoryView.objects.filter(day__lt=clock.business_day(before))


def outdated_story_joins(*, before: datetime) -> QuerySet[StoryJoin]:
    """Who came by a shared story; how many did is kept with the share."""
    return StoryJoin.objects.filter(at__lt=before)


def outdated_touches(*, before: datetime) -> QuerySet[Touch]:
    """Touches so long ago that nothing is counted from them."""
    return Touch.objects.filter(at__lt=before)
