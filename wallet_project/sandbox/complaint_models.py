"""What WeChat remembers of payers who complain about the merchant. Amounts are integer fen."""

from django.db import models


class ComplaintState(models.TextChoices):
    """PENDING until the merchant first answers; PROCESSED when it says so, or the payer takes it back."""

    PENDING = "PENDING", "待处理"
    PROCESSING = "PROCESSING", "处理中"
    PROCESSED = "PROCESSED", "已处理完成"


class Complaint(models.Model):
    """One complaint; `times` counts the payer's, the first and every one that continues it."""

    complaint_id = models.CharField(max_length=64, unique=True)
    transaction = models.ForeignKey("sandbox.Transaction", on_delete=models.PROTECT, null=True)
    openid = models.CharField(max_length=128)
    phone = models.CharField(max_length=20)
    detail = models.CharField(max_length=300)
    problem_type = models.CharField(max_length=20)
    refund_wanted = models.PositiveIntegerField(null=True)
    refund_decision = models.CharField(max_length=8, blank=True)  # APPROVE or REJECT, by the merchant
    state = models.CharField(max_length=12, choices=ComplaintState, default=ComplaintState.PENDING)
    times = models.PositiveIntegerField(default=1)
    is_unanswered = models.BooleanField(default=False)
    with_platform = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    images = models.JSONField(default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.complaint_id


class ComplaintStep(models.Model):
    """One line of a negotiation's history."""

    log_id = models.CharField(max_length=64, unique=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    operator = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    details = models.CharField(max_length=500, blank=True)
    images = models.JSONField(default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"


class ComplaintImage(models.Model):
    """A picture, the payer's or the merchant's."""

    media_id = models.CharField(max_length=80, unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.media_id


class ComplaintAddress(models.Model):
    """Where the merchant wants to hear of complaints; without a row it hears of none."""

    url = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.url
