"""What people asked before they opened a ticket, or did not open one."""

from django.conf import settings
from django.db import models

from feedback.models.faq import Article
from feedback.models.tickets import Ticket
from feedback.rules.consultations import Outcome
from feedback.rules.tickets import TicketKind
from wallet_project.kit.privacy import Privacy

IMPROVES = "read by whoever writes the articles, who learns what is missing; gone after half a year"


class Consultation(models.Model):
    """A question, how many articles were offered, and whether one of them was the answer."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    kind = models.CharField("类型", max_length=12, choices=TicketKind)
    question = models.CharField("问题", max_length=500)
    found = models.PositiveSmallIntegerField("推荐文章数")
    outcome = models.CharField("结果", max_length=8, choices=Outcome, default=Outcome.ASKED)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, related_name="+", verbose_name="解决问题的文章"
    )
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, related_name="+", verbose_name="工单", db_index=False
    )
    asked_at = models.DateTimeField("提问时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="question", c1="user kind found outcome article ticket asked_at", in_clear={IMPROVES: "question"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "自助咨询"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="TICKET") | models.Q(article=None),
                name="what_became_a_ticket_was_not_solved",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="consultations_of_a_person"),
            models.Index(fields=["asked_at"], name="consultation_by_age"),
        ]

    def __str__(self) -> str:
        return self.question
