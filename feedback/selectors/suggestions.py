"""What customers suggest, and who wants it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from feedback.models import Suggestion, SuggestionVote
from feedback.rules.suggestions import SuggestionState
from wallet_project.kit.errors import NotFound


def suggestions_by(user_id: int) -> QuerySet[Suggestion]:
    """Their own, with the one that each was merged into, and how far that one is."""
    rows = Suggestion.objects.filter(user=user_id)
    return with_votes(rows).select_related("merged_into").prefetch_related("steps", "merged_into__steps")


def suggestions_to_vote_for(user_id: int) -> QuerySet[Suggestion]:
    """What others see, with whether this one has voted."""
    mine = SuggestionVote.objects.filter(suggestion=OuterRef("pk"), user=user_id)
    return (
        with_votes(Suggestion.objects.exclude(title=""))
        .annotate(has_voted=Exists(mine))
        .prefetch_related("steps")
    )


def suggestion_to_vote_for(user_id: int, number: str) -> Suggestion:
    """
    :raises NotFound: there is none, or it is not public
    """
    found = suggestions_to_vote_for(user_id).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def suggested_since(user_id: int, since: datetime) -> int:
    return Suggestion.objects.filter(user=user_id, suggested_at__gte=since).count()


def with_votes(rows: QuerySet[Suggestion]) -> QuerySet[Any]:
    """`support`: who voted for it, or for the one that it was merged into."""
    votes = SuggestionVote.objects.filter(suggestion=Coalesce(OuterRef("merged_into"), OuterRef("pk")))
    counted = votes.order_by().values("suggestion").annotate(count=Count("pk")).values("count")
    return rows.annotate(support=Coalesce(Subquery(counted), 0))


def who_hears(suggestion_id: int) -> set[int]:
    """Whoever suggested it, or the same, or voted for it: user ids."""
    authors = Suggestion.objects.filter(Q(pk=suggestion_id) | Q(merged_into=suggestion_id))
    voters = SuggestionVote.objects.filter(suggestion=suggestion_id)
    return {*authors.values_list("user", flat=True), *voters.values_list("user", flat=True)}


def most_wanted(limit: int) -> QuerySet[Any]:
    """Those that are not decided, by how many want them."""
    undecided = [SuggestionState.RECEIVED, SuggestionState.REVIEWING]
    rows = Suggestion.objects.filter(state__in=undecided, merged_into=None)
    return with_votes(rows).order_by("-support", "pk")[:limit]


def waiting_suggestions() -> int:
    """How many nobody has answered."""
    return Suggestion.objects.filter(state=SuggestionState.RECEIVED, merged_into=None).count()


def suggestion_numbered(suggestion_id: int) -> Suggestion:
    return Suggestion.objects.get(pk=suggestion_id)
