"""The operators' side: a survey is built, agreed to and read; suggestions are answered; all on one page."""

import io
import re
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from feedback.models import Invitation, Suggestion, Survey, Ticket
from feedback.rules.surveys import Given, SurveyKind
from feedback.services.invitations import answer
from feedback.services.suggestions import suggest
from feedback.tests.voice import asked, invites, questions_of, survey
from wallet_project.approvals.models import Proposal
from wallet_project.audit.models import AuditEntry
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

SURVEY = {
    "title": "推荐度",
    "intro": "",
    "kind": "NPS",
    "trigger": "ORDER_PAID",
    "percent": "12.5",
    "delay_hours": "0",
    "open_days": "14",
    "follow_up_at": "6",
    "questions-TOTAL_FORMS": "2",
    "questions-INITIAL_FORMS": "0",
}
QUESTIONS = [
    {"kind": "SCALE", "text": "会推荐吗？", "low": "0", "high": "10", "is_required": "on", "options": ""},
    {"kind": "CHOICES", "text": "哪里好？", "low": "1", "high": "5", "options": "付款快\n\n 省钱 \n"},
]


@pytest.fixture
def seat(client):
    """Sit down at the desk in a role."""
    make_groups()

    def seat(role, name):
        member, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if made:
            member.groups.add(Group.objects.get(name=role))
        client.force_login(member)
        return client

    return seat


def written(questions):
    return {
        f"questions-{number}-{name}": value
        for number, question in enumerate(questions)
        for name, value in {"position": number, "low_words": "", "high_words": "", **question}.items()
    }


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def page_of(member, row):
    return text(member.get(address(row, "change")))


def address(row, name):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def act(member, name, row, **form):
    return text(member.post(address(row, name), {"_form_submitted": "true", **form}, follow=True))


def test_a_survey_is_built_agreed_to_by_another_and_then_left_alone(seat):
    operator = seat("运营", "chen")
    answer = operator.post("/admin/feedback/survey/add/", {**SURVEY, **written(QUESTIONS)}, follow=True)
    assert not (form := answer.context.get("errors")), form
    made = Survey.objects.get(title="推荐度")
    assert made.share == 1_250
    assert made.questions.last().options == ["付款快", "省钱"]
    assert "可以申请上线" in page_of(operator, made)

    assert "已提交审批" in act(operator, "propose", made, reason="季度调查")
    proposal = Proposal.objects.get()
    act(operator, "agree", proposal, reason="我自己同意")
    lead = seat("客服主管", "li")
    shown = page_of(lead, proposal)
    for words in ("12.5% 的人", "6 分及以下自动建工单", "哪里好？（多选，选答：付款快／省钱）"):
        assert words in shown
    act(lead, "agree", proposal, reason="同意上线")

    made.refresh_from_db()
    assert made.state == "LIVE"
    operator = seat("运营", "chen")
    assert operator.post(address(made, "change"), SURVEY).status_code == 403
    operator.get(address(made, "copy"))
    draft = Survey.objects.get(state="DRAFT")
    assert draft.terms == made.terms
    assert "已停用" in act(operator, "end", made, reason="换新的一份")


def test_an_incomplete_survey_is_not_proposed_and_a_changed_one_not_asked(seat):
    operator = seat("运营", "chen")
    wrong = {**SURVEY, "open_days": "91", "kind": "CSAT"}
    said = text(operator.post("/admin/feedback/survey/add/", {**wrong, **written(QUESTIONS)}))
    assert "请填 1 至 90" in said
    assert "满意度在工单解决后问" in said
    operator.post("/admin/feedback/survey/add/", {**SURVEY, **written([QUESTIONS[1], QUESTIONS[0]])})
    made = Survey.objects.get(title="推荐度")
    assert "第一题须为必答的打分题，0 至 10 分" in page_of(operator, made)
    assert "还不完整" in act(operator, "propose", made, reason="季度调查")
    assert not Proposal.objects.exists()

    made.questions.filter(kind="CHOICES").delete()
    act(operator, "propose", made, reason="季度调查")
    made.questions.update(text="会不会推荐？")
    assert "提交审批后被修改过" in act(
        seat("客服主管", "li"), "agree", Proposal.objects.get(), reason="同意上线"
    )
    assert Survey.objects.get(title="推荐度").state == "DRAFT"


def test_results_are_counted_question_by_question(seat):
    questions = [
        {"kind": "SCALE", "text": "会推荐吗？", "low": 0, "high": 10},
        {"kind": "CHOICES", "text": "哪里好？", "options": ["付款快", "省钱"]},
        {"kind": "TEXT", "text": "还有呢？", "is_required": False},
    ]
    made = survey(questions=questions)
    for score, chosen, words in ((10, (0, 1), "<b>很好</b>"), (9, (0,), "=1+1"), (3, (1,), "")):
        user = User.objects.create()
        invites(user)
        invitation = Invitation.objects.get(user=user)
        given = [Given(score=score), Given(chosen=chosen), *([Given(text=words)] if words else [])]
        answers = dict(zip(questions_of(invitation), given, strict=False))
        answer(number=invitation.number, user_id=user.pk, answers=answers)
    invites(User.objects.create())

    page = text(seat("客服主管", "li").get(address(made, "show_results")))

    found = re.sub(r"<[^>]+>| ", "", page)
    assert "已作答3（75%）" in found
    assert "净推荐值+33（±" in found
    assert "10分133%9分133%8分00%" in found
    assert "付款快267%省钱267%" in found
    assert "&lt;b&gt;很好&lt;/b&gt;" in page
    assert "<b>很好" not in page

    book = ZipFile(io.BytesIO(seat("运营", "chen").get(address(made, "download")).content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "付款快、省钱" in sheet
    assert "=1+1" in sheet
    assert "<f>" not in sheet  # what somebody wrote is never executed
    assert AuditEntry.objects.filter(action="feedback.survey.exported").count() == 1
    assert seat("客服", "wang").get(address(made, "download")).status_code in {302, 403}


def test_a_suggestion_is_answered_published_and_merged(seat):
    one, same = (suggest(user_id=User.objects.create().pk, text="导出账单") for _ in range(2))
    operator = seat("运营", "chen")

    assert "已保存" in act(operator, "make_public", one, title="按月导出账单")
    assert "只能并入" in act(operator, "merge", same, number="U-nothing")
    assert "已合并" in act(operator, "merge", same, number=one.number)
    assert "已答复" in act(operator, "move", one, state="SHIPPED", reply="已采纳，已上线")
    assert "当前状态不允许" in act(operator, "move", one, state="DECLINED", reply="不做了吧")

    one.refresh_from_db()
    assert (one.state, one.title) == ("SHIPPED", "按月导出账单")
    assert Suggestion.objects.get(pk=same.pk).merged_into == one
    agent = seat("客服", "wang")
    assert agent.post(address(one, "move"), {"_form_submitted": "true"}).status_code == 403


def test_one_page_has_the_voice_of_all(seat):
    invitation = asked(kind=SurveyKind.NPS)
    answer(
        number=invitation.number,
        user_id=invitation.user_id,
        answers={questions_of(invitation)[0]: Given(score=9)},
    )
    suggest(user_id=invitation.user_id, text="导出账单")

    page = re.sub(r"<[^>]+>| ", "", text(seat("客服", "wang").get(reverse("voice"))))

    assert "净推荐值（90天）+100（±0）" in page
    assert "作答率（30天）100%（1／1）" in page
    assert "导出账单已收到1" in page
    assert seat("财务", "zhao").get(reverse("voice")).status_code == 403


def test_whoever_calls_back_sees_what_the_customer_scored(seat, outbox):
    invitation = asked(follow_up_at=6, title="推荐度调查")
    given = {questions_of(invitation)[0]: Given(score=3)}
    answer(number=invitation.number, user_id=invitation.user_id, answers=given)
    outbox.deliver()
    call = Ticket.objects.get(channel="SURVEY")
    agent = seat("客服", "wang")

    assert address(call, "change") in text(agent.get(reverse("voice")))
    beside = re.sub(r"<[^>]+>| ", "", page_of(agent, call))
    assert "评价推荐度调查3分" in beside
    assert address(call, "change") not in page_of(agent, invitation)  # this one is about no ticket
