"""Session: one login on one device, and the hashes of its tokens."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.devices import Device
from wallet_project.kit.privacy import Privacy


class RevokeReason(models.TextChoices):
    LOGGED_OUT = "LOGGED_OUT", "用户退出"
    REPLACED = "REPLACED", "同一设备重新登录"
    TOKEN_REUSED = "TOKEN_REUSED", "旧刷新凭证被再次使用"
    PIN_CHANGED = "PIN_CHANGED", "支付密码已变更"
    OTHER_DEVICE = "OTHER_DEVICE", "刷新凭证出现在其他设备"
    REMOVED = "REMOVED", "用户移除设备"
    OTHERS_ENDED = "OTHERS_ENDED", "用户退出其他设备"
    PHONE_CHANGED = "PHONE_CHANGED", "更换手机号"
    MERGED = "MERGED", "账户合并"
    FROZEN = "FROZEN", "账户冻结"
    CLOSED = "CLOSED", "账户注销"


class Session(models.Model):
    """
    Both tokens read `family.secret`. The family stays for the session's life, so a token of any earlier
    generation is recognised as such: an old access token is merely expired, an old refresh token is a theft.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions", verbose_name="用户"
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="sessions", verbose_name="设备")
    family_hash = models.BinaryField("会话族", max_length=32)
    access_hash = models.BinaryField("访问凭证", max_length=32)
    access_expires_at = models.DateTimeField("访问凭证到期")
    refresh_hash = models.BinaryField("刷新凭证", max_length=32)
    refresh_expires_at = models.DateTimeField("会话到期")
    previous_refresh_hash = models.BinaryField("上一个刷新凭证", max_length=32, null=True)
    refreshed_at = models.DateTimeField("最近刷新", null=True)
    created_at = models.DateTimeField("登录时间")
    created_ip = models.CharField("登录 IP", max_length=64, blank=True)
    last_seen_at = models.DateTimeField("最近活动")
    last_seen_ip = models.CharField("最近 IP", max_length=64, blank=True)
    revoked_at = models.DateTimeField("结束时间", null=True)
    revoke_reason = models.CharField("结束原因", max_length=16, choices=RevokeReason, blank=True)

    privacy = Privacy(
        c3="family_hash access_hash refresh_hash previous_refresh_hash",
        c2="created_ip last_seen_ip",
        c1="user device access_expires_at refresh_expires_at refreshed_at created_at"
        " last_seen_at revoked_at revoke_reason",
        in_clear={"shown to its owner, who knows where they were": "created_ip last_seen_ip"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "会话"
        constraints = [
            models.UniqueConstraint(fields=["family_hash"], name="a_token_family_is_one_session"),
            models.UniqueConstraint(
                fields=["device"], condition=Q(revoked_at=None), name="a_device_has_one_open_session"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="a_revoked_session_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["revoked_at"], name="session_revoked_at"),
            models.Index(fields=["refresh_expires_at"], name="session_expires_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.created_at:%Y-%m-%d %H:%M}"
