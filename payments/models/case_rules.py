"""What is done by itself about each kind of exception, and by when a person must have looked at the rest."""

from django.db import models
from django.db.models import F, Q

from payments.models.cases import ExceptionCase
from payments.rules.cases import HONOURABLE, MOST_HOURS, WATCHED, WITH_MONEY, CaseTerms, Handling
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

_HOURS = (1, MOST_HOURS)
_HONOURABLE = [kind.value for kind in HONOURABLE]
_WITH_MONEY = [kind.value for kind in WITH_MONEY]
_WATCHED = [kind.value for kind in WATCHED]


class CaseRule(AppendOnly):
    """
    One version of what is done about a kind; see CaseTerms. Amounts in fen, null where there is no limit.

    In force is the newest one whose time has come. A version is never changed and never deleted; another one
    supersedes it.
    """

    kind = models.CharField("类型", max_length=24, choices=ExceptionCase.Kind)
    handling = models.CharField("自动处理", max_length=8, choices=Handling)
    up_to = models.BigIntegerField("自动处理上限", null=True, blank=True)
    alone_up_to = models.BigIntegerField("单人处理上限", null=True, blank=True)
    due_hours = models.PositiveSmallIntegerField("处理时限（小时）")
    warn_hours = models.PositiveSmallIntegerField("提前预警（小时）")
    opens_after_hours = models.PositiveSmallIntegerField("无结果多久后登记（小时）", null=True, blank=True)
    effective_from = models.DateTimeField("生效时间")
    proposed_by = models.BigIntegerField("申请人", null=True, blank=True)
    approved_by = models.BigIntegerField("审批人", null=True, blank=True)

    privacy = Privacy(
        c1="kind handling up_to alone_up_to due_hours warn_hours opens_after_hours effective_from"
        " proposed_by approved_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "异常处理规则"
        permissions = [("approve_caserule", "审批异常处理规则")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(handling=Handling.HONOUR) | Q(kind__in=_HONOURABLE),
                name="what_differs_is_never_honoured",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_WITH_MONEY) | Q(handling=Handling.HAND, up_to=None, alone_up_to=None),
                name="without_money_a_person_decides",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=_WATCHED, opens_after_hours__isnull=False, opens_after_hours__range=_HOURS
                )
                | (~Q(kind__in=_WATCHED) & Q(opens_after_hours=None)),
                name="the_watch_knows_how_long_to_wait",
            ),
            models.CheckConstraint(
                condition=Q(due_hours__range=_HOURS, warn_hours__gte=0, warn_hours__lt=F("due_hours")),
                name="a_case_is_warned_of_before_it_is_due",
            ),
            models.CheckConstraint(
                condition=(Q(up_to=None) | Q(up_to__gte=0)) & (Q(alone_up_to=None) | Q(alone_up_to__gte=0)),
                name="a_case_rule_has_no_negative_limit",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_sets_a_case_rule_alone"
            ),
        ]
        indexes = [models.Index(fields=["kind", "-effective_from", "-id"], name="case_rule_in_force")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · 规则 {self.pk}"

    @property
    def terms(self) -> CaseTerms:
        return CaseTerms(
            handling=Handling(self.handling),
            up_to=self.up_to,
            alone_up_to=self.alone_up_to,
            due_hours=self.due_hours,
            warn_hours=self.warn_hours,
            opens_after_hours=self.opens_after_hours,
        )
