"""Somebody leaves: why, what was offered, what they agreed to, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.closures import LIVE
from accounts.rules.closures import ClosureState as State
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class ClosureReason(models.TextChoices):
    NOT_USED = "NOT_USED", _("不再使用")
    PRIVACY = "PRIVACY", _("担心隐私或资金安全")
    TROUBLE = "TROUBLE", _("使用中遇到问题")
    NO_BENEFIT = "NO_BENEFIT", _("优惠太少")
    OTHER_ACCOUNT = "OTHER_ACCOUNT", _("换用另一个账户")
    OTHER = "OTHER", _("其他原因")


class OfferAction(models.TextChoices):
    """What the mini-program does when the offer is accepted."""

    STAY = "STAY", _("保留账户")
    TALK = "TALK", _("联系客服")
    READ = "READ", _("查看帮助文章")


class OfferAnswer(models.TextChoices):
    ACCEPTED = "ACCEPTED", _("接受")
    DECLINED = "DECLINED", _("谢绝")


class ClosureState(models.TextChoices):
    OPEN = State.OPEN, _("待确认")
    COOLING = State.COOLING, _("冷静期")
    CANCELLED = State.CANCELLED, _("已撤回")
    LAPSED = State.LAPSED, _("逾期未确认")
    REFUSED = State.REFUSED, _("未能注销")
    CLOSED = State.CLOSED, _("已注销")


class SaveOffer(Timestamped):
    """What we say to somebody who leaves for this reason."""

    reason = models.CharField("注销原因", max_length=16, choices=ClosureReason)
    title = models.CharField("标题", max_length=64)
    text = models.TextField("内容", max_length=500)
    action = models.CharField("接受后", max_length=8, choices=OfferAction)
    article = models.SlugField(
        "帮助文章", max_length=64, blank=True, help_text="查看帮助文章时填写文章的网址名"
    )
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="reason title text action article is_active")

    class Meta:
        verbose_name = verbose_name_plural = "挽留方案"
        constraints = [
            models.UniqueConstraint(
                fields=["reason"], condition=Q(is_active=True), name="a_reason_has_one_active_offer"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ClosureRequest(models.Model):
    """
    Its moves are drawn in accounts/rules/closures.py. Amounts are fen: `balance` is what was left when it
    began, `gives_up` what its owner has agreed to lose. The comment is sealed with the personal key and goes
    with it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="closures", verbose_name="用户"
    )
    state = models.CharField("状态", max_length=12, choices=ClosureState, default=ClosureState.OPEN)
    reason = models.CharField("原因", max_length=16, choices=ClosureReason)
    comment_sealed = models.BinaryField("补充说明（加密）", null=True, editable=False)
    balance = models.BigIntegerField("发起时余额")
    gives_up = models.BigIntegerField("同意放弃", default=0)
    offer = models.ForeignKey(
        SaveOffer, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="挽留方案"
    )
    offer_shown_at = models.DateTimeField("方案展示时间", null=True)
    offer_answer = models.CharField("对方案的答复", max_length=8, choices=OfferAnswer, blank=True)
    offer_answered_at = models.DateTimeField("答复时间", null=True)
    began_at = models.DateTimeField("发起时间")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    due_at = models.DateTimeField("注销时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_because = models.CharField("结束说明", max_length=200, blank=True)

    privacy = Privacy(
        c2="comment_sealed balance gives_up",
        c1="user state reason offer offer_shown_at offer_answer offer_answered_at"
        " began_at confirmed_at due_at ended_at ended_because",
        in_clear={COUNTED: "balance gives_up"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "注销申请"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=LIVE), name="a_user_leaves_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state=State.CLOSED), name="a_user_has_left_for_good"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at=None) | (~Q(state__in=LIVE) & Q(ended_at__isnull=False)),
                name="a_closure_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.COOLING, State.CLOSED, State.REFUSED))
                | Q(confirmed_at__isnull=False, due_at__isnull=False),
                name="a_closure_cools_after_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(offer_answer="", offer_answered_at=None)
                | Q(offer_shown_at__isnull=False, offer_answered_at__isnull=False),
                name="an_offer_is_shown_before_it_is_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="closure_due", condition=Q(state=State.COOLING)),
            models.Index(fields=["began_at"], name="closure_began"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.get_state_display()}"
