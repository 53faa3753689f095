"""Security cards and the quiz."""

import pytest

from accounts.models import CardSight, OnboardingProgress, QuizAttempt, QuizQuestion
from accounts.selectors.education import card_report, quiz_report
from accounts.tests.factories import logged_in
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return logged_in()


@pytest.fixture
def client(client_of, person):
    return client_of(person)


def answer(client, *, right: int, of: int = 5):
    """Answer so many questions rightly and the others wrongly."""
    answers = [
        {"question": question.pk, "option": question.options.get(is_right=True).pk}
        if number < right
        else {"question": question.pk, "option": question.options.filter(is_right=False)[0].pk}
        for number, question in enumerate(QuizQuestion.objects.all()[:of])
    ]
    return client.post("/api/v1/me/quiz", {"answers": answers}, format="json")


def test_a_card_comes_until_it_is_confirmed_and_both_are_counted(client, person):
    first = client.get("/api/v1/me/security-cards?moment=pin_set").json()["items"]
    again = client.get("/api/v1/me/security-cards?moment=pin_set").json()["items"]

    confirmed = [client.post("/api/v1/me/security-cards/pin-is-yours/seen") for _ in range(2)]

    assert [card["key"] for card in first] == [card["key"] for card in again] == ["pin-is-yours"]
    assert [each.status_code for each in confirmed] == [204, 204]
    assert client.get("/api/v1/me/security-cards?moment=pin_set").json() == {"items": []}
    sight = CardSight.objects.get(user=person.user)
    assert sight.seen_at
    [counted] = [row for row in card_report() if row.card.key == "pin-is-yours"]
    assert (counted.shown, counted.seen) == (1, 1)


def test_a_card_nobody_wrote_is_not_found_and_an_unknown_moment_is_refused(client):
    assert_error(client.post("/api/v1/me/security-cards/nothing/seen"), 404, "NOT_FOUND")
    assert_error(client.get("/api/v1/me/security-cards?moment=whenever"), 400, "INVALID_INPUT")


def test_the_quiz_shows_five_questions_and_no_answers(client, django_assert_num_queries):
    # 1 session, 1 questions, 1 options, 1 passed before
    with django_assert_num_queries(4):
        quiz = client.get("/api/v1/me/quiz").json()

    assert len(quiz["questions"]) == 5
    assert (quiz["passes_at"], quiz["has_passed"]) == (80, False)
    assert "is_right" not in str(quiz)
    assert all(len(question["options"]) == 3 for question in quiz["questions"])


def test_four_of_five_pass_and_the_wrong_one_is_explained(client, person):
    result = answer(client, right=4).json()

    assert (result["score"], result["has_passed"]) == (80, True)
    [missed] = [each for each in result["marked"] if not each["is_right"]]
    assert missed["explanation"]
    assert QuizQuestion.objects.get(pk=missed["question"]).options.get(pk=missed["right_option"]).is_right
    assert OnboardingProgress.objects.get(user=person.user).step.key == "quiz"


@pytest.mark.parametrize(("right", "of", "score"), [(3, 5, 60), (3, 3, 60), (0, 5, 0)])
def test_what_is_not_answered_is_wrong(client, person, right, of, score):
    result = answer(client, right=right, of=of).json()

    assert (result["score"], result["has_passed"]) == (score, False)
    assert not OnboardingProgress.objects.filter(user=person.user).exists()


def test_passing_counts_once_and_practice_is_free(client, person):
    answer(client, right=5)
    results = [answer(client, right=0).status_code for _ in range(7)]

    assert set(results) == {200}
    assert QuizAttempt.objects.filter(user=person.user).count() == 1
    assert client.get("/api/v1/me/quiz").json()["has_passed"] is True
    report = quiz_report()
    assert (report.people, report.passed, report.average) == (1, 1, 100)


def test_five_tries_a_day_and_no_more(client, person):
    for _ in range(5):
        assert answer(client, right=1).status_code == 200

    detail = assert_error(answer(client, right=5), 429, "QUIZ_TRIED_TOO_OFTEN")

    assert detail == {"tries": 5}
    assert QuizAttempt.objects.filter(user=person.user, has_passed=True).count() == 0


def test_a_question_answered_twice_is_refused(client):
    question = QuizQuestion.objects.first()
    twice = [{"question": question.pk, "option": option.pk} for option in question.options.all()[:2]]

    refused = client.post("/api/v1/me/quiz", {"answers": twice}, format="json")

    assert_error(refused, 400, "INVALID_INPUT")
    assert not QuizAttempt.objects.exists()
