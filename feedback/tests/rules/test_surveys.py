"""Who is asked, which answers fit, and what a draft lacks."""

import pytest

from feedback.rules.surveys import (
    Given,
    Misfit,
    Question,
    QuestionKind,
    SurveyKind,
    faults_of,
    is_sampled,
    misfit_of,
    theme_of,
)

SCALE = Question(kind=QuestionKind.SCALE, low=1, high=5)
CHOICE = Question(kind=QuestionKind.CHOICE, options=("慢", "贵"))
CHOICES = Question(kind=QuestionKind.CHOICES, options=("慢", "贵", "不懂"))
TEXT = Question(kind=QuestionKind.TEXT)


def test_a_tenth_of_the_people_is_a_tenth_and_always_the_same():
    people = range(20_000)
    chosen = {one for one in people if is_sampled("survey:1", one, share=1_000)}

    assert abs(len(chosen) - 2_000) < 130  # three standard deviations
    assert chosen == {one for one in people if is_sampled("survey:1", one, share=1_000)}
    assert chosen < {one for one in people if is_sampled("survey:1", one, share=5_000)}
    both = {one for one in chosen if is_sampled("survey:2", one, share=1_000)}
    assert abs(len(both) - 200) < 45  # another survey asks others
    assert all(is_sampled("survey:1", one, share=10_000) for one in people)


def test_a_matter_recommending_and_a_questionnaire_are_themes_of_their_own():
    about = {"survey_id": 7, "about": "ticket:N1"}

    assert theme_of(SurveyKind.CSAT, **about) == "ticket:N1"
    assert theme_of(SurveyKind.NPS, **about) == "nps"
    assert theme_of(SurveyKind.FORM, **about) == "survey:7"


@pytest.mark.parametrize(
    ("question", "given", "misfit"),
    [
        (SCALE, Given(score=5), None),
        (SCALE, Given(score=0), Misfit.OUT_OF_SCALE),
        (SCALE, Given(score=6), Misfit.OUT_OF_SCALE),
        (SCALE, Given(text="好"), Misfit.WRONG_KIND),
        (SCALE, Given(score=5, text="好"), Misfit.WRONG_KIND),
        (SCALE, Given(), Misfit.WRONG_KIND),
        (CHOICE, Given(chosen=(1,)), None),
        (CHOICE, Given(chosen=(0, 1)), Misfit.ONE_ONLY),
        (CHOICE, Given(chosen=(2,)), Misfit.UNKNOWN_OPTION),
        (CHOICE, Given(score=1), Misfit.WRONG_KIND),
        (CHOICES, Given(chosen=(0, 2)), None),
        (CHOICES, Given(chosen=(0, 0)), Misfit.UNKNOWN_OPTION),
        (CHOICES, Given(chosen=(-1,)), Misfit.UNKNOWN_OPTION),
        (TEXT, Given(text="好"), None),
        (TEXT, Given(chosen=(0,)), Misfit.WRONG_KIND),
    ],
)
def test_an_answer_fits_its_question_or_says_why_not(question, given, misfit):
    assert misfit_of(question, given) == misfit


@pytest.mark.parametrize(
    ("kind", "questions", "fault"),
    [
        (SurveyKind.CSAT, [SCALE, TEXT], None),
        (SurveyKind.NPS, [Question(kind=QuestionKind.SCALE, low=0, high=10)], None),
        (SurveyKind.FORM, [CHOICE, CHOICES, TEXT, SCALE], None),
        (SurveyKind.FORM, [], "还没有题目"),
        (SurveyKind.NPS, [SCALE], "第一题须为必答的打分题，0 至 10 分"),
        (SurveyKind.CSAT, [TEXT, SCALE], "第一题须为必答的打分题，1 至 5 分"),
        (
            SurveyKind.CSAT,
            [Question(kind=QuestionKind.SCALE, low=1, high=5, is_required=False)],
            "第一题须为必答的打分题",
        ),
        (SurveyKind.FORM, [Question(kind=QuestionKind.CHOICE, options=("慢",))], "至少要有两个不同的选项"),
        (SurveyKind.FORM, [Question(kind=QuestionKind.CHOICES, options=("慢", "慢"))], "至少要有两个不同"),
        (SurveyKind.FORM, [TEXT, Question(kind=QuestionKind.TEXT, options=("慢",))], "第 2 题不是选择题"),
        (SurveyKind.FORM, [Question(kind=QuestionKind.SCALE, low=5, high=5)], "最低分小于最高分"),
        (SurveyKind.FORM, [Question(kind=QuestionKind.SCALE, low=0, high=11)], "0 至 10 之间"),
    ],
)
def test_a_draft_says_what_it_lacks(kind, questions, fault):
    found = "；".join(faults_of(kind, questions))

    assert found == "" if fault is None else fault in found
