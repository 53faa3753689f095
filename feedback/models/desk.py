"""How agents look at their queue, and who looks at what."""

from django.conf import settings
from django.db import models

from feedback.models.tickets import Ticket
from wallet_project.kit.privacy import Privacy


class SavedView(models.Model):
    """A way to look at the queue, under a name: the filters as they stand in the address of the page."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="所有者"
    )
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=300)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="owner name query")

    class Meta:
        verbose_name = verbose_name_plural = "工单视图"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="an_agent_names_a_view_once")]

    def __str__(self) -> str:
        return self.name


class TicketLook(models.Model):
    """A member of staff has a ticket open, and is perhaps writing; a minute later they have not."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="looks", verbose_name="工单")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="客服", db_index=False
    )
    is_writing = models.BooleanField("正在回复", default=False)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="ticket user is_writing at")

    class Meta:
        verbose_name = verbose_name_plural = "工单查看"
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="one_looks_at_a_ticket_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.user_id}"
