"""Cards and questions, and how many people they reach."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Q, QuerySet

from accounts.models import QuizAttempt, QuizOption, QuizQuestion, SecurityCard


@dataclass(frozen=True, kw_only=True)
class CardReport:
    """How many people were shown a card, and how many of them said that they have read it."""

    card: SecurityCard
    shown: int
    seen: int


@dataclass(frozen=True, kw_only=True)
class QuizReport:
    """Distinct people and tries; `average` is the mean score in percent, None before the first try."""

    people: int
    passed: int
    tries: int
    average: float | None


def cards_for(user_id: int, moment: str) -> list[SecurityCard]:
    """The cards of a moment that this customer has not confirmed yet."""
    cards = SecurityCard.objects.filter(moment=moment, is_active=True)
    return list(cards.exclude(sights__user=user_id, sights__seen_at__isnull=False))


def quiz_questions() -> QuerySet[QuizQuestion]:
    """Those that are asked now and can be answered, with their options."""
    answerable = QuizQuestion.objects.filter(is_active=True, options__is_right=True)
    return answerable.prefetch_related("options")


def right_answers() -> dict[int, int]:
    """Question → its right option."""
    right = QuizOption.objects.filter(is_right=True, question__is_active=True)
    return dict(right.values_list("question_id", "pk"))


def has_passed_quiz(user_id: int) -> bool:
    return QuizAttempt.objects.filter(user=user_id, has_passed=True).exists()


def tries_since(user_id: int, moment: datetime) -> int:
    return QuizAttempt.objects.filter(user=user_id, tried_at__gte=moment).count()


def card_report() -> list[CardReport]:
    """Every card, in one query."""
    counted = SecurityCard.objects.annotate(
        shown=Count("sights"), seen=Count("sights", filter=Q(sights__seen_at__isnull=False))
    )
    return [CardReport(card=card, shown=card.shown, seen=card.seen) for card in counted]


def quiz_report() -> QuizReport:
    found = QuizAttempt.objects.aggregate(
        people=Count("user", distinct=True),
        passed=Count("user", distinct=True, filter=Q(has_passed=True)),
        tries=Count("pk"),
        average=Avg("score"),
    )
    return QuizReport(**found)
