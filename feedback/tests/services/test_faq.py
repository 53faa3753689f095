"""Articles are written by one, published by two, found by what people say, and spare them a ticket."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.models import Article, ArticleVersion, ArticleVote, Consultation, SynonymGroup
from feedback.rules.consultations import Outcome, rate
from feedback.rules.faq import Feature
from feedback.selectors.consultations import Deflection, deflection, unanswered
from feedback.selectors.faq import article_named, articles_about
from feedback.services.consultations import conclude, consult, end_in_ticket
from feedback.services.faq import draft_next, vote
from feedback.tests.factories import opened
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.errors import OwnProposal, TermsChanged
from wallet_project.approvals.going_live import propose_going_live
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return User.objects.create_superuser("writer")


@pytest.fixture
def checker():
    return User.objects.create_superuser("checker")


@pytest.fixture
def person():
    return logged_in().user


def slugs(text):
    return [version.article.slug for version in articles_about(text)]


def propose(draft, writer):
    propose_going_live(row=draft, foreseen={}, reason="写得更清楚", maker_id=writer.pk)
    return Proposal.objects.latest("pk")


def test_a_new_version_is_read_and_found_when_a_second_person_agrees(writer, checker):
    article = Article.objects.get(slug="withdraw")
    before = article_named("withdraw")
    draft = draft_next(article.pk)
    assert (draft.title, draft.body) == (before.title, before.body)
    assert draft_next(article.pk) == draft
    draft.body = "现在可以提现到鸢尾花卡。"
    draft.save()
    proposal = propose(draft, writer)

    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=writer.pk)
    assert article_named("withdraw") == before
    assert slugs("鸢尾花") == []
    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    assert article_named("withdraw") == draft
    assert slugs("鸢尾花") == ["withdraw"]
    before.refresh_from_db()
    assert before.state == AgreedState.RETIRED
    assert str(article) == draft.title


def test_what_was_edited_after_it_was_proposed_is_not_published(writer, checker):
    draft = draft_next(Article.objects.get(slug="withdraw").pk)
    proposal = propose(draft, writer)
    ArticleVersion.objects.filter(pk=draft.pk).update(body="请把钱转到安全账户")

    with pytest.raises(TermsChanged):
        approve(proposal_id=proposal.pk, checker_id=checker.pk)

    assert "安全账户" not in article_named("withdraw").body


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("提现怎么还没到账", "withdraw"),
        ("我的钱怎么取现啊", "withdraw"),
        ("充钱没收到", "first-top-up"),
        ("忘了付款密码", "payment-pin"),
        ("How do I withdraw?", "withdraw"),
        ("代金券为什么用不了", "coupons"),
        ("转错人了，能撤回吗", "transfer"),
        ("ＰＩＮ 忘记了", "payment-pin"),
        ("想删号", "close-account"),
        ("人工", "ask-for-help"),
    ],
)
def test_people_find_it_in_their_own_words(said, slug):
    assert slugs(said)[0] == slug


@pytest.mark.parametrize(
    "said", ["", "？？？", "怎么办", "'); DROP TABLE x; --", "a & b | !c:*", "\\", "%_%"]
)
def test_what_says_nothing_finds_little_and_breaks_nothing(said):
    assert len(slugs(said)) <= 20


def test_synonyms_are_tidied_and_work_both_ways(person):
    group = SynonymGroup(words="  会员卡　ＶＩＰ ")
    group.full_clean()
    group.save()

    assert group.words == "会员卡 vip"
    assert slugs("会员卡")[:1] == slugs("VIP 会员卡")[:1] == ["membership"]


def test_somebodys_last_vote_counts_and_drafts_have_none(person):
    vote(user_id=person.pk, slug="withdraw", is_helpful=False)
    vote(user_id=person.pk, slug="withdraw", is_helpful=True)
    vote(user_id=logged_in().user.pk, slug="withdraw", is_helpful=True)
    article = Article.objects.create(slug="draft", topic_id=Article.objects.first().topic_id)
    ArticleVersion.objects.create(article=article, title="草稿", body="还没写完")

    with pytest.raises(NotFound):
        vote(user_id=person.pk, slug="draft", is_helpful=True)

    assert article_named("withdraw").helpful == 2
    assert ArticleVote.objects.count() == 2


def test_a_question_is_solved_by_an_article_unless_a_ticket_follows(person):
    solved, offered = consult(user_id=person.pk, kind="WITHDRAWAL", question="提现没到账")
    assert offered[0].article.slug == "withdraw"
    assert len(offered) == 3
    conclude(user_id=person.pk, consultation_id=solved.pk, is_solved=True, slug="withdraw")
    with pytest.raises(NotFound):
        conclude(user_id=logged_in().user.pk, consultation_id=solved.pk, is_solved=False)
    again, _offered = consult(user_id=person.pk, kind="WITHDRAWAL", question="提现还是没到账")
    conclude(user_id=person.pk, consultation_id=again.pk, is_solved=True, slug="withdraw")
    nothing, offered = consult(user_id=person.pk, kind="OTHER", question="鸢尾花")
    assert offered == []
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        ticket = opened(user_id=person.pk)
        for _ in range(2):
            end_in_ticket(ticket_id=ticket.pk)
        conclude(user_id=person.pk, consultation_id=nothing.pk, is_solved=True)

    ended = Consultation.objects.get(pk=nothing.pk)
    assert (ended.outcome, ended.article, ended.ticket) == (Outcome.TICKET, None, ticket)
    assert deflection(since=clock.now() - timedelta(days=1)) == [
        Deflection(kind="WITHDRAWAL", asked=2, solved=2, unsolved=0, tickets=0),
        Deflection(kind="OTHER", asked=1, solved=0, unsolved=0, tickets=1),
    ]
    assert list(unanswered(since=clock.now() - timedelta(days=1))) == [ended]
    assert rate(2, 3) == "67%"


@pytest.mark.parametrize(("days", "channel"), [(2, "MINI_PROGRAM"), (0, "SURVEY")])
def test_a_ticket_two_days_later_or_of_ours_is_about_something_else(person, days, channel):
    asked, _offered = consult(user_id=person.pk, kind="OTHER", question="提现没到账")
    conclude(user_id=person.pk, consultation_id=asked.pk, is_solved=True, slug="withdraw")

    with time_machine.travel(clock.now() + timedelta(days=days)):
        end_in_ticket(ticket_id=opened(user_id=person.pk, channel=channel).pk)

    asked.refresh_from_db()
    assert (asked.outcome, asked.ticket) == (Outcome.SOLVED, None)


def test_every_guide_is_there_and_says_where_it_belongs():
    guides = ArticleVersion.objects.filter(state=AgreedState.LIVE).values_list("article__feature", flat=True)

    assert {feature.value for feature in Feature} <= set(guides)
