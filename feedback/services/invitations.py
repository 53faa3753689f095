"""Who is asked, and what they answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import UserStatus
from feedback.errors import AlreadyAnswered, AnswerRefused, InvitationEnded
from feedback.events import SurveyAnswered, SurveyInvited
from feedback.models import Answer, Invitation, Survey, SurveyQuestion, Ticket
from feedback.models.invitations import ASKED_BEFORE
from feedback.rules.surveys import QUIET, SCALES, Given, Misfit, Trigger, is_sampled, misfit_of, theme_of
from feedback.rules.tickets import TicketChannel
from feedback.selectors.invitations import invitation_of
from feedback.selectors.surveys import surveys_asked
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.serials import new_serial


def invite(*, trigger: Trigger, user_id: int, about: str = "", ticket_id: int | None = None) -> None:
    """
    Somebody is asked the surveys that begin with this, if they are in the sample and have not been asked
    about the same for a while.

    Must be called in a transaction; does nothing the second time.
    """
    require_transaction()
    now = clock.now()
    for survey in surveys_asked(trigger):
        if is_sampled(f"survey:{survey.pk}", user_id, share=survey.share):
            _invite(survey, user_id=user_id, about=about, ticket_id=ticket_id, now=now)


def invite_about_ticket(*, ticket_id: int) -> None:
    """
    Its customer, if they are still there, is asked how we helped. Not about a ticket by which we call back:
    whoever is asked whether they liked being asked is asked for ever.

    Must be called in a transaction; does nothing the second time.
    """
    ticket = Ticket.objects.select_related("user").get(pk=ticket_id)
    customer = ticket.user
    if customer is None or customer.status == UserStatus.CLOSED or ticket.channel == TicketChannel.SURVEY:
        return
    invite(
        trigger=Trigger.TICKET_SOLVED,
        user_id=customer.pk,
        about=f"ticket:{ticket.number}",
        ticket_id=ticket.pk,
    )


def withdraw_about_ticket(*, ticket_id: int) -> None:
    """It is not solved after all; who has not answered is asked when it is."""
    Invitation.objects.filter(ticket=ticket_id, answered_at=None, declined_at=None).delete()


@retry_conflicts
def answer(*, number: str, user_id: int, answers: Mapping[int, Given]) -> Invitation:
    """
    A customer's answers, question → what they say: at first all that are required, later what they add.
    An answer given twice is given once.

    :raises NotFound: no such invitation of theirs
    :raises InvitationEnded: its time is over, or they declined
    :raises AnswerRefused: one does not fit its question, or a required one is missing
    :raises AlreadyAnswered: they said something else before
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        invitation = _lock(number, user_id=user_id, now=now)
        if invitation.declined_at or invitation.expires_at <= now:
            raise InvitationEnded
        questions = {question.pk: question for question in invitation.survey.questions.all()}
        _require_fit(questions, answers)
        before = {each.question_id: _as_given(each) for each in invitation.answers.all()}
        added = _new_ones(answers, before)
        _require_all(questions, {*before, *added})
        if added:
            _keep(invitation, added, now=now)
    return invitation_of(user_id, number, at=now)


def decline(*, number: str, user_id: int) -> None:
    """
    Not now, and not again for a while. Declining twice is declining; what was answered stays.

    :raises NotFound: no such invitation of theirs
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        invitation = _lock(number, user_id=user_id, now=now)
        if not invitation.answered_at and not invitation.declined_at:
            invitation.declined_at = now
            invitation.save(update_fields=["declined_at"])


def _invite(survey: Survey, *, user_id: int, about: str, ticket_id: int | None, now: datetime) -> None:
    opens_at = now + timedelta(hours=survey.delay_hours)
    invitation = Invitation(
        number=new_serial("I", now),
        survey=survey,
        user_id=user_id,
        theme=theme_of(survey.kind, survey_id=survey.pk, about=about),
        about=about,
        ticket_id=ticket_id,
        invited_at=now,
        opens_at=opens_at,
        expires_at=opens_at + timedelta(days=survey.open_days),
        quiet_until=now + QUIET,
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:
        if ASKED_BEFORE not in str(error):
            raise
        return
    publish(
        SurveyInvited(
            invitation_id=invitation.pk,
            survey_id=survey.pk,
            user_id=user_id,
            opens_at=clock.iso(opens_at),
        )
    )


def _lock(number: str, *, user_id: int, now: datetime) -> Invitation:
    """As it is now, held; two taps on one screen come one after the other."""
    Invitation.objects.select_for_update(no_key=True).filter(number=number, user=user_id).first()
    return invitation_of(user_id, number, at=now)


def _require_fit(questions: Mapping[int, SurveyQuestion], answers: Mapping[int, Given]) -> None:
    for question_id, given in answers.items():
        if question_id not in questions:
            raise AnswerRefused(question=question_id, reason=Misfit.UNKNOWN_QUESTION)
        if misfit := misfit_of(questions[question_id].asked, given):
            raise AnswerRefused(question=question_id, reason=misfit)


def _require_all(questions: Mapping[int, SurveyQuestion], answered: set[int]) -> None:
    for question_id, question in questions.items():
        if question.is_required and question_id not in answered:
            raise AnswerRefused(question=question_id, reason=Misfit.MISSING)


def _new_ones(answers: Mapping[int, Given], before: Mapping[int, Given]) -> dict[int, Given]:
    for question_id, given in answers.items():
        if before.get(question_id, given) != given:
            raise AlreadyAnswered(question=question_id)
    return {question_id: given for question_id, given in answers.items() if question_id not in before}


def _keep(invitation: Invitation, added: Mapping[int, Given], *, now: datetime) -> None:
    Answer.objects.bulk_create(
        Answer(
            invitation=invitation,
            question_id=question_id,
            score=given.score,
            chosen=list(given.chosen),
            text=given.text,
            at=now,
        )
        for question_id, given in added.items()
    )
    if not invitation.answered_at:
        invitation.answered_at = now
        if invitation.survey.kind in SCALES:
            first = invitation.survey.questions.all()[0]
            invitation.score = added[first.pk].score
        invitation.save(update_fields=["answered_at", "score"])
    publish(
        SurveyAnswered(
            invitation_id=invitation.pk, survey_id=invitation.survey_id, user_id=invitation.user_id
        )
    )


def _as_given(answer: Answer) -> Given:
    return Given(score=answer.score, chosen=tuple(answer.chosen), text=answer.text)
