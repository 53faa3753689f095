"""Show a card, hear that it was read; mark a quiz."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.errors import QuizTriedTooOften
from accounts.models import CardSight, QuizAttempt, QuizQuestion, SecurityCard
from accounts.rules.education import PASSES_AT, TRIES_A_DAY, score_of
from accounts.selectors.education import (
    cards_for,
    has_passed_quiz,
    quiz_questions,
    right_answers,
    tries_since,
)
from accounts.services.locks import lock_user
from accounts.services.onboarding import complete_step
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Marked:
    """One question after it was answered."""

    question: QuizQuestion
    is_right: bool
    right_option: int


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    score: int
    has_passed: bool
    marked: list[Marked]


def show_cards(*, user_id: int, moment: str) -> list[SecurityCard]:
    """The cards a customer has not confirmed yet for this moment; that they were shown is counted."""
    cards, now = cards_for(user_id, moment), clock.now()
    sights = [CardSight(user_id=user_id, card=card, shown_at=now) for card in cards]
    CardSight.objects.bulk_create(sights, ignore_conflicts=True)
    return cards


def confirm_card(*, user_id: int, key: str) -> None:
    """
    The customer has read a card; it is not shown to them again. Confirming twice is confirming.

    :raises NotFound: there is no such card
    """
    card = SecurityCard.objects.filter(key=key, is_active=True).first()
    if card is None:
        raise NotFound
    now = clock.now()
    sight, _new = CardSight.objects.get_or_create(user_id=user_id, card=card, defaults={"shown_at": now})
    CardSight.objects.filter(pk=sight.pk, seen_at=None).update(seen_at=now)


@retry_conflicts
def answer_quiz(*, user_id: int, answers: Mapping[int, int]) -> QuizResult:
    """
    Mark the answers, question → option, and explain them. Passed once it stays passed, and later tries are
    practice that nobody counts.

    :raises QuizTriedTooOften: today's tries are used up
    """
    right = right_answers()
    score = score_of(answers, right)
    passes = score >= PASSES_AT
    with transaction.atomic(durable=True):
        lock_user(user_id)
        if not has_passed_quiz(user_id):
            _count(user_id=user_id, score=score, passes=passes, now=clock.now())
            if passes:
                complete_step(user_id=user_id, key="quiz")
    marked = [
        Marked(
            question=question,
            is_right=answers.get(question.pk) == right[question.pk],
            right_option=right[question.pk],
        )
        for question in quiz_questions()
        if question.pk in right
    ]
    return QuizResult(score=score, has_passed=passes, marked=marked)


def _count(*, user_id: int, score: int, passes: bool, now: datetime) -> None:
    if tries_since(user_id, now - timedelta(days=1)) >= TRIES_A_DAY:
        raise QuizTriedTooOften(tries=TRIES_A_DAY)
    QuizAttempt.objects.create(user_id=user_id, score=score, has_passed=passes, tried_at=now)
