"""Customers suggest, others support it, and all of them hear what became of it."""

from django.db import transaction
from django.db.models import Q

from accounts.services.locks import lock_user
from feedback.errors import SuggestedOften, SuggestionNotMergeable
from feedback.events import SuggestionMoved
from feedback.models import Suggestion, SuggestionStep, SuggestionVote
from feedback.rules.suggestions import MOST_A_DAY, MOVES, SuggestionState
from feedback.selectors.suggestions import suggested_since, suggestion_to_vote_for
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows
from wallet_project.kit.events import publish
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move


def suggest(*, user_id: int, text: str) -> Suggestion:
    """
    What a customer would like; their own voice counts for it.

    :raises SuggestedOften: so many on one day are no suggestions
    """
    now = clock.now()
    with transaction.atomic():
        lock_user(user_id)
        if suggested_since(user_id, clock.start_of_day(now)) >= MOST_A_DAY:
            raise SuggestedOften(most=MOST_A_DAY)
        suggestion = Suggestion.objects.create(
            number=new_serial("U", now), user_id=user_id, text=text, suggested_at=now
        )
        SuggestionVote.objects.create(suggestion=suggestion, user_id=user_id, at=now)
    return suggestion


def vote(*, number: str, user_id: int) -> None:
    """
    Somebody wants it, too; wanting twice is wanting.

    :raises NotFound: nobody may vote for it
    """
    suggestion = suggestion_to_vote_for(user_id, number)
    SuggestionVote.objects.get_or_create(suggestion=suggestion, user_id=user_id, defaults={"at": clock.now()})


def take_vote_back(*, number: str, user_id: int) -> None:
    """
    :raises NotFound: nobody may vote for it
    """
    suggestion = suggestion_to_vote_for(user_id, number)
    SuggestionVote.objects.filter(suggestion=suggestion, user=user_id).delete()


def move_suggestion(*, suggestion_id: int, to: SuggestionState, reply: str) -> None:
    """
    Its state, and what whoever wants it is told. What was merged into another one is told with that one.

    :raises StateConflict: it cannot come there from where it is
    :raises SuggestionNotMergeable: it was merged into another one
    """
    with transaction.atomic():
        suggestion = _lock(suggestion_id)
        if suggestion.merged_into_id:
            raise SuggestionNotMergeable
        require_move(MOVES, suggestion.state, to)
        suggestion.state = to
        suggestion.save(update_fields=["state"])
        SuggestionStep.objects.create(suggestion=suggestion, state=to, reply=reply, at=clock.now())
        record_audit(
            action="feedback.suggestion.moved",
            subject=_subject(suggestion),
            facts={"state": to, "answer": reply},
        )
        publish(SuggestionMoved(suggestion_id=suggestion.pk, state=to))


def publish_suggestion(*, suggestion_id: int, title: str) -> None:
    """
    Others see it under `title`, which is in our words and tells nobody who suggested it; empty: not any more.

    :raises SuggestionNotMergeable: it was merged into another one
    """
    with transaction.atomic():
        suggestion = _lock(suggestion_id)
        if suggestion.merged_into_id:
            raise SuggestionNotMergeable
        suggestion.title = title
        suggestion.save(update_fields=["title"])
        record_audit(
            action="feedback.suggestion.published", subject=_subject(suggestion), facts={"what": title}
        )


def merge_suggestion(*, suggestion_id: int, into_id: int) -> None:
    """
    It says the same as another one; who wants it wants that one, and hears of it.

    :raises SuggestionNotMergeable: one of them was merged before, or both are the same
    """
    with transaction.atomic():
        rows = lock_rows(Suggestion, ids={suggestion_id, into_id})
        if len(rows) < 2 or any(row.merged_into_id for row in rows.values()):
            raise SuggestionNotMergeable
        same, now = Q(pk=suggestion_id) | Q(merged_into=suggestion_id), clock.now()
        voters = SuggestionVote.objects.filter(suggestion=suggestion_id)
        SuggestionVote.objects.bulk_create(
            (SuggestionVote(suggestion_id=into_id, user_id=voter.user_id, at=now) for voter in voters),
            ignore_conflicts=True,
        )
        voters.delete()
        Suggestion.objects.filter(same).update(merged_into=into_id, title="")
        record_audit(
            action="feedback.suggestion.merged",
            subject=_subject(rows[suggestion_id]),
            facts={"to": rows[into_id].number},
        )


def _lock(suggestion_id: int) -> Suggestion:
    return Suggestion.objects.select_for_update(no_key=True).get(pk=suggestion_id)


def _subject(suggestion: Suggestion) -> str:
    return f"suggestion:{suggestion.number}"
