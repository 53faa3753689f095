"""PointRule: for what points are earned."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from coupons.models.membership import tier_in_words
from coupons.rules.point_rules import EarnEvent, EarnTerms, PurchaseKind, in_words, samples
from wallet_project.approvals.agreed import Agreed, period
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, yuan
from wallet_project.kit.places import Placed, places_in_words
from wallet_project.kit.privacy import Privacy

SAMPLES = (Fen(1_00), Fen(50_00), Fen(100_00), Fen(1_000_00))


class PointRule(Placed, Agreed):
    """Columns of EarnTerms, in force from `starts_at` to `ends_at` while it is LIVE. Rules add up."""

    name = models.CharField("名称", max_length=32)
    event = models.CharField("场景", max_length=16, choices=EarnEvent)
    rate = models.PositiveIntegerField("每消费 100 元得积分", default=0, help_text="只用于消费")
    points = models.PositiveIntegerField("每次得积分", default=0, help_text="用于消费以外的场景")
    every_days = models.PositiveSmallIntegerField(
        "每连续签到几天", default=1, validators=[MinValueValidator(1)], help_text="只用于签到"
    )
    kind = models.CharField("消费来源", max_length=8, choices=PurchaseKind, blank=True, default="")
    places = ArrayField(
        models.CharField(max_length=64),
        default=list,
        blank=True,
        verbose_name="门店",
        help_text="如 store:renmin，多个用逗号分隔；不填为所有门店",
    )
    tier = models.CharField("会员等级", max_length=32, blank=True, default="", help_text="不填为所有人")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        default=list,
        blank=True,
        verbose_name="星期",
        help_text="1 为周一，7 为周日，多个用逗号分隔；不填为每天",
    )
    hour_from = models.PositiveSmallIntegerField("从几点", default=0, validators=[MaxValueValidator(23)])
    hour_until = models.PositiveSmallIntegerField("到几点", default=24, validators=[MaxValueValidator(24)])
    least = models.BigIntegerField("满多少元", default=0)
    most = models.PositiveIntegerField("每笔最多得积分", null=True, blank=True)
    most_a_day = models.PositiveIntegerField("每人每天最多得积分", null=True, blank=True)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间", null=True, blank=True)

    privacy = Privacy(
        public="name event rate points every_days kind places tier weekdays hour_from hour_until least most"
        " most_a_day starts_at ends_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分规则"
        permissions = [("approve_pointrule", "审批积分规则")]
        constraints = [
            models.CheckConstraint(
                condition=Q(event="PURCHASE", rate__gt=0, points=0)
                | (~Q(event="PURCHASE") & Q(rate=0, points__gt=0)),
                name="a_rule_gives_points",
            ),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="a_streak_is_a_day_at_least"),
            models.CheckConstraint(
                condition=Q(hour_until__gt=F("hour_from"), hour_until__lte=24), name="a_rule_has_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="a_rule_is_there_for_a_while"
            ),
        ]
        indexes = [models.Index(fields=["event"], condition=Q(state="LIVE"), name="rules_in_force")]

    def __str__(self) -> str:
        return self.name

    @property
    def earn_terms(self) -> EarnTerms:
        return EarnTerms.of(**{name: getattr(self, name) for name in EarnTerms.__dataclass_fields__})

    @property
    def words(self) -> str:
        """As customers read it."""
        return in_words(self.earn_terms, places="、".join(self.place_names))

    @property
    def terms(self) -> dict[str, Any]:
        return {
            "name": self.name,
            **self.earn_terms.columns,
            "starts_at": clock.iso(self.starts_at),
            "ends_at": self.ends_at and clock.iso(self.ends_at),
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        earn = EarnTerms.of(**{name: terms[name] for name in EarnTerms.__dataclass_fields__})
        shown = {
            "名称": terms["name"],
            "规则": in_words(earn, places=places_in_words(earn.places)),
            "时间": period(terms),
        }
        if earn.tier:
            shown["会员等级"] = tier_in_words(earn.tier)
        if earn.event == EarnEvent.PURCHASE:
            found = samples(earn, SAMPLES)
            shown["试算"] = "；".join(f"消费 ¥{yuan(amount)} 得 {points}" for amount, points in found.items())
        return shown
