"""User, the one noun that every app shares, and the WeChat identity behind it."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q

from accounts.models.personal_keys import KeyDestroyed, PersonalKey
from wallet_project.kit.crypto import blind_index, blind_indexes, blind_lock
from wallet_project.kit.fields import BlindIndexField
from wallet_project.kit.masking import mask_phone
from wallet_project.kit.privacy import Privacy

_PHONE = "phone"  # what phone indexes are made for
_PHONE_COLUMN = "accounts.user.phone"


class UserStatus(models.TextChoices):
    ACTIVE = "ACTIVE", "正常"
    FROZEN = "FROZEN", "冻结"
    CLOSED = "CLOSED", "已注销"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """Customers have neither user name nor password; staff have both, and are called so by default."""
        if username:
            fields.setdefault("nickname", username[:32])
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})


def default_nickname() -> str:
    return f"微信用户{secrets.randbelow(10_000):04d}"


def indexes_of_phone(phone: str) -> list[bytes]:
    """Find the owner of a normalised number (rules.phones): `phone_index` is one of these."""
    return blind_indexes(phone, purpose=_PHONE)


def lock_of_phone(phone: str) -> int:
    """What to hold while one looks for the owner of a normalised number and writes another (kit.db)."""
    return blind_lock(phone, purpose=_PHONE)


class User(AbstractBaseUser, PermissionsMixin):
    """A customer, known by WeChat, or a member of staff, known by user name and password."""

    uid = models.UUIDField("用户号", default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("登录名", max_length=64, unique=True, null=True, blank=True)
    nickname = models.CharField("昵称", max_length=32, default=default_nickname, db_index=True)
    status = models.CharField("状态", max_length=16, choices=UserStatus, default=UserStatus.ACTIVE)
    phone_sealed = models.BinaryField("手机号（加密）", null=True, editable=False)
    phone_index = BlindIndexField(
        "手机号（盲索引）",
        purpose=_PHONE,
        of="phone",
        read_with=("personal_key",),
        null=True,
        editable=False,
    )
    phone_bound_at = models.DateTimeField("绑定手机时间", null=True, editable=False)
    is_staff = models.BooleanField("员工", default=False)
    is_active = models.BooleanField("可登录后台", default=True)
    created_at = models.DateTimeField("注册时间", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    privacy = Privacy(
        c3="password",
        c2="nickname phone_sealed phone_index",
        c1="uid username status phone_bound_at is_staff is_active is_superuser created_at"
        " last_login groups user_permissions",
        in_clear={
            "Django's own column, which holds a slow hash": "password",
            "found by its beginning at the support desk": "nickname",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        permissions = [("freeze_user", "冻结账户"), ("approve_unfreeze_user", "审批解冻账户")]
        constraints = [
            models.UniqueConstraint(fields=["phone_index"], name="a_phone_belongs_to_one_user"),
            models.CheckConstraint(
                condition=Q(phone_sealed=None, phone_index=None, phone_bound_at=None)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False, phone_bound_at__isnull=False),
                name="a_phone_is_sealed_indexed_and_dated",
            ),
        ]

    def __str__(self) -> str:
        """As others read it: nobody's login name where there is a name."""
        return self.nickname or self.username or ""

    def save(self, *args: Any, **options: Any) -> None:
        """A new user is stored together with their personal key."""
        is_new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save(*args, **options)
            if is_new:
                PersonalKey.made_for(self).save()

    @property
    def phone(self) -> str | None:
        """
        In clear, for those who must send to it; everybody else shows `phone_masked`.

        Costs a query where `personal_key` was not selected as well. None when the key was destroyed.
        """
        if self.phone_sealed is None:
            return None
        try:
            return self.personal_key.open(self.phone_sealed, column=_PHONE_COLUMN)
        except KeyDestroyed:
            return None

    @property
    def phone_masked(self) -> str | None:
        """138****8000"""
        phone = self.phone
        return phone and mask_phone(phone)

    def set_phone(self, phone: str, *, at: datetime) -> None:
        """Sealed for this user alone; `phone` must be normalised, for its index is what keeps it unique."""
        self.phone_sealed = self.personal_key.seal(phone, column=_PHONE_COLUMN)
        self.phone_index = blind_index(phone, purpose=_PHONE)
        self.phone_bound_at = at

    @property
    def own_user_ids(self) -> set[int]:
        """The accounts that are this person's own: what concerns them, somebody else decides."""
        profile = getattr(self, "staff_profile", None)
        return {self.pk, profile.customer_id} - {None} if profile else {self.pk}


def pseudonym_of_openid(openid: str, *, user_id: int) -> str:
    """
    What stands for an openid once its owner has left: whoever has the openid, the user and our key can check
    it, and nobody finds the one from the other. Each account that somebody leaves has another.
    """
    return f"left-{blind_index(f'{user_id}:{openid}', purpose='openid.left').hex()}"


class WeChatIdentity(models.Model):
    """
    A person as one mini-program knows them. The openid pays, and is never shown.

    Detached when its owner leaves: a pseudonym takes its place, and the openid is free for a new account.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="wechat_identities", verbose_name="用户"
    )
    appid = models.CharField("小程序", max_length=32)
    openid = models.CharField("openid", max_length=128)
    unionid = models.CharField("unionid", max_length=128, blank=True)
    created_at = models.DateTimeField("关联时间", auto_now_add=True)
    detached_at = models.DateTimeField("解除时间", null=True, editable=False)

    privacy = Privacy(
        c2="openid unionid",
        c1="user appid created_at detached_at",
        in_clear={"WeChat is told whom we mean by it": "openid unionid"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "微信身份"
        constraints = [
            models.UniqueConstraint(fields=["appid", "openid"], name="an_openid_belongs_to_one_user"),
            models.UniqueConstraint(fields=["user", "appid"], name="a_user_has_one_openid_per_mini_program"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.appid}"
