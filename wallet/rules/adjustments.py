"""What a customer's balance may be put right for."""

from django.db.models import TextChoices


class AdjustmentCause(TextChoices):
    """Why the books of a customer are put right by hand; each is explained in a ticket."""

    BOOKING_ERROR = "BOOKING_ERROR", "记账错误更正"
    FAILED_SERVICE = "FAILED_SERVICE", "服务失败补偿"
    DISPUTE = "DISPUTE", "争议裁定"
    FRAUD_RECOVERY = "FRAUD_RECOVERY", "追回欺诈所得"
    GOODWILL = "GOODWILL", "善意补偿"
    OTHER = "OTHER", "其他"


class Colour(TextChoices):
    PRINCIPAL = "principal", "本金"
    BONUS = "bonus", "赠金"
    CASHBACK = "cashback", "返现"
