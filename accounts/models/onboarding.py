"""The first steps of a new customer, as rows, and how far each customer has come."""

from django.conf import settings
from django.db import models

from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class OnboardingStep(Timestamped):
    """Its key names what completes it: bind_phone, set_pin, first_top_up, first_payment, real_name, quiz."""

    key = models.SlugField("步骤", max_length=32, unique=True)
    title = models.CharField("标题", max_length=32)
    text = models.CharField("说明", max_length=200)
    reward_text = models.CharField("奖励说明", max_length=64, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="key title text reward_text position is_active")

    class Meta:
        verbose_name = verbose_name_plural = "新手任务"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class OnboardingProgress(AppendOnly):
    """A customer has done a step."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="onboarding", verbose_name="用户"
    )
    step = models.ForeignKey(
        OnboardingStep, on_delete=models.PROTECT, related_name="done", verbose_name="步骤"
    )
    done_at = models.DateTimeField("完成时间")

    privacy = Privacy(c1="user step done_at")

    class Meta:
        verbose_name = verbose_name_plural = "新手任务进度"
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="a_step_is_done_once")]

    def __str__(self) -> str:
        return f"{self.step} · {self.done_at:%Y-%m-%d %H:%M}"


class OnboardingFinish(AppendOnly):
    """A customer has done every step there was; a step that is added later does not make them do it again."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="onboarding_finish",
        verbose_name="用户",
    )
    finished_at = models.DateTimeField("完成时间")

    privacy = Privacy(c1="user finished_at")

    class Meta:
        verbose_name = verbose_name_plural = "新手任务完成"

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}"
