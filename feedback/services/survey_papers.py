"""A survey's answers as a workbook: one row for each customer, and nothing that says who they are."""

import io
from collections.abc import Iterator
from itertools import groupby

from django.conf import settings

from feedback.models import Survey
from feedback.selectors.survey_results import answers_by_invitation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.documents.workbook import Cell, Workbook


def paper_of(survey: Survey) -> bytes:
    """As XLSX; that it was taken is in the audit trail."""
    record_audit(
        action="feedback.survey.exported",
        subject=f"feedback.survey:{survey.pk}",
        facts={"what": survey.title},
    )
    questions = list(survey.questions.all())
    out = io.BytesIO()
    with Workbook(out, title=survey.title, issuer=settings.DOCUMENT_ISSUER, made_at=clock.now()) as book:
        book.sheet("答卷", widths=[20, *(24 for _ in questions)])
        book.head(["作答时间", *(question.text for question in questions)])
        book.rows(_rows(survey, [question.pk for question in questions]))
    return out.getvalue()


def _rows(survey: Survey, question_ids: list[int]) -> Iterator[tuple[Cell, ...]]:
    answers = answers_by_invitation(survey)
    for _invitation, given in groupby(answers, key=lambda answer: answer.invitation_id):
        row = {answer.question_id: answer for answer in given}
        at = clock.in_words(min(answer.at for answer in row.values()))
        yield at, *(row[pk].cell if pk in row else None for pk in question_ids)
