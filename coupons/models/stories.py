"""Success stories, who shares them, and how many people saw them and came."""

from typing import Any

from django.db import models
from django.db.models import Q

from wallet_project.approvals.agreed import Agreed
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class Story(Agreed):
    """A card that customers share. Where it tells of somebody, `consent` says where theirs is kept."""

    title = models.CharField("标题", max_length=32)
    text = models.CharField("正文", max_length=300)
    consent = models.CharField(
        "授权书编号",
        max_length=64,
        blank=True,
        help_text="提到具体顾客时必填：本人书面同意的编号；不提到任何人时留空",
    )

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="title text consent")

    class Meta:
        verbose_name = verbose_name_plural = "成功故事"
        permissions = [("approve_story", "审批成功故事")]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> dict[str, Any]:
        return {"title": self.title, "text": self.text, "consent": self.consent}

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "标题": terms["title"],
            "正文": terms["text"],
            "提到的顾客": f"已同意，授权书 {terms['consent']}" if terms["consent"] else "没有提到具体顾客",
        }


class StoryShare(models.Model):
    """Somebody's own code of a story; `views` counts a viewer once a day, `joins` a person once ever."""

    story = models.ForeignKey(Story, models.PROTECT, related_name="shares", verbose_name="故事")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="分享人")
    code = models.CharField("分享码", max_length=16, unique=True)
    views = models.PositiveIntegerField("浏览次数", default=0)
    joins = models.PositiveIntegerField("带来注册", default=0)
    at = models.DateTimeField("分享时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="story user code views joins at")

    class Meta:
        verbose_name = verbose_name_plural = "故事分享"
        constraints = [
            models.UniqueConstraint(fields=["story", "user"], name="somebody_shares_a_story_under_one_code"),
            models.CheckConstraint(condition=Q(joins__lte=models.F("views")), name="who_came_has_seen_it"),
        ]

    def __str__(self) -> str:
        return self.code


class StoryView(AppendOnly):
    """Somebody saw a shared story on a day."""

    share = models.ForeignKey(
        StoryShare, models.PROTECT, related_name="+", verbose_name="分享", db_index=False
    )
    viewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="浏览者")
    day = models.DateField("日期", db_index=True)

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="share viewer day")

    class Meta:
        verbose_name = verbose_name_plural = "故事浏览"
        constraints = [
            models.UniqueConstraint(fields=["share", "viewer", "day"], name="a_viewer_counts_once_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.day)


class StoryJoin(AppendOnly):
    """Somebody registered through a shared story; nobody joins twice."""

    share = models.ForeignKey(StoryShare, models.PROTECT, related_name="+", verbose_name="分享")
    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="+", verbose_name="注册者")
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="share user at")

    class Meta:
        verbose_name = verbose_name_plural = "故事带来的注册"

    def __str__(self) -> str:
        return str(self.share)
