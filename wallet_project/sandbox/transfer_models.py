"""What WeChat remembers of merchant transfers: money of the merchant on its way to a person. Integer fen."""

from django.db import models

# Every fail_reason of MCHTRANSFER.BILL.FINISHED (WeChat Pay v3 doc 4012712115).
FAIL_REASONS = {
    "ACCOUNT_FROZEN",
    "ACCOUNT_NOT_EXIST",
    "BANK_CARD_ACCOUNT_ABNORMAL",
    "BANK_CARD_BANK_INFO_WRONG",
    "BANK_CARD_CARD_INFO_WRONG",
    "BANK_CARD_COLLECTIONS_ABOVE_QUOTA",
    "BANK_CARD_PARAM_ERROR",
    "BANK_CARD_STATUS_ABNORMAL",
    "BLOCK_B2C_USERLIMITAMOUNT_BSRULE_MONTH",
    "BLOCK_B2C_USERLIMITAMOUNT_MONTH",
    "BUDGET_NOT_ENOUGH",
    "DAY_RECEIVED_COUNT_EXCEED",
    "DAY_RECEIVED_QUOTA_EXCEED",
    "EXCEEDED_ESTIMATED_AMOUNT",
    "ID_CARD_NOT_CORRECT",
    "MCH_CANCEL",
    "MERCHANT_NOT_CONFIRM",
    "MERCHANT_REJECT",
    "NAME_NOT_CORRECT",
    "OPENID_INVALID",
    "OTHER_FAIL_REASON_TYPE",
    "OVERDUE_CLOSE",
    "PAYEE_ACCOUNT_ABNORMAL",
    "PAYER_ACCOUNT_ABNORMAL",
    "PRODUCT_AUTH_CHECK_FAIL",
    "REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED",
    "REAL_NAME_CHECK_FAIL",
    "RECEIVE_ACCOUNT_NOT_CONFIGURE",
    "RELATED_ORDER_TRANSFER_AMOUNT_EXCEED",
    "RELATED_ORDER_TRANSFER_COUNT_EXCEED",
    "RESERVATION_INFO_NOT_MATCH",
    "RESERVATION_SCENE_NOT_MATCH",
    "RESERVATION_STATE_INVALID",
    "TRANSFER_QUOTA_EXCEED",
    "TRANSFER_REMARK_SET_FAIL",
    "TRANSFER_RISK",
    "TRANSFER_SCENE_INVALID",
    "TRANSFER_SCENE_UNAVAILABLE",
}


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
