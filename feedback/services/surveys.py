"""Surveys are written by one, and asked when two agree (approvals.going_live)."""

from django.db import transaction

from feedback.errors import SurveyIncomplete
from feedback.models import Survey, SurveyQuestion
from wallet_project.approvals.going_live import propose_going_live


def propose_survey(*, survey: Survey, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a draft be asked.

    :raises StateConflict: it is not a draft
    :raises SurveyIncomplete: it cannot be asked as it is
    :raises AlreadyProposed: somebody has asked already
    """
    if survey.faults:
        raise SurveyIncomplete
    propose_going_live(row=survey, foreseen={}, reason=reason, maker_id=maker_id)


def copy_survey(*, survey_id: int) -> Survey:
    """A draft with the same questions: what was asked is changed by asking anew."""
    with transaction.atomic():
        source = Survey.objects.get(pk=survey_id)
        columns = {name: value for name, value in source.terms.items() if name != "questions"}
        draft = Survey.objects.create(**columns)
        SurveyQuestion.objects.bulk_create(
            SurveyQuestion(survey=draft, position=question.position, **question.terms)
            for question in source.questions.all()
        )
    return draft
