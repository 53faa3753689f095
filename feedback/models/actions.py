"""What was put right from tickets, and what each member of staff gave on a day."""

from django.db import models
from django.db.models import F, Q

from feedback.models.tickets import Ticket
from feedback.rules.actions import GOODWILL, OPEN_ACTIONS, ActionKind, ActionState
from wallet_project.kit.privacy import COUNTED, Privacy


class TicketAction(models.Model):
    """
    One thing that somebody of the staff did for the customer of a ticket; `amount` in fen is what it gives
    back or gives. `subject` is what was done something to ("order:O26…"), `reference` what came of it, the
    number that the owning app calls it by and that names this ticket in turn. `key` is what the dialog
    called it, so that sending it twice does it once.
    """

    number = models.CharField("办理编号", max_length=32, unique=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="actions", verbose_name="工单")
    kind = models.CharField("事项", max_length=12, choices=ActionKind)
    state = models.CharField("状态", max_length=10, choices=ActionState)
    amount = models.BigIntegerField("金额", default=0)
    subject = models.CharField("办理对象", max_length=80, blank=True)
    reference = models.CharField("关联单号", max_length=80, blank=True)
    because = models.CharField("原因", max_length=200)
    agent_id = models.BigIntegerField("经办人")
    key = models.CharField("提交编号", max_length=64)
    at = models.DateTimeField("办理时间")
    ended_at = models.DateTimeField("办结时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="amount",
        c1="number ticket kind state subject reference because agent_id key at ended_at",
        in_clear={COUNTED: "amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "工单办理"
        permissions = [
            ("act_for_customer", "代顾客退回提现、申请解冻、重发回单"),
            ("give_goodwill", "补偿顾客"),
            ("approve_goodwill", "批准补偿"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "key"], name="an_action_is_done_once"),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(kind="RENEWAL", state__in=["PROPOSED", "DONE"]),
                name="a_coupon_is_given_again_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (~Q(kind__in=sorted(GOODWILL)) | Q(amount__gt=0)),
                name="goodwill_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_ACTIONS), ended_at=None)
                | (~Q(state__in=sorted(OPEN_ACTIONS)) & Q(ended_at__isnull=False)),
                name="an_ended_action_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="actions_of_a_ticket"),
            models.Index(
                fields=["kind", "reference"],
                name="actions_open",
                condition=Q(state__in=sorted(OPEN_ACTIONS)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class GoodwillDay(models.Model):
    """
    What one member of staff gives customers on a Shanghai day, in fen: `spent` of `most`, proposals included.
    The row is the lock of that budget.
    """

    agent_id = models.BigIntegerField("经办人")
    day = models.DateField("日期")
    most = models.BigIntegerField("额度")
    spent = models.BigIntegerField("已用", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="agent_id day most spent")

    class Meta:
        verbose_name = verbose_name_plural = "补偿额度"
        constraints = [
            models.UniqueConstraint(fields=["agent_id", "day"], name="a_day_has_one_goodwill_budget"),
            models.CheckConstraint(
                condition=Q(spent__gte=0, spent__lte=F("most")), name="no_more_goodwill_than_there_is"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
