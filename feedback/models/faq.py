"""Articles: what they are about, their versions, what else people call things, and whether they helped."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.expressions import Combinable

from feedback.rules.faq import Feature
from feedback.rules.words import words_in
from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.kit.privacy import Privacy
from wallet_project.kit.texts import tidy


def searched_words(*, title: str, asked_as: str, body: str) -> Combinable:
    """What a version is found by: what people ask weighs more than what the answer says."""
    asked = SearchVector(Value(words_in(f"{title} {asked_as}")), config="simple", weight="A")
    return asked + SearchVector(Value(words_in(body)), config="simple", weight="C")


class FaqTopic(models.Model):
    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=32)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    privacy = Privacy(public="code name position")

    class Meta:
        verbose_name = verbose_name_plural = "帮助分类"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """What stays the same from version to version: its address, its place, the feature it guides through."""

    slug = models.SlugField("网址名", max_length=64, unique=True)
    topic = models.ForeignKey(FaqTopic, models.PROTECT, related_name="articles", verbose_name="分类")
    feature = models.CharField(
        "操作指南", max_length=16, blank=True, choices=Feature, help_text="小程序里哪个功能的“帮助”打开它"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)

    privacy = Privacy(public="slug topic feature position")

    class Meta:
        verbose_name = verbose_name_plural = "帮助文章"
        ordering = ["topic__position", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["feature"], condition=~Q(feature=""), name="a_feature_has_one_guide"
            ),
        ]

    def __str__(self) -> str:
        """What it is called now; of one that was never published, what it will be called."""
        titles = {version.state: version.title for version in self.versions.all()}
        return titles.get(AgreedState.LIVE) or titles.get(AgreedState.DRAFT) or self.slug


class ArticleVersion(Agreed):
    """
    Plain text; an empty line separates paragraphs, a line that begins with “- ” is an item. `asked_as` is how
    customers ask for it. The one in force is what they read.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions", verbose_name="文章")
    title = models.CharField("标题", max_length=64)
    body = models.TextField("正文", max_length=10_000)
    asked_as = models.CharField(
        "顾客的问法", max_length=500, blank=True, help_text="用空格分开，例如：钱没到账 多久到账"
    )
    words = SearchVectorField("检索词", null=True, editable=False)

    is_the_only_one = True
    one_per = ("article",)
    privacy = Privacy(public="article title body asked_as words")

    class Meta:
        verbose_name = verbose_name_plural = "文章版本"
        permissions = [("approve_articleversion", "审批文章发布")]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="LIVE"), name="an_article_has_one_version_in_force"
            ),
        ]
        indexes = [GinIndex(fields=["words"], name="article_words")]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> dict[str, Any]:
        return {
            "slug": self.article.slug,
            "title": self.title,
            "body": self.body,
            "asked_as": self.asked_as,
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "网址名": terms["slug"],
            "标题": terms["title"],
            "正文": terms["body"],
            "顾客的问法": terms["asked_as"] or "—",
        }


class SynonymGroup(models.Model):
    """Words for the same thing: whoever looks for one finds the others."""

    words = models.CharField("同义词", max_length=200, help_text="用空格分开，例如：提现 取现 转出")

    privacy = Privacy(public="words")

    class Meta:
        verbose_name = verbose_name_plural = "同义词"

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        self.words = tidy(self.words).casefold()
        if len(set(self.words.split())) < 2:
            raise ValidationError({"words": "至少两个词"})


class ArticleVote(models.Model):
    """Whether an article helped somebody; they may think again."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes", verbose_name="文章")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    is_helpful = models.BooleanField("有帮助")
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="article user is_helpful at")

    class Meta:
        verbose_name = verbose_name_plural = "文章评价"
        constraints = [
            models.UniqueConstraint(fields=["user", "article"], name="somebody_votes_once_on_an_article"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}:{self.user_id}"
