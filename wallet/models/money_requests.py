"""Money that somebody asks for, and people who do not wish to be asked."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.money_requests import RequestState
from wallet.rules.transfers import LONGEST_REMARK
from wallet_project.kit.privacy import COUNTED, Privacy


class MoneyRequest(models.Model):
    """
    `amount` fen, asked of `payer`, or, while that is empty, of whoever has the link and pays first. It is
    paid by the one transfer that names it. With a `split` it is a share of that: a place that somebody named
    has, or that is free.
    """

    number = models.CharField("收款单号", max_length=32, unique=True)
    requester = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="发起人", db_index=False
    )
    payer = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="付款人", db_index=False
    )
    split = models.ForeignKey(
        "wallet.Split", models.PROTECT, null=True, related_name="shares", verbose_name="AA 收款"
    )
    amount = models.BigIntegerField("金额")
    remark = models.CharField("说明", max_length=LONGEST_REMARK, blank=True)
    state = models.CharField("状态", max_length=12, choices=RequestState, default=RequestState.OPEN)
    created_at = models.DateTimeField("发起时间")
    expires_at = models.DateTimeField("有效期至")
    reminded_at = models.DateTimeField("最近提醒", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="amount remark",
        c1="number requester payer split state created_at expires_at reminded_at ended_at",
        in_clear={COUNTED: "amount", "shown to whoever is asked": "remark"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "收款请求"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_request_is_for_something"),
            models.UniqueConstraint(fields=["split", "payer"], name="somebody_has_one_share_of_a_split"),
            models.CheckConstraint(
                condition=Q(payer=None) | ~Q(payer=F("requester")), name="nobody_asks_themselves"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, ended_at=None)
                | (~Q(state=RequestState.OPEN) & Q(ended_at__isnull=False)),
                name="a_request_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.PAID, RequestState.DECLINED]) | Q(payer__isnull=False),
                name="a_paid_request_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["requester", "-id"], name="request_made_newest_first"),
            models.Index(
                fields=["payer", "-id"], name="request_got_newest_first", condition=Q(payer__isnull=False)
            ),
            models.Index(fields=["expires_at"], name="request_open", condition=Q(state=RequestState.OPEN)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN


class BlockedPerson(models.Model):
    """Somebody whose requests this user does not wish to get."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    blocked = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="被屏蔽的人")
    blocked_at = models.DateTimeField("屏蔽时间")

    privacy = Privacy(c1="user blocked blocked_at")

    class Meta:
        verbose_name = verbose_name_plural = "收款屏蔽"
        constraints = [
            models.UniqueConstraint(fields=["user", "blocked"], name="a_person_is_blocked_once"),
            models.CheckConstraint(condition=~Q(user=F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.blocked_id}"
