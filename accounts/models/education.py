"""What customers should know about fraud: a card at the right moment, a short quiz, and whether it helps."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class CardMoment(models.TextChoices):
    """When the mini-program asks for cards."""

    BEFORE_FIRST_TRANSFER = "before_first_transfer", _("首次转账前")
    NEW_DEVICE = "new_device", _("在新设备登录后")
    PIN_SET = "pin_set", _("设置支付密码后")
    LARGE_PAYMENT = "large_payment", _("大额付款前")
    FIRST_TOP_UP = "first_top_up", _("首次充值前")


class SecurityCard(Timestamped):
    key = models.SlugField("网址名", max_length=48, unique=True)
    moment = models.CharField("时机", max_length=32, choices=CardMoment)
    title = models.CharField("标题", max_length=32)
    text = models.CharField("内容", max_length=300)
    article = models.SlugField("帮助文章", max_length=64, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="key moment title text article position is_active")

    class Meta:
        verbose_name = verbose_name_plural = "安全提示"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class CardSight(models.Model):
    """A customer was shown a card, and perhaps said that they have read it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="card_sights", verbose_name="用户"
    )
    card = models.ForeignKey(
        SecurityCard, on_delete=models.PROTECT, related_name="sights", verbose_name="安全提示"
    )
    shown_at = models.DateTimeField("展示时间")
    seen_at = models.DateTimeField("确认时间", null=True)

    privacy = Privacy(c1="user card shown_at seen_at")

    class Meta:
        verbose_name = verbose_name_plural = "安全提示展示"
        constraints = [models.UniqueConstraint(fields=["user", "card"], name="a_card_is_shown_once")]

    def __str__(self) -> str:
        return f"{self.card} · {self.shown_at:%Y-%m-%d %H:%M}"


class QuizQuestion(Timestamped):
    text = models.CharField("题目", max_length=200)
    explanation = models.CharField("解析", max_length=300)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="text explanation position is_active")

    class Meta:
        verbose_name = verbose_name_plural = "安全问答"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class QuizOption(models.Model):
    question = models.ForeignKey(
        QuizQuestion, on_delete=models.CASCADE, related_name="options", verbose_name="题目"
    )
    text = models.CharField("选项", max_length=100)
    is_right = models.BooleanField("正确", default=False)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    privacy = Privacy(public="question text is_right position")

    class Meta:
        verbose_name = verbose_name_plural = "选项"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(is_right=True), name="a_question_has_one_right_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class QuizAttempt(AppendOnly):
    """One try of one customer, in percent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="quiz_attempts", verbose_name="用户"
    )
    score = models.PositiveSmallIntegerField("得分", validators=[MaxValueValidator(100)])
    has_passed = models.BooleanField("通过")
    tried_at = models.DateTimeField("时间")

    privacy = Privacy(c1="user score has_passed tried_at")

    class Meta:
        verbose_name = verbose_name_plural = "问答记录"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(has_passed=True), name="the_quiz_is_passed_once"
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="a_score_is_a_percentage"),
        ]
        indexes = [models.Index(fields=["user", "tried_at"], name="quiz_attempt_by_user")]

    def __str__(self) -> str:
        return f"{self.score} · {self.tried_at:%Y-%m-%d %H:%M}"
