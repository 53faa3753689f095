"""What customers may read, and what they find."""

from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.cache import caches
from django.db.models import Count, F, Q, QuerySet

from feedback.models import ArticleVersion, FaqTopic, SynonymGroup
from feedback.rules.faq import telling, with_synonyms
from feedback.rules.words import words_in
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.errors import NotFound

_SECONDS = 30  # how long a process may not know of a new synonym
_WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # of D, C, B and A: PostgreSQL's own


def topics() -> QuerySet[FaqTopic]:
    """Those with something to read, in their order; `count` says how much."""
    readable = Count("articles", filter=Q(articles__versions__state=AgreedState.LIVE))
    return FaqTopic.objects.annotate(count=readable).filter(count__gt=0)


def articles_in_force(*, topic: str = "", feature: str = "") -> QuerySet[ArticleVersion]:
    """The version in force of each article, of one topic, of one feature, or of all; in their order."""
    found = ArticleVersion.objects.filter(state=AgreedState.LIVE).select_related("article__topic")
    if topic:
        found = found.filter(article__topic__code=topic)
    if feature:
        found = found.filter(article__feature=feature)
    return found.order_by("article__topic__position", "article__position", "article_id")


def articles_about(text: str, *, topic: str = "", feature: str = "") -> QuerySet[ArticleVersion]:
    """Those that have words of the text in them, or what else people call these; the likeliest first."""
    words = telling(words_in(with_synonyms(text, _synonyms())).split())
    found = articles_in_force(topic=topic, feature=feature)
    if not words:
        return found.none()
    query = reduce(or_, (SearchQuery(word, config="simple") for word in words))
    rank = SearchRank(F("words"), query, weights=_WEIGHTS)
    return found.filter(words=query).annotate(rank=rank).order_by("-rank", "article__position", "article_id")


def article_named(slug: str) -> ArticleVersion:
    """
    Its version in force; `helpful` counts whom it helped.

    :raises NotFound: there is none
    """
    helpful = Count("article__votes", filter=Q(article__votes__is_helpful=True))
    found = articles_in_force().filter(article__slug=slug).annotate(helpful=helpful).first()
    if found is None:
        raise NotFound
    return found


def _synonyms() -> list[list[str]]:
    return caches["process"].get_or_set("feedback.synonyms", _look_up, timeout=_SECONDS) or []


def _look_up() -> list[list[str]]:
    return [words.split() for words in SynonymGroup.objects.values_list("words", flat=True)]
