"""What customers suggest is answered, and whoever wants the same hears of it."""

import pytest
from django.db import transaction

from accounts.events import AccountsMerged
from accounts.models import User
from feedback.errors import SuggestedOften, SuggestionNotMergeable
from feedback.models import Suggestion, SuggestionVote
from feedback.rules.suggestions import MOST_A_DAY, SuggestionState
from feedback.selectors.suggestions import (
    most_wanted,
    suggestions_by,
    suggestions_to_vote_for,
    who_hears,
)
from feedback.services.suggestions import (
    merge_suggestion,
    move_suggestion,
    publish_suggestion,
    suggest,
    take_vote_back,
    vote,
)
from wallet_project.kit.errors import NotFound, StateConflict
from wallet_project.kit.events import publish
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


def suggested(text="希望账单可以导出", title=""):
    made = suggest(user_id=User.objects.create().pk, text=text)
    if title:
        publish_suggestion(suggestion_id=made.pk, title=title)
    return made


def moves(suggestion, to, reply="已采纳，已上线"):
    move_suggestion(suggestion_id=suggestion.pk, to=to, reply=reply)


def support(suggestion):
    return suggestions_to_vote_for(suggestion.user_id).get(pk=suggestion.pk).support


def test_whoever_suggested_it_sees_what_became_of_it():
    made = suggested()

    moves(made, SuggestionState.ACCEPTED, "已采纳，下个月上线")
    moves(made, SuggestionState.SHIPPED)

    shown = suggestions_by(made.user_id).get()
    assert shown.leader.state == SuggestionState.SHIPPED
    assert [step.reply for step in shown.steps.all()] == ["已采纳，下个月上线", "已采纳，已上线"]
    told = StoredEvent.objects.filter(name="feedback.suggestion.moved").order_by("pk")
    assert [each.payload["state"] for each in told] == ["ACCEPTED", "SHIPPED"]
    with pytest.raises(StateConflict):
        moves(made, SuggestionState.DECLINED)


def test_only_what_we_put_in_our_own_words_is_voted_for():
    made, voter = suggested(), User.objects.create()

    with pytest.raises(NotFound):
        vote(number=made.number, user_id=voter.pk)
    publish_suggestion(suggestion_id=made.pk, title="按月导出账单")
    vote(number=made.number, user_id=voter.pk)
    vote(number=made.number, user_id=voter.pk)
    assert support(made) == 2
    take_vote_back(number=made.number, user_id=voter.pk)
    take_vote_back(number=made.number, user_id=voter.pk)
    assert support(made) == 1
    publish_suggestion(suggestion_id=made.pk, title="")
    assert list(suggestions_to_vote_for(voter.pk)) == []


def test_what_says_the_same_is_merged_and_all_of_them_hear_of_it():
    one, same, older = suggested(title="导出账单"), suggested(title="账单下载"), suggested()
    both, voter = User.objects.create(), User.objects.create()
    for number, user in ((one.number, both), (same.number, both), (same.number, voter)):
        vote(number=number, user_id=user.pk)
    merge_suggestion(suggestion_id=older.pk, into_id=same.pk)

    merge_suggestion(suggestion_id=same.pk, into_id=one.pk)
    moves(one, SuggestionState.SHIPPED)

    people = {one.user_id, same.user_id, older.user_id, both.pk, voter.pk}
    assert support(one) == len(people)
    assert who_hears(one.pk) == people
    for each in (same, older):
        shown = suggestions_by(each.user_id).get()
        assert (shown.leader.state, shown.support) == (SuggestionState.SHIPPED, 5)
        with pytest.raises(SuggestionNotMergeable):
            moves(each, SuggestionState.DECLINED)
    with pytest.raises(SuggestionNotMergeable):
        merge_suggestion(suggestion_id=one.pk, into_id=same.pk)
    with pytest.raises(SuggestionNotMergeable):
        merge_suggestion(suggestion_id=one.pk, into_id=one.pk)
    assert not SuggestionVote.objects.exclude(suggestion=one).exists()


def test_what_is_wanted_most_comes_first_until_it_is_decided():
    less, more = suggested(title="少"), suggested(title="多")
    vote(number=more.number, user_id=less.user_id)
    decided = suggested()
    moves(decided, SuggestionState.DECLINED, "暂时不做")

    assert list(most_wanted(limit=5)) == [more, less]


def test_a_day_has_so_many_suggestions_of_one_person():
    user = User.objects.create()
    for _ in range(MOST_A_DAY):
        suggest(user_id=user.pk, text="再说一条")

    with pytest.raises(SuggestedOften):
        suggest(user_id=user.pk, text="还有一条")

    assert Suggestion.objects.filter(user=user).count() == MOST_A_DAY


def test_of_two_accounts_that_were_one_person_the_one_that_stays_hears_of_it(outbox):
    made, stays = suggested(), User.objects.create()

    with transaction.atomic():
        publish(AccountsMerged(user_id=stays.pk, closed_user_id=made.user_id))
    outbox.deliver()

    assert suggestions_by(stays.pk).get() == made
