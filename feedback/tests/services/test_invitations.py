"""Who is asked what, how often, and what becomes of an answer."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.events import AccountClosed
from accounts.models import User, UserStatus
from coupons.rules.point_rules import EarnEvent
from coupons.tests.points import points, rule
from feedback.errors import AlreadyAnswered, AnswerRefused, InvitationEnded
from feedback.models import Answer, Invitation, Survey, Ticket, TicketMessage
from feedback.rules.surveys import QUIET, Given, SurveyKind
from feedback.rules.tickets import Priority, TicketChannel, TicketKind, TicketState, Voice
from feedback.selectors.invitations import inbox_of
from feedback.selectors.tickets import conversation_of
from feedback.services.invitations import answer, decline
from feedback.services.merging import merge_ticket
from feedback.services.tickets import move_ticket
from feedback.tests.factories import opened
from feedback.tests.voice import asked, invites, questions_of, survey
from payments.events import OrderPaid
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish

pytestmark = pytest.mark.django_db


def solved_ticket(outbox):
    ticket = opened(about="order:O1", amount=100)
    moves(outbox, ticket, TicketState.RESOLVED)
    return ticket


def moves(outbox, ticket, to):
    move_ticket(ticket_id=ticket.pk, to=to, by_id=None)
    outbox.deliver()


def says(invitation, *given):
    """So many answers, in the order of the questions; None: not this one."""
    answers = dict(zip(questions_of(invitation), given, strict=False))
    return answer(
        number=invitation.number,
        user_id=invitation.user_id,
        answers={question: each for question, each in answers.items() if each is not None},
    )


def score_of(invitation):
    invitation.refresh_from_db()
    return invitation.score


def test_what_happens_invites_whoever_is_in_the_sample_to_what_is_asked(outbox):
    user = User.objects.create()
    everybody = survey()
    survey(kind=SurveyKind.FORM, share=1)  # hardly anybody
    survey(kind=SurveyKind.FORM, trigger="REGISTERED")
    survey(kind=SurveyKind.FORM, state=AgreedState.RETIRED)

    paid = OrderPaid(order_no="O1", payer_id=user.pk, amount=1, discount=0, from_balance=1, from_channel=0)
    with transaction.atomic():
        publish(paid)
    outbox.deliver()

    made = Invitation.objects.get(user=user)
    assert (made.survey, made.about) == (everybody, "order:O1")
    assert list(inbox_of(user.pk, at=clock.now())) == [made]


def test_nobody_is_asked_whether_they_recommend_us_twice_in_ninety_days_by_whatever_survey():
    user = User.objects.create()
    survey()
    invites(user)
    first = Invitation.objects.get(user=user)

    survey()  # another one about the same
    invites(user, about="order:O2")
    assert Invitation.objects.get(user=user) == first

    Invitation.objects.filter(pk=first.pk).update(
        invited_at=first.invited_at - QUIET, quiet_until=first.quiet_until - QUIET
    )
    invites(user)
    assert Invitation.objects.filter(user=user).count() == 2


def test_an_invitation_opens_later_and_closes_in_time():
    invitation = asked(delay_hours=2, open_days=3)
    opens, closes = invitation.opens_at, invitation.expires_at

    assert closes - opens == timedelta(days=3)
    for at, is_shown in (
        (opens - timedelta(seconds=1), False),
        (opens, True),
        (closes - timedelta(seconds=1), True),
        (closes, False),
    ):
        assert list(inbox_of(invitation.user_id, at=at)) == ([invitation] if is_shown else [])
    with pytest.raises(NotFound):
        says(invitation, Given(score=9))


def test_one_tap_answers_and_words_may_follow_but_nothing_changes():
    invitation = asked()

    says(invitation, Given(score=9))
    says(invitation, Given(score=9))
    says(invitation, None, Given(text="很快"))
    with pytest.raises(AlreadyAnswered):
        says(invitation, Given(score=1))
    with pytest.raises(AlreadyAnswered):
        says(invitation, None, Given(text="很慢"))

    assert score_of(invitation) == 9
    assert [each.in_words for each in Answer.objects.filter(invitation=invitation)] == ["9 分", "很快"]
    assert list(inbox_of(invitation.user_id, at=clock.now())) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([Given(score=11)], "OUT_OF_SCALE"),
        ([Given(text="好")], "WRONG_KIND"),
        ([None, Given(text="好")], "MISSING"),
        ([Given(score=9), Given(score=1)], "WRONG_KIND"),
    ],
)
def test_what_does_not_fit_is_refused_whole(given, reason):
    invitation = asked()

    with pytest.raises(AnswerRefused) as refused:
        says(invitation, *given)

    assert refused.value.detail["reason"] == reason
    assert not Answer.objects.filter(invitation=invitation).exists()
    assert score_of(invitation) is None


def test_another_surveys_question_another_customers_invitation_and_a_closed_one_are_no_place_to_answer():
    invitation, other = asked(), asked(kind=SurveyKind.FORM)
    question = questions_of(other)[0]

    with pytest.raises(AnswerRefused) as refused:
        answer(number=invitation.number, user_id=invitation.user_id, answers={question: Given(chosen=(0,))})
    assert refused.value.detail["reason"] == "UNKNOWN_QUESTION"
    with pytest.raises(NotFound):
        answer(number=invitation.number, user_id=other.user_id, answers={question: Given(chosen=(0,))})
    decline(number=other.number, user_id=other.user_id)
    decline(number=other.number, user_id=other.user_id)
    with pytest.raises(InvitationEnded):
        says(other, Given(chosen=(0,)))
    Invitation.objects.filter(pk=invitation.pk).update(
        opens_at=invitation.invited_at, expires_at=invitation.invited_at + timedelta(microseconds=1)
    )
    with pytest.raises(InvitationEnded):
        says(invitation, Given(score=9))

    assert not Answer.objects.exists()
    assert other not in inbox_of(other.user_id, at=clock.now())


def test_an_answered_survey_earns_points_once(outbox):
    rule(EarnEvent.SURVEY_ANSWERED, points=10)
    invitation = asked()

    says(invitation, Given(score=9))
    outbox.deliver()
    says(invitation, None, Given(text="很快"))
    outbox.deliver()

    assert points(invitation.user) == (0, 10, 0, 0)


def test_a_solved_ticket_is_rated_once_and_not_while_it_is_open_again(outbox):
    ticket = solved_ticket(outbox)
    first = Invitation.objects.get(ticket=ticket)
    assert (first.about, first.user_id) == (f"ticket:{ticket.number}", ticket.user_id)

    moves(outbox, ticket, TicketState.OPEN)
    assert not Invitation.objects.filter(ticket=ticket).exists()
    moves(outbox, ticket, TicketState.RESOLVED)
    moves(outbox, ticket, TicketState.CLOSED)

    says(Invitation.objects.get(ticket=ticket), Given(score=5))
    outbox.deliver()
    assert Ticket.objects.get() == ticket  # nobody is called back for being content


def test_a_bad_rating_is_called_back_by_a_ticket_that_says_it_all_and_is_not_rated_itself(outbox):
    ticket = solved_ticket(outbox)
    invitation = Invitation.objects.get(ticket=ticket)

    says(invitation, Given(score=2))
    outbox.deliver()
    says(invitation, None, Given(text="还是没到账"))
    outbox.deliver()

    call = Ticket.objects.get(channel=TicketChannel.SURVEY)
    assert (call.follows, call.user, call.kind) == (ticket, ticket.user, TicketKind.REFUND)
    assert (call.about, call.amount, call.priority) == ("order:O1", 100, Priority.HIGH)
    said = TicketMessage.objects.filter(ticket=call, voice=Voice.CUSTOMER).order_by("pk")
    assert [each.body for each in said] == [
        "您对这次服务满意吗？\n2 分",
        "想对我们说些什么？\n还是没到账",
    ]

    moves(outbox, call, TicketState.RESOLVED)
    assert not Invitation.objects.filter(ticket=call).exists()


def test_what_is_added_when_all_is_over_is_noted_where_it_went_on(outbox):
    ticket = solved_ticket(outbox)
    invitation = Invitation.objects.get(ticket=ticket)
    says(invitation, Given(score=2))
    outbox.deliver()
    call = Ticket.objects.get(channel=TicketChannel.SURVEY)
    into = opened(user_id=ticket.user_id)
    merge_ticket(ticket_id=call.pk, into_id=into.pk, by_id=ticket.user_id)
    moves(outbox, into, TicketState.CLOSED)

    says(invitation, None, Given(text="还是没到账"))
    outbox.deliver()

    assert conversation_of(into.pk).get(voice=Voice.NOTE).body.endswith("还是没到账")


def test_without_a_line_a_low_score_is_only_counted(outbox):
    invitation = asked(follow_up_at=None)

    says(invitation, Given(score=0))
    outbox.deliver()

    assert score_of(invitation) == 0
    assert not Ticket.objects.exists()


def test_satisfaction_is_asked_from_the_first_day():
    first = Survey.objects.get(kind=SurveyKind.CSAT, state=AgreedState.LIVE)

    assert first.faults == []
    assert first.follow_up_at == 2


def test_whoever_leaves_is_asked_nothing_any_more_not_even_about_the_ticket_that_leaving_closed(outbox):
    ticket, invitation = opened(), asked()
    answered = asked()
    says(answered, Given(score=9))
    for user in (ticket.user, invitation.user, answered.user):
        User.objects.filter(pk=user.pk).update(status=UserStatus.CLOSED)
        with transaction.atomic():
            publish(AccountClosed(user_id=user.pk))
    outbox.deliver()

    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED
    assert list(Invitation.objects.all()) == [answered]
