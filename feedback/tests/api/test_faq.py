"""Help is there for everybody; whether it helped, somebody says."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.models import Article, ArticleVersion, ArticleVote, Consultation
from feedback.services.faq import draft_next
from wallet_project.approvals.models import Proposal
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db

ARTICLES = "/api/v1/faq/articles"


@pytest.fixture
def mine(client_of):
    return client_of(logged_in())


def test_help_is_there_for_whoever_cannot_log_in_and_drafts_are_not(django_assert_num_queries):
    topic = Article.objects.get(slug="withdraw").topic
    draft = Article.objects.create(slug="draft", topic=topic)
    ArticleVersion.objects.create(article=draft, title="草稿", body="还没写完")
    anybody = APIClient()

    topics = anybody.get("/api/v1/faq/topics").json()["items"]
    with django_assert_num_queries(1):  # articles with their topics
        listed = anybody.get(ARTICLES).json()["items"]
    security = anybody.get(f"{ARTICLES}?topic=security").json()["items"]
    [guide] = anybody.get(f"{ARTICLES}?feature=withdraw").json()["items"]
    found = anybody.get(f"{ARTICLES}?text=怎么取现").json()["items"]
    article = anybody.get(f"{ARTICLES}/close-account").json()

    assert sum(topic["count"] for topic in topics) == len(listed) == 20
    assert {item["topic_name"] for item in security} == {"安全"}
    assert guide["slug"] == found[0]["slug"] == "withdraw"
    assert "冷静期" in article["body"]
    assert article["helpful"] == 0
    assert_error(anybody.get(f"{ARTICLES}/draft"), 404, "NOT_FOUND")
    assert_error(anybody.get(f"{ARTICLES}?feature=anything"), 400, "INVALID_INPUT")
    assert_error(anybody.put(f"{ARTICLES}/withdraw/vote"), 401, "NOT_AUTHENTICATED")


def test_somebody_asks_reads_and_says_whether_it_helped(mine, client_of):
    asked = mine.post(
        "/api/v1/faq/consultations", {"question": "提现没到账\n急", "kind": "WITHDRAWAL"}, format="json"
    )
    outcome = f"/api/v1/faq/consultations/{asked.json()['id']}/outcome"
    said = {"is_solved": True, "slug": "withdraw"}

    assert (asked.status_code, asked.json()["items"][0]["slug"]) == (201, "withdraw")
    assert_error(client_of(logged_in()).put(outcome, said, format="json"), 404, "NOT_FOUND")
    assert_error(mine.put(outcome, {**said, "slug": "nothing"}, format="json"), 404, "NOT_FOUND")
    assert Consultation.objects.get().outcome == "ASKED"
    assert mine.put(outcome, said, format="json").status_code == 204
    assert Consultation.objects.get().outcome == "SOLVED"

    voted = mine.put(f"{ARTICLES}/withdraw/vote", {"is_helpful": True}, format="json")
    assert voted.status_code == 204
    assert mine.get(f"{ARTICLES}/withdraw").json()["helpful"] == 1
    assert_error(
        mine.put(f"{ARTICLES}/withdraw/vote", {"is_helpful": 1}, format="json"), 400, "INVALID_INPUT"
    )
    assert ArticleVote.objects.count() == 1


def test_staff_read_what_was_asked_as_it_was_written_and_never_as_a_page(client, mine):
    mine.post(
        "/api/v1/faq/consultations",
        {"question": "<script>alert(1)</script><b>鸢尾花</b>"},
        format="json",
    )
    client.force_login(User.objects.create_superuser("lead"))

    report = client.get("/admin/feedback/article/report/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report
    assert "<script>alert(1)" not in report
    assert "没有答好的问题" in report


def test_a_checker_reads_what_is_in_force_beside_what_is_proposed(client):
    article = Article.objects.get(slug="withdraw")
    draft = draft_next(article.pk)
    ArticleVersion.objects.filter(pk=draft.pk).update(body="第一行\n<b>第二行</b>")
    client.force_login(User.objects.create_superuser("writer"))

    page = client.get(reverse("admin:feedback_articleversion_change", args=[draft.pk])).content.decode()
    client.post(
        reverse("admin:feedback_articleversion_propose", args=[draft.pk]),
        {"_form_submitted": "True", "reason": "写得更清楚"},
        headers={"HX-Request": "true"},
    )
    proposal = Proposal.objects.get(kind="feedback.articleversion")
    client.force_login(User.objects.create_superuser("checker"))
    asked = client.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()

    for read in (page, asked):
        assert '<div class="in-lines">第一行\n&lt;b&gt;第二行&lt;/b&gt;</div>' in read
        assert "现行正文" in read
        assert "提现优先退回充值时使用的微信支付账户" in read
