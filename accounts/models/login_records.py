"""LoginRecord: who came in, who was kept out, which session was ended. Written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.sessions import RevokeReason
from wallet_project.kit.privacy import Privacy


class LoginMethod(models.TextChoices):
    WECHAT = "WECHAT", "微信"
    PHONE = "PHONE", "短信验证码"


class LoginOutcome(models.TextChoices):
    LOGGED_IN = "LOGGED_IN", "登录成功"
    REFUSED = "REFUSED", "登录被拒绝"
    ENDED = "ENDED", "会话结束"


class LoginRecord(models.Model):
    """
    What its owner is shown of their logins. The device is written down as it was, for devices change their
    names. `reason` says why a session ended.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="用户"
    )
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=12, choices=LoginOutcome)
    method = models.CharField("方式", max_length=8, choices=LoginMethod, blank=True)
    reason = models.CharField("结束原因", max_length=16, choices=RevokeReason, blank=True)
    device_id = models.CharField("设备号", max_length=64)
    device_name = models.CharField("设备", max_length=64, blank=True)
    platform = models.CharField("平台", max_length=32, blank=True)
    is_new_device = models.BooleanField("新设备", default=False)
    ip = models.CharField("IP", max_length=64, blank=True)

    app_role_may = ("SELECT", "INSERT", "DELETE")  # never changed; deleted only when its time is over
    privacy = Privacy(
        c2="device_id device_name",
        c1="user at outcome method reason platform is_new_device ip",
        in_clear={"shown to its owner, as the devices are": "device_id device_name"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome="ENDED", method="") & ~Q(reason=""))
                | (~Q(outcome="ENDED") & ~Q(method="") & Q(reason="")),
                name="a_login_has_a_method_and_an_end_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="login_record_of_a_user"),
            models.Index(fields=["at"], name="login_record_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.at:%Y-%m-%d %H:%M}"
