"""A customer's own money on its way to their WeChat balance."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.rules.transfers import STOPPABLE, UNDECIDED, TransferState, failure_in_words
from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class MerchantTransfer(Timestamped):
    """
    One transfer at WeChat under one number, which never changes however often it is asked for: part of a
    `withdrawal`, or what somebody who leaves takes along. Its moves are drawn in payments/rules/transfers.py.

    What we tell WeChat (`appid`, `openid`, `scene`, `named`) is kept, because the same number must always say
    the same. The package opens the page on which its customer confirms, so it is a credential while that is
    possible, and forgotten afterwards. `asked_at` is when it was last asked for: since then, and for a few
    minutes, it may come to be. `stopped_at`: it is not asked for any more, and called off where it exists.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        REQUESTED = TransferState.REQUESTED, _("处理中")
        ACCEPTED = TransferState.ACCEPTED, _("微信已受理")
        PROCESSING = TransferState.PROCESSING, _("微信处理中")
        WAIT_USER_CONFIRM = TransferState.WAIT_USER_CONFIRM, _("待您确认收款")
        TRANSFERING = TransferState.TRANSFERING, _("到账中")
        CANCELING = TransferState.CANCELING, _("取消中")
        SUCCESS = TransferState.SUCCESS, _("已到账")
        FAIL = TransferState.FAIL, _("未成功，已退回钱包")
        CANCELLED = TransferState.CANCELLED, _("已取消，已退回钱包")
        REFUSED = TransferState.REFUSED, _("微信未受理，已退回钱包")

    number = models.CharField("转账单号", max_length=32, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="用户")
    withdrawal = models.ForeignKey(
        "wallet.Withdrawal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="提现单",
    )
    amount = models.BigIntegerField("转账金额")
    appid = models.CharField("AppID", max_length=32)
    mchid = models.CharField("商户号", max_length=32)
    openid = models.CharField("OpenID", max_length=128, blank=True)
    scene = models.JSONField("转账场景")
    named = models.BooleanField("校验姓名", default=False)
    state = models.CharField("状态", max_length=20, choices=State, default=State.REQUESTED)
    bill_no = models.CharField("微信转账单号", max_length=64, null=True, blank=True, unique=True)
    package_sealed = SealedField(
        "收款凭据（加密）",
        null=True,
        editable=False,
        belongs_to="payments.merchant_transfer.package:{number}",
    )
    reason = models.CharField("失败原因", max_length=64, blank=True)
    asked_at = models.DateTimeField("最近请求", null=True, blank=True)
    stopped_at = models.DateTimeField("要求撤销", null=True, blank=True)
    stopped_because = models.CharField("撤销原因", max_length=200, blank=True)
    reminded_at = models.DateTimeField("提醒顾客", null=True, blank=True)
    queries = models.PositiveSmallIntegerField("查询次数", default=0)
    next_query_at = models.DateTimeField("下次查询", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    learned_via = models.CharField("得知途径", max_length=16, blank=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    privacy = Privacy(
        c3="package_sealed",
        c2="amount openid",
        c1="number user withdrawal appid mchid scene named state bill_no reason asked_at stopped_at"
        " stopped_because reminded_at queries next_query_at finished_at learned_via last_error",
        in_clear={COUNTED: "amount", "compared with what WeChat says it paid": "openid"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "商家转账"
        permissions = [
            ("stop_merchanttransfer", "撤销商家转账"),
            ("propose_transfer_outcome", "申请认定转账结果"),
            ("approve_transfer_outcome", "批准认定转账结果"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_merchant_transfer_is_of_something"),
            models.UniqueConstraint(
                fields=["withdrawal"],
                condition=Q(state__in=UNDECIDED),
                name="a_withdrawal_has_one_transfer_that_may_happen",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=UNDECIDED, withdrawal=None),
                name="a_leaver_has_one_transfer_that_may_happen",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED, finished_at=None)
                | (~Q(state__in=UNDECIDED) & Q(finished_at__isnull=False, next_query_at=None)),
                name="an_ended_merchant_transfer_says_when",
            ),
            models.CheckConstraint(
                condition=Q(package_sealed=None) | Q(state__in=UNDECIDED),
                name="the_package_of_an_ended_transfer_is_forgotten",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"],
                name="transfer_to_query",
                condition=Q(next_query_at__isnull=False),
            ),
            models.Index(fields=["user", "-id"], name="merchant_transfer_of_user"),
            models.Index(fields=["withdrawal"], name="transfer_of_withdrawal"),
            models.Index(fields=["created_at"], name="own_money_taken_along", condition=Q(withdrawal=None)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def state_in_words(self) -> str:
        """For its customer: one that shall not happen is being cancelled, whatever WeChat knows of it."""
        shown = (
            self.State.CANCELING if self.stopped_at and self.state in STOPPABLE else self.State(self.state)
        )
        return str(shown.label)

    @property
    def package(self) -> str:
        """What `wx.requestMerchantTransfer` is given; empty where nobody can confirm (any more)."""
        waits = self.state == TransferState.WAIT_USER_CONFIRM and self.package_sealed is not None
        return open_column(self, "package_sealed") if waits else ""

    @package.setter
    def package(self, package: str) -> None:
        seal_column(self, "package_sealed", package)

    @property
    def failure(self) -> str:
        """Why it did not happen, for the customer; empty otherwise."""
        return failure_in_words(self.reason) if self.state == TransferState.FAIL else ""
