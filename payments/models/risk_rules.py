"""Risk rules, version by version."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.rules.screening import SCREENED, Cause
from payments.rules.risk import BadExpression, Rule, RuleAction, RuleState, check_expression
from wallet_project.kit.privacy import Privacy


class RiskRule(models.Model):
    """
    One version of a rule, a sentence over the facts of payments/rules/risk_facts.py. What is no draft any
    more never changes what it says: it is retired, and the next version takes its place.

    `operations` are codes separated by spaces, none: all. `weight` 0–100 goes into the score.
    """

    # What somebody writes, and two people agree on.
    WRITTEN = (
        "code",
        "title",
        "explanation",
        "operations",
        "expression",
        "weight",
        "action",
        "cause",
        "effective_from",
        "effective_to",
    )

    code = models.SlugField("代码", max_length=48)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=60)
    explanation = models.CharField(
        "说明", max_length=300, help_text="给同事看：为什么有这条规则，命中后怎么核实"
    )
    operations = models.CharField("适用操作", max_length=300, blank=True)
    expression = models.CharField("表达式", max_length=500)
    weight = models.PositiveSmallIntegerField("分值", default=0)
    action = models.CharField("动作", max_length=8, choices=RuleAction, default=RuleAction.SCORE)
    cause = models.CharField("告知用户的原因类别", max_length=16, choices=Cause)
    state = models.CharField("状态", max_length=8, choices=RuleState, default=RuleState.DRAFT)
    effective_from = models.DateTimeField("生效时间", null=True, blank=True)
    effective_to = models.DateTimeField("失效时间", null=True, blank=True)
    snoozed_until = models.DateTimeField("暂停至", null=True, blank=True)
    made_by = models.BigIntegerField("编写人", null=True)
    approved_by = models.BigIntegerField("批准人", null=True)
    made_at = models.DateTimeField("编写时间")
    live_at = models.DateTimeField("上线时间", null=True)

    privacy = Privacy(
        c1="code version title explanation operations expression weight action cause state effective_from"
        " effective_to snoozed_until made_by approved_by made_at live_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "风控规则"
        permissions = [("approve_riskrule", "批准风控规则"), ("snooze_riskrule", "暂停风控规则")]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_rule_has_a_version_once"),
            models.UniqueConstraint(
                fields=["code", "state"],
                condition=Q(state__in=["LIVE", "SHADOW"]),
                name="a_rule_has_one_live_version_and_one_shadow",
            ),
            models.CheckConstraint(condition=Q(weight__lte=100), name="a_rule_weighs_a_hundred_at_most"),
            models.CheckConstraint(
                condition=Q(effective_to=None)
                | Q(effective_from=None)
                | Q(effective_to__gt=models.F("effective_from")),
                name="a_rule_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · 第 {self.version} 版"

    def clean(self) -> None:
        try:
            check_expression(self.expression)
        except BadExpression as error:
            raise ValidationError({"expression": str(error)}) from error
        if unknown := set(self.operations.split()) - set(SCREENED):
            raise ValidationError({"operations": f"没有这样的操作：{' '.join(sorted(unknown))}"})
        if self.weight > 100:
            raise ValidationError({"weight": "分值为 0 到 100"})

    @property
    def as_rule(self) -> Rule:
        return Rule(
            code=self.code,
            version=self.version,
            expression=self.expression,
            operations=frozenset(self.operations.split()),
            weight=self.weight,
            action=RuleAction(self.action),
            cause=Cause(self.cause),
            is_shadow=self.state != RuleState.LIVE,
            snoozed_until=self.snoozed_until,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
        )
