"""What customers suggest, who supports it, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from feedback.models.invitations import READ
from feedback.rules.suggestions import SuggestionState
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class Suggestion(models.Model):
    """
    `text` is between its author and us. What others see and vote for is `title`, in our own words; without
    one it is not public. What says the same as another is merged into it, and tells of that one's progress.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客")
    text = models.CharField("建议", max_length=500)
    title = models.CharField("公开标题", max_length=40, blank=True)
    state = models.CharField("状态", max_length=9, choices=SuggestionState, default=SuggestionState.RECEIVED)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入建议"
    )
    suggested_at = models.DateTimeField("提交时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="text", c1="number user state merged_into suggested_at", public="title", in_clear={READ: "text"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "产品建议"
        permissions = [("answer_suggestion", "答复产品建议")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="nothing_is_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(title=""), name="what_is_merged_is_voted_for_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="suggestions_to_vote_for", condition=~Q(title="")),
            models.Index(fields=["suggested_at"], name="suggestions_by_age"),
        ]

    def __str__(self) -> str:
        return self.title or self.number

    @property
    def leader(self) -> "Suggestion":
        """The one that tells of its progress."""
        return self.merged_into or self


class SuggestionStep(AppendOnly):
    """Its state changed, and what its author and its supporters were told."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="steps", verbose_name="建议")
    state = models.CharField("状态", max_length=9, choices=SuggestionState)
    reply = models.CharField("答复", max_length=300)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="suggestion state reply at")

    class Meta:
        verbose_name = verbose_name_plural = "建议进展"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.reply


class SuggestionVote(AppendOnly):
    """Somebody wants it, too."""

    suggestion = models.ForeignKey(
        Suggestion, models.CASCADE, related_name="votes", verbose_name="建议", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客")
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="suggestion user at")

    class Meta:
        verbose_name = verbose_name_plural = "建议支持"
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "user"], name="somebody_wants_a_thing_once"),
        ]

    def __str__(self) -> str:
        return str(self.suggestion)
