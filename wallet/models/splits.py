"""A bill that several people share."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.splits import LONGEST_TITLE, SplitState
from wallet_project.kit.privacy import COUNTED, Privacy


class Split(models.Model):
    """
    The organiser has paid `total` fen somewhere and asks the others for their shares: one MoneyRequest each,
    for somebody named or for whoever takes the place. `own` is the organiser's part, paid from the start.
    """

    number = models.CharField("AA 单号", max_length=32, unique=True)
    organiser = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="发起人", db_index=False
    )
    title = models.CharField("名称", max_length=LONGEST_TITLE)
    total = models.BigIntegerField("总金额")
    own = models.BigIntegerField("发起人承担")
    state = models.CharField("状态", max_length=12, choices=SplitState, default=SplitState.OPEN)
    created_at = models.DateTimeField("发起时间")
    expires_at = models.DateTimeField("有效期至")
    reminded_at = models.DateTimeField("最近提醒", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="title total own",
        c1="number organiser state created_at expires_at reminded_at ended_at",
        in_clear={COUNTED: "total own", "shown to whoever shares the bill": "title"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "AA 收款"
        constraints = [
            models.CheckConstraint(
                condition=Q(own__gte=0, total__gt=F("own")), name="others_pay_a_part_of_a_split"
            ),
            models.CheckConstraint(
                condition=Q(state=SplitState.OPEN, ended_at=None)
                | (~Q(state=SplitState.OPEN) & Q(ended_at__isnull=False)),
                name="a_split_that_is_over_says_when",
            ),
        ]
        indexes = [models.Index(fields=["organiser", "-id"], name="split_newest_first")]

    def __str__(self) -> str:
        return self.number
