"""What "WeChat" remembers: codes, orders, payments, refunds, callbacks, persons. Amounts are integer fen."""

from django.db import models

from wallet_project.sandbox.bill_models import BillAccount as BillAccount
from wallet_project.sandbox.bill_models import BillCard as BillCard
from wallet_project.sandbox.bill_models import BillPayment as BillPayment
from wallet_project.sandbox.complaint_models import Complaint as Complaint
from wallet_project.sandbox.complaint_models import ComplaintAddress as ComplaintAddress
from wallet_project.sandbox.complaint_models import ComplaintImage as ComplaintImage
from wallet_project.sandbox.complaint_models import ComplaintStep as ComplaintStep
from wallet_project.sandbox.shipping_models import Shipping as Shipping
from wallet_project.sandbox.subscribe_models import SubscribeMessage as SubscribeMessage
from wallet_project.sandbox.subscribe_models import SubscribeTemplate as SubscribeTemplate
from wallet_project.sandbox.subscribe_models import Subscription as Subscription
from wallet_project.sandbox.transfer_models import MerchantTransfer as MerchantTransfer
from wallet_project.sandbox.transfer_models import WeChatName as WeChatName


class LoginCode(models.Model):
    """What `wx.login` gave a mini-program: single use, five minutes."""

    code = models.CharField(max_length=64, unique=True)
    openid = models.CharField(max_length=128)
    minted_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class PhoneCode(models.Model):
    """What the phone-number button gave a mini-program: single use, five minutes."""

    code = models.CharField(max_length=64, unique=True)
    openid = models.CharField(max_length=128, blank=True)
    phone = models.CharField(max_length=20)
    minted_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class RiskRank(models.Model):
    """What WeChat thinks of a person: 0, nothing known, to 4, the worst."""

    openid = models.CharField(max_length=128, unique=True)
    rank = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.openid} {self.rank}"


class TextMessage(models.Model):
    """One text message that reached a phone. From a vendor only its parameters are known, not its words."""

    phone = models.CharField(max_length=20, db_index=True)  # E.164
    template = models.CharField(max_length=64)
    text = models.TextField()
    vendor = models.CharField(max_length=16)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.phone} {self.template}"


class SoterKey(models.Model):
    """The key in one phone's secure hardware that vouches for one person's finger."""

    openid = models.CharField(max_length=128)
    device = models.CharField(max_length=64)
    cpu_id = models.CharField(max_length=64)
    private_key = models.TextField()
    counter = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["openid", "device"], name="a_phone_has_one_key_per_person")
        ]

    def __str__(self) -> str:
        return self.device


class AccessToken(models.Model):
    """A stable access token; the newest that is not revoked is the one in force."""

    token = models.CharField(max_length=512, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    forced = models.BooleanField(default=False)
    revoked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.issued_at:%F %T}"


class TradeState(models.TextChoices):
    """NOTPAY → SUCCESS | CLOSED; SUCCESS → REFUND. CLOSED → SUCCESS only as the race of a late payer."""

    NOTPAY = "NOTPAY", "订单未支付"
    SUCCESS = "SUCCESS", "支付成功"
    REFUND = "REFUND", "转入退款"
    CLOSED = "CLOSED", "订单已关闭"


class Order(models.Model):
    """One out_trade_no of the merchant, with the prepay in force."""

    out_trade_no = models.CharField(max_length=32, unique=True)
    prepay_id = models.CharField(max_length=64, unique=True)
    prepaid_at = models.DateTimeField()
    asked = models.JSONField()  # the first request, to compare a repeated one with
    openid = models.CharField(max_length=128)
    total = models.PositiveIntegerField()
    description = models.CharField(max_length=127)
    attach = models.CharField(max_length=128, blank=True)
    notify_url = models.CharField(max_length=255)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=TradeState, default=TradeState.NOTPAY)
    cancels = models.PositiveIntegerField(default=0)  # how often the payer looked and went away
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.out_trade_no


class Transaction(models.Model):
    """Money a payer paid. One order has one, unless its payer paid twice."""

    transaction_id = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="transactions")
    openid = models.CharField(max_length=128)
    total = models.PositiveIntegerField()
    paid_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.transaction_id


class RefundStatus(models.TextChoices):
    PROCESSING = "PROCESSING", "退款处理中"
    SUCCESS = "SUCCESS", "退款成功"
    ABNORMAL = "ABNORMAL", "退款异常"
    CLOSED = "CLOSED", "退款关闭"


class Refund(models.Model):
    """One out_refund_no. It becomes `outcome` at `due_at`; without one it stays as it is until told."""

    refund_id = models.CharField(max_length=32, unique=True)
    out_refund_no = models.CharField(max_length=64, unique=True)
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField()
    reason = models.CharField(max_length=80, blank=True)
    notify_url = models.CharField(max_length=256, blank=True)
    status = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.PROCESSING)
    outcome = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.SUCCESS)
    due_at = models.DateTimeField(null=True, db_index=True)
    success_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.out_refund_no


class NoticeState(models.TextChoices):
    WAITING = "WAITING", "待发送"
    SENDING = "SENDING", "发送中"
    HELD = "HELD", "扣住待乱序"
    DELIVERED = "DELIVERED", "已送达"
    GIVEN_UP = "GIVEN_UP", "已放弃"
    DROPPED = "DROPPED", "未发送"


class Notice(models.Model):
    """One callback event, sent until it is answered or its schedule is over."""

    event_id = models.CharField(max_length=40)
    event_type = models.CharField(max_length=40)
    original_type = models.CharField(max_length=20)
    summary = models.CharField(max_length=40)
    resource = models.JSONField()
    notify_url = models.CharField(max_length=512)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=NoticeState, default=NoticeState.WAITING)
    due_at = models.DateTimeField(null=True)
    retries = models.PositiveIntegerField(default=0)  # steps of the schedule that are used up
    repeats = models.PositiveIntegerField(default=0)  # still to be sent although already answered
    flaw = models.CharField(max_length=20, blank=True)  # what is wrong with its first sending

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="notice_by_due_time")]

    def __str__(self) -> str:
        return self.event_id


class Attempt(models.Model):
    """One sending of a callback and what came back; `status` is empty when nothing did."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts")
    sent_at = models.DateTimeField()
    flaw = models.CharField(max_length=20, blank=True)
    serial = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.notice_id} {self.status}"


class RegistryAnswer(models.Model):
    """What the registry of persons says of one ID number; of all others it says that everything matches."""

    id_number = models.CharField(max_length=18, unique=True)
    answer = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.id_number} {self.answer}"


class RegistryQuestion(models.Model):
    """One question to the registry, and the code it was answered with."""

    action = models.CharField(max_length=40)
    name = models.CharField(max_length=64)
    id_number = models.CharField(max_length=32)
    phone = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=8)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.action} {self.code}"


class FaceSession(models.Model):
    """Somebody is to show their face; `result` is empty until they have."""

    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=64)
    id_number = models.CharField(max_length=32)
    extra = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.token
