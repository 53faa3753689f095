"""How signals weigh, what is popular, what is known of a person, and what they followed."""

from typing import Any

from django.db import models
from django.db.models import Q

from coupons.rules.recommendations import Signal
from wallet_project.approvals.agreed import Agreed
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

_WEIGHTS = [signal.value for signal in Signal]


class RecommendationPolicy(Agreed):
    """How much each Signal weighs; one is in force."""

    expiring = models.PositiveSmallIntegerField("即将到期")
    next_tier = models.PositiveSmallIntegerField("会员升级")
    recent = models.PositiveSmallIntegerField("最近常去")
    hour = models.PositiveSmallIntegerField("这个时段常去")
    similar = models.PositiveSmallIntegerField("相似顾客喜欢")
    popular = models.PositiveSmallIntegerField("大家喜欢")

    is_the_only_one = True
    privacy = Privacy(public="expiring next_tier recent hour similar popular")

    class Meta:
        verbose_name = verbose_name_plural = "推荐策略"
        permissions = [("approve_recommendationpolicy", "审批推荐策略")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="LIVE"), name="one_recommendation_policy_is_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"推荐策略 {self.pk}"

    @property
    def weights(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in _WEIGHTS}

    @property
    def terms(self) -> dict[str, Any]:
        return dict(self.weights)

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {f"权重：{signal.label}": str(terms[signal.value]) for signal in Signal}


class PlaceRanking(models.Model):
    """How many people were at a place lately; of too few people nothing is said."""

    place = models.CharField("地点", max_length=64, primary_key=True)
    place_name = models.CharField("地点名称", max_length=64)
    people = models.PositiveIntegerField("人数")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(public="place place_name people")

    class Meta:
        verbose_name = verbose_name_plural = "热门门店"

    def __str__(self) -> str:
        return self.place_name


class Taste(models.Model):
    """
    Whether somebody wants what is personal, and which places are known for them (rules.recommendations.
    KnownPlace, by place); empty while they do not.
    """

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, primary_key=True, related_name="+", verbose_name="顾客"
    )
    is_personal = models.BooleanField("个性化推荐", default=True)
    places = models.JSONField("门店", default=dict)
    refreshed_at = models.DateTimeField("更新时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="places",
        c1="user is_personal refreshed_at",
        in_clear={"what somebody is shown by": "places"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "推荐偏好"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_personal=True) | Q(places={}), name="who_wants_nothing_personal_is_not_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} 的推荐"


class RecommendationClick(AppendOnly):
    """Somebody followed what they were shown; who was shown what is an exposure (models.experiments)."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    key = models.CharField("内容", max_length=80)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c2="key", c1="user at", in_clear={"what somebody is shown by": "key"})

    class Meta:
        verbose_name = verbose_name_plural = "推荐点击"
        indexes = [models.Index(fields=["at"], name="clicks_by_time")]

    def __str__(self) -> str:
        return self.key
