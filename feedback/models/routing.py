"""Who takes tickets."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from feedback.models.tickets import Queue
from feedback.rules.routing import Skill
from wallet_project.kit.privacy import Privacy


class Agent(models.Model):
    """
    Somebody of the staff who takes tickets: how many at once that wait for us, and whether they are there.
    Whoever `takes_new` and was seen a moment ago is given new ones.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="客服"
    )
    capacity = models.PositiveSmallIntegerField("同时处理上限", default=8)
    takes_new = models.BooleanField("接新单", default=False)
    seen_at = models.DateTimeField("最近在线", null=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="user capacity takes_new seen_at")

    class Meta:
        verbose_name = verbose_name_plural = "客服人员"
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="an_agent_can_carry_something")
        ]

    def __str__(self) -> str:
        return str(self.user)


class AgentSkill(models.Model):
    """An agent has learnt a queue."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="skills", verbose_name="客服")
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="+", verbose_name="队列")
    level = models.PositiveSmallIntegerField("熟练度", choices=Skill, default=Skill.ABLE)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="agent queue level")

    class Meta:
        verbose_name = verbose_name_plural = "技能"
        constraints = [
            models.UniqueConstraint(fields=["agent", "queue"], name="an_agent_learns_a_queue_once")
        ]

    def __str__(self) -> str:
        return f"{self.queue} · {self.get_level_display()}"
