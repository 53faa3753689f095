"""What people may be told of, in whose words."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.rules.notices import Category


class Notice(models.Model):
    """
    One row per rules.catalogue.CATALOGUE, which says what its facts are. `channels` are ChannelKinds, in
    order; what is not enabled is told over none of them.
    """

    code = models.CharField("代码", max_length=48, unique=True)
    category = models.CharField("类别", max_length=8, choices=Category)
    title = models.CharField("通知", max_length=40)
    channels = models.JSONField("渠道", default=list)
    link = models.CharField("打开页面", max_length=200, blank=True)
    is_urgent = models.BooleanField("夜间也发送", default=False)
    is_enabled = models.BooleanField("启用", default=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="code category title channels link is_urgent is_enabled")

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ("category", "code")
        permissions = [("try_notice", "试发通知")]
        constraints = [
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="pages/"), name="a_notice_opens_a_page_of_ours"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeText(models.Model):
    """What a notice says in one language; {variables} are filled in when somebody is told."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="texts", verbose_name="通知")
    language = models.CharField("语言", max_length=8, choices=settings.LANGUAGES)
    title = models.CharField("标题", max_length=40)
    body = models.CharField("正文", max_length=300)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="notice language title body")

    class Meta:
        verbose_name = verbose_name_plural = "通知文案"
        ordering = ("-language",)
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="a_notice_has_one_text_per_language"),
        ]

    def __str__(self) -> str:
        return self.title


class FrequencyCap(models.Model):
    """How often one person may be pushed to about a category, over all channels that push."""

    category = models.CharField("类别", max_length=8, choices=Category, unique=True)
    per_day = models.PositiveSmallIntegerField("每天最多")
    per_week = models.PositiveSmallIntegerField("七天最多")

    privacy = Privacy(public="category per_day per_week")

    class Meta:
        verbose_name = verbose_name_plural = "频次上限"
        constraints = [
            models.CheckConstraint(
                condition=~Q(category__in=["SECURITY", "LEGAL"]), name="what_must_be_told_has_no_cap"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_category_display())
