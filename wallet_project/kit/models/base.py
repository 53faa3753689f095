"""What many tables share."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class Timestamped(models.Model):
    created_at = models.DateTimeField("创建时间", auto_now_add=True, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True, editable=False)

    privacy = Privacy(c1="created_at updated_at")

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """Rows are written once; the application's role may not change or delete them."""

    app_role_may: tuple[str, ...] = ("SELECT", "INSERT")

    class Meta:
        abstract = True
