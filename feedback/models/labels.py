"""What tickets are sorted by afterwards: free tags, and the one cause behind each."""

from django.conf import settings
from django.db import models

from wallet_project.kit.privacy import Privacy


class RootCause(models.Model):
    """Why people had to write at all; reports count by it."""

    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=32, unique=True)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="code name is_active")

    class Meta:
        verbose_name = verbose_name_plural = "根因"

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that the desk agreed upon."""

    name = models.CharField("名称", max_length=16, unique=True)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="name is_active")

    class Meta:
        verbose_name = verbose_name_plural = "标签"

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    """A tag on a ticket, and who put it there."""

    ticket = models.ForeignKey("feedback.Ticket", models.CASCADE, related_name="tags", verbose_name="工单")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+", verbose_name="标签")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="标注人", db_index=False
    )

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="ticket tag by")

    class Meta:
        verbose_name = verbose_name_plural = "工单标签"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "tag"], name="a_tag_is_on_a_ticket_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.tag_id}"
