"""PhoneChange, what a number was before; PhoneChangeRequest, somebody who lost the old one."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models.personal_keys import KeyDestroyed
from accounts.models.users import User
from wallet_project.kit.masking import mask_phone
from wallet_project.kit.privacy import Privacy


class PhoneChange(models.Model):
    """One number gave way to another; the old one is told of it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="用户")
    changed_at = models.DateTimeField("更换时间")
    old_phone_sealed = models.BinaryField("原手机号（加密）")
    by_staff = models.BooleanField("经人工审核", default=False)

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c2="old_phone_sealed", c1="user changed_at by_staff")

    class Meta:
        verbose_name = verbose_name_plural = "手机号更换"
        indexes = [models.Index(fields=["user", "-id"], name="phone_change_of_a_user")]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d %H:%M}"

    def seal_old_phone(self, phone: str) -> None:
        self.old_phone_sealed = self.user.personal_key.seal(phone, column=self._column)

    @property
    def old_phone(self) -> str | None:
        """None when its owner has left."""
        try:
            return self.user.personal_key.open(self.old_phone_sealed, column=self._column)
        except KeyDestroyed:
            return None

    @property
    def _column(self) -> str:
        return _column("accounts.phone_change.old_phone", self.changed_at)


class PhoneRequestState(models.TextChoices):
    OPEN = "OPEN", "审核中"
    DONE = "DONE", "已更换"
    REFUSED = "REFUSED", "未通过"
    WITHDRAWN = "WITHDRAWN", "已撤回"


# Drawn once: nothing moves after it has ended.
PHONE_REQUEST_MOVES = {
    PhoneRequestState.OPEN: {
        PhoneRequestState.DONE,
        PhoneRequestState.REFUSED,
        PhoneRequestState.WITHDRAWN,
    }
}


class PhoneChangeRequest(models.Model):
    """
    The new number is proven, the old one is lost: two members of staff decide.

    OPEN → DONE | REFUSED | WITHDRAWN
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="用户")
    state = models.CharField("状态", max_length=12, choices=PhoneRequestState, default=PhoneRequestState.OPEN)
    phone_sealed = models.BinaryField("新手机号（加密）")
    reason_sealed = models.BinaryField("原因（加密）")
    requested_at = models.DateTimeField("申请时间")
    ended_at = models.DateTimeField("办结时间", null=True)
    answer = models.CharField("答复", max_length=200, blank=True)

    privacy = Privacy(c2="phone_sealed reason_sealed", c1="user state requested_at ended_at answer")

    class Meta:
        verbose_name = verbose_name_plural = "换绑申请"
        permissions = [
            ("propose_phone_change", "提交换绑审批"),
            ("approve_phone_change", "审批换绑"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="OPEN"), name="a_user_asks_for_one_phone_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at=None) | (~Q(state="OPEN") & Q(ended_at__isnull=False)),
                name="a_phone_request_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"], name="phone_request_queue")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.requested_at:%Y-%m-%d %H:%M}"

    def seal(self, *, phone: str, reason: str) -> None:
        key = self.user.personal_key
        self.phone_sealed = key.seal(phone, column=self._phone_column)
        self.reason_sealed = key.seal(reason, column=self._reason_column)

    @property
    def phone(self) -> str:
        """:raises KeyDestroyed: they have left"""
        return self.user.personal_key.open(self.phone_sealed, column=self._phone_column)

    @property
    def phone_masked(self) -> str:
        try:
            return mask_phone(self.phone)
        except KeyDestroyed:
            return "****"

    @property
    def reason(self) -> str:
        try:
            return self.user.personal_key.open(self.reason_sealed, column=self._reason_column)
        except KeyDestroyed:
            return ""

    @property
    def _phone_column(self) -> str:
        return _column("accounts.phone_request.phone", self.requested_at)

    @property
    def _reason_column(self) -> str:
        return _column("accounts.phone_request.reason", self.requested_at)


def _column(name: str, at: datetime) -> str:
    """A user has several rows: the moment tells them apart."""
    return f"{name}:{at.timestamp()}"
