"""Audiences: what they are made of, who is in them, and how they grow."""

from django.db import models

from coupons.models.channels import Channel
from coupons.models.membership import MembershipTier
from coupons.rules.segments import Comparison, Condition, Fact, Groups, in_words
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.places import place_names
from wallet_project.kit.privacy import Privacy


class Segment(Timestamped):
    """Whoever fulfils any of its groups of conditions, as of `refreshed_at`; who joins no more is let be."""

    name = models.CharField("名称", max_length=32, unique=True)
    note = models.CharField("说明", max_length=200, blank=True)
    is_active = models.BooleanField("定时刷新", default=True, help_text="停用后人群保持现状")
    size = models.PositiveIntegerField("人数", default=0, editable=False)
    refreshed_at = models.DateTimeField("刷新时间", null=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="name note is_active size refreshed_at")

    class Meta:
        verbose_name = verbose_name_plural = "人群"
        indexes = [
            models.Index(fields=["refreshed_at"], condition=models.Q(is_active=True), name="segments_due")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_order(self) -> models.QuerySet["SegmentCondition"]:
        return self.conditions.order_by("group", "pk")

    @property
    def groups(self) -> Groups:
        """Its conditions, by value."""
        found: dict[int, list[Condition]] = {}
        for condition in self.in_order:
            found.setdefault(condition.group, []).append(condition.as_rule())
        return list(found.values())


class SegmentCondition(models.Model):
    """All conditions of one `group` must be true; one true group is enough. `value` as it was typed."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="conditions", verbose_name="人群")
    group = models.PositiveSmallIntegerField(
        "组", default=1, help_text="同组的条件须同时满足，满足任何一组即可"
    )
    fact = models.CharField("条件", max_length=16, choices=Fact)
    days = models.PositiveSmallIntegerField("最近天数", null=True, blank=True)
    comparison = models.CharField("比较", max_length=8, choices=Comparison)
    value = models.CharField(
        "数值",
        max_length=200,
        help_text="金额为元，日期如 2026-11-01，多个用逗号分隔",
    )

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(public="segment group fact days comparison value")

    class Meta:
        verbose_name = verbose_name_plural = "人群条件"

    def __str__(self) -> str:
        return in_words(self.fact, self.comparison, self.by_name, self.days)

    @property
    def by_name(self) -> str:
        """`value` as people know it: 人民路店 for store:renmin."""
        names = known_names(self.fact)
        return "，".join(names.get(word, word) for word in self.value.split(",")) if names else self.value

    def as_rule(self) -> Condition:
        return Condition.of(fact=self.fact, comparison=self.comparison, value=self.value, days=self.days)


def known_names(fact: str) -> dict[str, str]:
    """Of what is said by name: code → name."""
    match fact:
        case Fact.PLACE:
            return place_names()
        case Fact.TIER:
            return dict(MembershipTier.objects.filter(state=AgreedState.LIVE).values_list("code", "name"))
        case Fact.CHANNEL:
            return dict(Channel.objects.order_by("code").values_list("code", "name"))
    return {}


class SegmentMember(models.Model):
    """Somebody who is in it, and since when."""

    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="+", verbose_name="人群", db_index=False
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    since = models.DateTimeField("加入时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="segment user since")

    class Meta:
        verbose_name = verbose_name_plural = "人群成员"
        constraints = [
            models.UniqueConstraint(fields=["segment", "user"], name="somebody_is_in_a_segment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} · {self.user_id}"


class SegmentRefresh(AppendOnly):
    """What one look at everybody changed: how many came, how many left, and how many there are."""

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="refreshes", verbose_name="人群")
    at = models.DateTimeField("刷新时间")
    came = models.PositiveIntegerField("新增人数")
    left = models.PositiveIntegerField("离开人数")
    size = models.PositiveIntegerField("人数")

    privacy = Privacy(public="segment at came left size")

    class Meta:
        verbose_name = verbose_name_plural = "人群刷新记录"
        indexes = [models.Index(fields=["segment", "-at"], name="refreshes_of_a_segment")]

    def __str__(self) -> str:
        return f"{self.size}（+{self.came} −{self.left}）"
