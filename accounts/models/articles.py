"""How things are done, for customers to read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Topic(models.TextChoices):
    GETTING_STARTED = "getting_started", _("新手入门")
    PAYING = "paying", _("充值与付款")
    ACCOUNT = "account", _("账户与手机号")
    SECURITY = "security", _("安全")


class Article(Timestamped):
    """Plain text; an empty line separates paragraphs, a line that begins with “- ” is an item."""

    slug = models.SlugField("网址名", max_length=64, unique=True)
    topic = models.CharField("分类", max_length=24, choices=Topic)
    title = models.CharField("标题", max_length=64)
    body = models.TextField("正文", max_length=10_000)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_published = models.BooleanField("发布", default=False)

    privacy = Privacy(public="slug topic title body position is_published")

    class Meta:
        verbose_name = verbose_name_plural = "帮助文章"
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["is_published", "position"], name="article_published")]

    def __str__(self) -> str:
        return self.title
