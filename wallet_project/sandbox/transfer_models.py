"""What WeChat remembers of merchant transfers: money of the merchant on its way to a person. Integer fen."""

from django.db import models


class TransferState(models.TextChoices):
    """… → WAIT_USER_CONFIRM → TRANSFERING → SUCCESS | FAIL; before that → CANCELING → CANCELLED."""

    ACCEPTED = "ACCEPTED", "已受理"
    PROCESSING = "PROCESSING", "处理中"
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM", "待收款用户确认"
    TRANSFERING = "TRANSFERING", "转账中"
    SUCCESS = "SUCCESS", "转账成功"
    FAIL = "FAIL", "转账失败"
    CANCELING = "CANCELING", "撤销中"
    CANCELLED = "CANCELLED", "已撤销"


class MerchantTransfer(models.Model):
    """One out_bill_no. At `due_at` its state moves on by itself; without one it stays until told."""

    transfer_bill_no = models.CharField(max_length=64, unique=True)
    out_bill_no = models.CharField(max_length=32, unique=True)
    asked = models.JSONField()  # the first request, its name in clear, to compare a repeated one with
    openid = models.CharField(max_length=64)
    amount = models.PositiveIntegerField()
    remark = models.CharField(max_length=32)
    notify_url = models.CharField(max_length=256, blank=True)
    package_info = models.CharField(max_length=256, unique=True)
    state = models.CharField(max_length=20, choices=TransferState, default=TransferState.WAIT_USER_CONFIRM)
    fail_reason = models.CharField(max_length=48, blank=True)
    fails_with = models.CharField(max_length=48, blank=True)  # what it will fail with; empty: it succeeds
    is_stuck = models.BooleanField(default=False)  # what is under way stays so until told
    looks = models.PositiveIntegerField(default=0)  # how often its person looked and went away
    due_at = models.DateTimeField(null=True, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.out_bill_no


class WeChatName(models.Model):
    """The real name that WeChat knows a person by; without a row it believes whatever name it is told."""

    openid = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.openid
