"""Two things happen to one customer at the same moment; two fingers tap on one survey."""

from collections import Counter

import pytest
from django.db import OperationalError

from accounts.models import User
from feedback.errors import AlreadyAnswered
from feedback.models import Answer, Invitation
from feedback.rules.surveys import Given
from feedback.services.invitations import answer
from feedback.tests.voice import asked, invites, questions_of, survey
from wallet_project.approvals.going_live import retire

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def two_surveys():
    """Rows stay behind in this database, so what is asked is ended again."""
    made = [survey(), survey()]
    yield made
    for each in made:
        retire(row=each, reason="演练结束")


def test_ten_orders_paid_at_one_moment_ask_once(in_parallel, two_surveys):
    user = User.objects.create()

    answers = in_parallel(
        [lambda order=order: invites(user, about=f"order:{order}") for order in range(10)], threads=10
    )

    # A deadlock that the database breaks is an event that is handed over again.
    assert all(each is None or isinstance(each, OperationalError) for each in answers)
    assert Invitation.objects.filter(user=user, theme="nps").count() == 1


def test_of_two_fingers_on_one_scale_one_counts(in_parallel):
    invitation = asked()
    retire(row=invitation.survey, reason="演练结束")
    question = questions_of(invitation)[0]

    answers = in_parallel(
        [
            lambda score=score: answer(
                number=invitation.number, user_id=invitation.user_id, answers={question: Given(score=score)}
            )
            for score in (0, 10) * 5
        ],
        threads=10,
    )

    outcomes = Counter(type(each) for each in answers)
    assert outcomes == {Invitation: 5, AlreadyAnswered: 5}
    invitation.refresh_from_db()
    assert Answer.objects.get(invitation=invitation).score == invitation.score
