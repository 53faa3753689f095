"""How much may be moved, and how much has been."""

from django.db import models
from django.db.models import F, Q

from accounts.rules.kyc import KycLevel
from wallet.rules.limits import HIGHEST, LIMITED, MOST_TIMES, Limits, Used
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy

_AMOUNTS = ("single", "per_day", "per_month", "per_year", "lifetime")
# From the shorter period to the longer one; a comparison with what sets no limit passes.
_GROWING = [
    Q(**{f"{longer}__gte": F(shorter)})
    for place, shorter in enumerate(_AMOUNTS)
    for longer in _AMOUNTS[place + 1 :]
]
_IN_RANGE = [Q(**{f"{amount}__range": (0, HIGHEST)}) for amount in _AMOUNTS]


class LimitPolicy(AppendOnly):
    """
    One version of what a real-name level may move in one way: fen, null where a period sets no limit.

    In force is the newest one whose time has come: by `effective_from`, then by id. A version is never
    changed and never deleted; another one supersedes it.
    """

    level = models.PositiveSmallIntegerField("实名等级", choices=KycLevel)
    move = models.CharField("资金操作", max_length=16, choices=LIMITED)
    single = models.BigIntegerField("单笔", null=True, blank=True)
    per_day = models.BigIntegerField("单日")
    per_month = models.BigIntegerField("单月", null=True, blank=True)
    per_year = models.BigIntegerField("单年", null=True, blank=True)
    lifetime = models.BigIntegerField("累计", null=True, blank=True)
    times_a_day = models.PositiveIntegerField("单日笔数", null=True, blank=True)
    effective_from = models.DateTimeField("生效时间")
    made_at = models.DateTimeField("批准时间")
    proposed_by = models.BigIntegerField("申请人", null=True, blank=True)
    approved_by = models.BigIntegerField("审批人", null=True, blank=True)

    privacy = Privacy(
        c1="level move single per_day per_month per_year lifetime times_a_day effective_from"
        " made_at proposed_by approved_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "限额"
        permissions = [("approve_limitpolicy", "审批调整限额")]
        constraints = [
            models.CheckConstraint(
                condition=Q(*_IN_RANGE) & Q(times_a_day__range=(0, MOST_TIMES)),
                name="a_limit_is_neither_negative_nor_endless",
            ),
            models.CheckConstraint(condition=Q(*_GROWING), name="a_longer_period_allows_no_less"),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("made_at")), name="a_limit_is_never_set_for_the_past"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_sets_a_limit_alone"
            ),
        ]
        indexes = [
            models.Index(fields=["level", "move", "-effective_from", "-id"], name="limit_policy_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} · {self.get_move_display()}"

    @property
    def limits(self) -> Limits:
        return Limits(
            single=self.single,
            per_day=self.per_day,
            per_month=self.per_month,
            per_year=self.per_year,
            lifetime=self.lifetime,
            times_a_day=self.times_a_day,
        )


class LimitUsage(models.Model):
    """
    What somebody has moved in one way: on `day`, the last Shanghai day that was counted, in its month, in its
    year, and ever. A period that `day` is not in has nothing in it yet.
    """

    pk = models.CompositePrimaryKey("user", "move")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    move = models.CharField("资金操作", max_length=16, choices=LIMITED)
    day = models.DateField("最近日期")
    times = models.PositiveIntegerField("当日笔数")
    day_amount = models.BigIntegerField("当日")
    month_amount = models.BigIntegerField("当月")
    year_amount = models.BigIntegerField("当年")
    lifetime_amount = models.BigIntegerField("累计")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="day_amount month_amount year_amount lifetime_amount",
        c1="user move day times",
        in_clear={COUNTED: "day_amount month_amount year_amount lifetime_amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "已用限额"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    day_amount__gte=0, month_amount__gte=0, year_amount__gte=0, lifetime_amount__gte=0
                ),
                name="nobody_has_used_less_than_nothing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.day}"

    @property
    def used(self) -> Used:
        return Used(
            day=self.day,
            times=self.times,
            day_amount=self.day_amount,
            month_amount=self.month_amount,
            year_amount=self.year_amount,
            lifetime_amount=self.lifetime_amount,
        )
