"""Coupon templates: what a coupon promises, to whom, and how many there are."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from coupons.models.membership import tier_in_words
from coupons.models.segments import Segment
from coupons.rules.offer_words import terms_in_words
from coupons.rules.offers import BY_RATE, CouponKind, Terms
from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.places import Placed, places_in_words
from wallet_project.kit.privacy import Privacy


class Giving(models.TextChoices):
    """How people come by it. AUTOMATIC: it need not be had, a basket it applies to has it."""

    CLAIM = "CLAIM", "顾客领取"
    CODE = "CODE", "兑换码"
    GRANT = "GRANT", "后台发放"
    AUTOMATIC = "AUTOMATIC", "自动生效"


def _nothing() -> list[str]:
    return []


class CouponTemplate(Placed, Agreed):
    """
    Terms of a coupon (rules.offers.Terms), in fen. One counts from `valid_from` until `valid_until`, or for
    `valid_days` days from when somebody got it. `per_person` and `stock` are the most of one and of all;
    none: no end. Customers get it from `offered_from` until `offered_until`.
    """

    name = models.CharField("名称", max_length=32)
    notes = models.CharField("使用说明", max_length=200, blank=True)
    kind = models.CharField("类型", max_length=8, choices=CouponKind)
    amount = models.BigIntegerField("面额或上限")
    rate = models.PositiveIntegerField("比例（万分之一）", default=0)
    threshold = models.BigIntegerField("使用门槛", default=0)
    places = models.JSONField("适用地点", default=_nothing, blank=True)
    kinds = models.JSONField("适用业务", default=_nothing, blank=True)
    items = models.JSONField("适用商品", default=_nothing, blank=True)
    weekdays = models.JSONField("适用星期", default=_nothing, blank=True)
    hour_from = models.PositiveSmallIntegerField("每日开始（时）", default=0)
    hour_until = models.PositiveSmallIntegerField("每日结束（时）", default=24)
    blackout = models.JSONField("不可用日期", default=_nothing, blank=True)
    tier = models.CharField("会员等级", max_length=32, blank=True)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人群"
    )
    new_customers = models.BooleanField("仅限新顾客", default=False)
    group = models.CharField("叠加组", max_length=32, blank=True)
    exclusive = models.BooleanField("不与其他优惠同用", default=False)
    giving = models.CharField("发放方式", max_length=9, choices=Giving, default=Giving.CLAIM)
    per_person = models.PositiveIntegerField("每人限领", null=True, blank=True, default=1)
    stock = models.PositiveIntegerField("总量", null=True, blank=True)
    offered_from = models.DateTimeField("开始发放")
    offered_until = models.DateTimeField("停止发放")
    valid_from = models.DateTimeField("有效期开始", null=True, blank=True)
    valid_until = models.DateTimeField("有效期截止", null=True, blank=True)
    valid_days = models.PositiveSmallIntegerField("领取后有效天数", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        public="name notes kind amount rate threshold places kinds items weekdays hour_from hour_until"
        " blackout tier segment new_customers group exclusive giving per_person stock offered_from"
        " offered_until valid_from valid_until valid_days",
    )

    class Meta:
        verbose_name = verbose_name_plural = "优惠券模板"
        permissions = [("approve_coupon_template", "批准优惠券上线")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, threshold__gte=0), name="a_coupon_gives_something"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(BY_RATE), rate__gt=0, rate__lte=10_000)
                | (~Q(kind__in=sorted(BY_RATE)) & Q(rate=0)),
                name="a_share_is_of_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(hour_from__lt=F("hour_until"), hour_until__lte=24),
                name="a_coupon_has_hours_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_days__isnull=True, valid_from__lt=F("valid_until"))
                | (
                    Q(valid_days__gt=0, valid_from__isnull=True, valid_until__isnull=True)
                    & ~Q(giving=Giving.AUTOMATIC)
                ),
                name="a_coupon_counts_for_a_while",
            ),
            models.CheckConstraint(
                condition=Q(offered_from__lt=F("offered_until")), name="a_coupon_is_offered_for_a_while"
            ),
            models.CheckConstraint(
                condition=(Q(per_person__isnull=True) | Q(per_person__gt=0))
                & (Q(stock__isnull=True) | Q(stock__gt=0)),
                name="there_is_a_coupon_for_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["giving", "offered_until"],
                name="coupons_on_offer",
                condition=Q(state=AgreedState.LIVE),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> dict[str, Any]:
        """All that a checker agrees to."""
        kept = {name: getattr(self, name) for name in self.privacy.public.split()}
        kept["segment"] = self.segment and [self.segment.pk, self.segment.name]
        return {
            name: clock.iso(value) if isinstance(value, datetime) else value for name, value in kept.items()
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return terms_in_words(
            terms,
            giving=Giving(terms["giving"]).label,
            places=places_in_words(terms["places"]),
            tier=tier_in_words(terms["tier"]),
        )

    @property
    def promise(self) -> Terms:
        """As the rules see it."""
        return Terms(
            kind=CouponKind(self.kind),
            amount=Fen(self.amount),
            rate=self.rate,
            threshold=Fen(self.threshold),
            places=frozenset(self.places),
            kinds=frozenset(self.kinds),
            items=frozenset(self.items),
            weekdays=frozenset(self.weekdays),
            hour_from=self.hour_from,
            hour_until=self.hour_until,
            blackout=frozenset(map(date.fromisoformat, self.blackout)),
            tier=self.tier,
            segment_id=self.segment_id,
            new_customers=self.new_customers,
            group=self.group,
            exclusive=self.exclusive,
        )

    def validity(self, *, at: datetime) -> tuple[datetime, datetime]:
        """From when until when a coupon counts that somebody gets at this moment."""
        if self.valid_days:
            return at, at + timedelta(days=self.valid_days)
        if self.valid_from is None or self.valid_until is None:
            raise TypeError("the table keeps both")
        return self.valid_from, self.valid_until


def template_names(ids: Iterable[int | None]) -> dict[int | None, str]:
    asked = {each for each in ids if each}
    found = CouponTemplate.objects.filter(pk__in=asked).values_list("pk", "name") if asked else []
    return dict(found)


class CouponStock(models.Model):
    """How many there are of a template, and how many of them are gone: the row for which everybody queues."""

    template = models.OneToOneField(
        CouponTemplate, models.PROTECT, primary_key=True, related_name="left", verbose_name="模板"
    )
    total = models.PositiveIntegerField("总量")
    issued = models.PositiveIntegerField("已发放", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="template total issued")

    class Meta:
        verbose_name = verbose_name_plural = "优惠券库存"
        constraints = [
            models.CheckConstraint(
                condition=Q(issued__lte=F("total")), name="no_more_coupons_than_there_are"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issued} / {self.total}"


class CouponCount(models.Model):
    """How many of a template one person ever got."""

    template = models.ForeignKey(
        CouponTemplate, models.PROTECT, related_name="+", verbose_name="模板", db_index=False
    )
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    issued = models.PositiveIntegerField("已领")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="template user issued")

    class Meta:
        verbose_name = verbose_name_plural = "每人已领"
        constraints = [
            models.UniqueConstraint(fields=["template", "user"], name="a_person_is_counted_once_per_coupon"),
        ]

    def __str__(self) -> str:
        return str(self.issued)
