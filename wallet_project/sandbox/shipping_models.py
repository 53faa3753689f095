"""What WeChat remembers of goods that a merchant says it has sent."""

from django.db import models


class Shipping(models.Model):
    """The last word about one transaction, and how often it was said anew: twice at most."""

    transaction_id = models.CharField(max_length=32, unique=True)
    told = models.JSONField()
    times = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.transaction_id
