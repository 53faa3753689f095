"""What the biller platform remembers: accounts and what they owe, bound cards, payments. Integer fen."""

from django.db import models


class BillAccount(models.Model):
    """One customer of one biller. `due` is their open bill, zero: none; prepaid kinds take any amount."""

    biller = models.CharField(max_length=32)
    account = models.CharField(max_length=32)
    owner = models.CharField(max_length=64)
    due = models.PositiveIntegerField(default=0)
    due_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["biller", "account"], name="a_biller_has_an_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.biller} {self.account}"


class BillCard(models.Model):
    """A credit card that somebody (`owner`, in the merchant's words) may repay by its token."""

    token = models.CharField(max_length=64, unique=True)
    owner = models.CharField(max_length=64)
    number_hash = models.CharField(max_length=64)
    last_four = models.CharField(max_length=4)
    bank = models.CharField(max_length=32)
    holder = models.CharField(max_length=64)
    due = models.PositiveIntegerField(default=0)
    due_date = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "number_hash"],
                condition=models.Q(released_at=None),
                name="an_owner_binds_a_card_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.last_four}"


class BillState(models.TextChoices):
    PROCESSING = "PROCESSING", "处理中"
    SUCCESS = "SUCCESS", "缴费成功"
    FAILED = "FAILED", "缴费失败"
    REVERSED = "REVERSED", "已退回"


class BillPayment(models.Model):
    """
    One number of the merchant's. It becomes `outcome` at `due_at`, and is reversed at `reverse_at`.

    `unheard`: the request is still on its way, and nobody who asks for the number finds it.
    """

    payment_id = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=32, unique=True)
    asked = models.JSONField()  # the first request, to compare a repeated one with
    biller = models.CharField(max_length=32)
    to = models.CharField(max_length=64)  # an account, or a card's last four
    amount = models.PositiveIntegerField()
    notify_url = models.CharField(max_length=255)
    state = models.CharField(max_length=12, choices=BillState, default=BillState.PROCESSING)
    reason = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=12, choices=BillState, default=BillState.SUCCESS)
    unheard = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, db_index=True)
    reverse_at = models.DateTimeField(null=True, db_index=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number
