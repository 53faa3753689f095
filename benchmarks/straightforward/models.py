"""Accounts, transactions, entries."""

from django.db import models
from django.db.models import Q


class Account(models.Model):
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="straightforward_not_overdrawn")
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class Transaction(models.Model):
    key = models.CharField(max_length=96, unique=True)
    kind = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"
