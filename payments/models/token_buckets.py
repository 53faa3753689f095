"""How many more requests somebody else's server may be asked in a moment."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class TokenBucket(models.Model):
    """`tokens` as they were `at` that moment; in PostgreSQL, so that all workers draw from one."""

    name = models.CharField(max_length=32, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="name tokens at")

    class Meta:
        verbose_name = verbose_name_plural = "请求配额"

    def __str__(self) -> str:
        return self.name
