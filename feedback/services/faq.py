"""Articles are drafted from what is in force, published by two, and judged by those who read them."""

from typing import Any

from django.db import transaction

from feedback.models import Article, ArticleVersion, ArticleVote
from feedback.models.faq import searched_words
from feedback.selectors.faq import article_named
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.going_live import go_live
from wallet_project.kit import clock


@transaction.atomic
def draft_next(article_id: int) -> ArticleVersion:
    """The draft of the next version, begun from the text in force; if there is one already, that one."""
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    draft = article.versions.filter(state=AgreedState.DRAFT).first()
    if draft is not None:
        return draft
    last = article.versions.order_by("-live_at").first()
    text = {"title": last.title, "body": last.body, "asked_as": last.asked_as} if last else {}
    return ArticleVersion.objects.create(article=article, **text)


def publish_version(*, row_id: int, terms: dict[str, Any], reason: str) -> ArticleVersion:
    """
    What was approved is what customers read and find, in the transaction that approves it.

    :raises StateConflict: it is not a draft any more
    :raises TermsChanged: it is not what was proposed any more
    """
    go_live(label=ArticleVersion._meta.label, row_id=row_id, terms=terms, reason=reason)
    version = ArticleVersion.objects.get(pk=row_id)
    ArticleVersion.objects.filter(pk=row_id).update(
        words=searched_words(title=version.title, asked_as=version.asked_as, body=version.body)
    )
    return version


def vote(*, user_id: int, slug: str, is_helpful: bool) -> None:
    """
    Say whether an article helped; the last word counts.

    :raises NotFound: there is nothing to read under this name
    """
    article = article_named(slug).article
    ArticleVote.objects.update_or_create(
        user_id=user_id, article=article, defaults={"is_helpful": is_helpful, "at": clock.now()}
    )
