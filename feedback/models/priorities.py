"""What makes a ticket urgent, as rows."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from feedback.rules.priorities import Condition
from feedback.rules.tickets import Priority, TicketKind
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import Privacy
from wallet_project.kit.texts import skeleton


class PriorityRule(models.Model):
    """A new ticket that is all that the rule names has at least its priority; see rules/priorities."""

    name = models.CharField("名称", max_length=32, unique=True)
    priority = models.PositiveSmallIntegerField("优先级", choices=Priority)
    kinds = models.JSONField("类型", default=list, blank=True, help_text="留空为所有类型")
    amount = models.BigIntegerField("涉及金额不低于（分）", null=True, blank=True, help_text="留空为不限")
    standing = models.PositiveSmallIntegerField(
        "会员客服优先级不低于", null=True, blank=True, help_text="见会员等级；留空为不限"
    )
    words = models.JSONField("关键词", default=list, blank=True, help_text="含其中任何一个；留空为不限")
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="name priority kinds amount standing words is_active")

    class Meta:
        verbose_name = verbose_name_plural = "优先级规则"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_priority_rule_names_some_money"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if unknown := set(self.kinds) - set(TicketKind.values):
            raise ValidationError({"kinds": f"没有这样的类型：{'、'.join(sorted(unknown))}"})
        if not all(map(skeleton, self.words)):
            raise ValidationError({"words": "关键词里要有文字"})
        if not (self.kinds or self.amount or self.standing or self.words):
            raise ValidationError("至少要有一个条件")

    @property
    def condition(self) -> Condition:
        return Condition(
            priority=Priority(self.priority),
            kinds=tuple(self.kinds),
            amount=None if self.amount is None else Fen(self.amount),
            standing=self.standing,
            words=tuple(self.words),
        )
