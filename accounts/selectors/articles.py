"""Published articles."""

from django.db.models import QuerySet

from accounts.models import Article
from wallet_project.kit.errors import NotFound


def published_articles(*, topic: str | None = None) -> QuerySet[Article]:
    """In their order, of one topic or of all."""
    found = Article.objects.filter(is_published=True)
    return found.filter(topic=topic) if topic else found


def article_named(slug: str) -> Article:
    """
    :raises NotFound: there is none, or it is not published
    """
    found = published_articles().filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found
