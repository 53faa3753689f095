"""What came of a survey, question by question."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Func, Q

from feedback.models import Answer, Invitation, Survey, SurveyQuestion

WORDS = 50  # the newest; all are with their answers


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """Of those who were asked, how many answered, and how many said no."""

    asked: int
    answered: int
    declined: int


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """`counts`: score or position of an option → how often; `words` are the newest texts."""

    question: SurveyQuestion
    answers: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    words: list[Answer] = field(default_factory=list)


def turnout_of(survey_ids: Iterable[int]) -> dict[int, Turnout]:
    """Of these surveys, in one query; one that nobody was asked is missing."""
    rows = Invitation.objects.filter(survey__in=survey_ids).values_list("survey")
    counted = rows.annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        declined=Count("pk", filter=Q(declined_at__isnull=False)),
    )
    return {
        survey: Turnout(asked=asked, answered=answered, declined=declined)
        for survey, asked, answered, declined in counted
    }


def results_of(survey: Survey) -> list[QuestionResult]:
    """In the order of the questions."""
    given = Answer.objects.filter(question__survey=survey)
    answers = dict(given.values_list("question").annotate(count=Count("pk")))
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    option = Func(F("chosen"), function="unnest")
    for rows in (
        given.filter(score__isnull=False).values_list("question", "score"),
        given.annotate(option=option).values_list("question", "option"),
    ):
        for question, value, count in rows.annotate(count=Count("pk")):
            counts[question][value] = count
    return [
        QuestionResult(
            question=question,
            answers=answers.get(question.pk, 0),
            counts=counts[question.pk],
            words=list(
                given.filter(question=question)
                .exclude(text="")
                .select_related("invitation")
                .order_by("-pk")[:WORDS]
            ),
        )
        for question in survey.questions.all()
    ]


def answers_by_invitation(survey: Survey) -> Iterator[Answer]:
    """All of them, those of one customer together; read piece by piece."""
    given = Answer.objects.filter(question__survey=survey).select_related("question")
    return given.order_by("invitation", "question").iterator(chunk_size=2_000)
