"""PersonalKey: what opens everything personal about one user. Without it that is noise."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.kit import crypto
from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.privacy import Privacy


class KeyDestroyed(crypto.CannotOpen):
    """Nobody will ever read what was sealed with this key."""


class PersonalKey(models.Model):
    """
    A random data key, stored sealed with the key ring, made with its user.

    Changing the ring seals this again and nothing else. Destroying it erases, at once and wherever it is
    stored, everything that was sealed with it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="personal_key",
        verbose_name="用户",
    )
    key_sealed = SealedField("数据密钥（加密）", null=True, belongs_to="accounts.personal_key:{user_id}")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    destroyed_at = models.DateTimeField("销毁时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c3="key_sealed", c1="user created_at destroyed_at")

    class Meta:
        verbose_name = verbose_name_plural = "个人密钥"
        constraints = [
            models.CheckConstraint(
                condition=Q(key_sealed__isnull=False, destroyed_at=None)
                | Q(key_sealed=None, destroyed_at__isnull=False),
                name="a_personal_key_is_there_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.user_id}"

    @classmethod
    def made_for(cls, user: models.Model) -> Self:
        """A new key, not yet stored."""
        made = cls(user=user)
        seal_column(made, "key_sealed", crypto.new_key().hex())
        return made

    def seal(self, text: str, *, column: str) -> bytes:
        """
        Encrypt for this user alone; `column` is for example 'accounts.user.phone'. Where a user has several
        rows in a table, name the row as well, or one could be put in another's place.

        :raises KeyDestroyed: there is no key any more
        """
        return crypto.seal_with(self._key(), text, belongs_to=self._named(column))

    def open(self, sealed: bytes | memoryview, *, column: str) -> str:
        """
        :raises KeyDestroyed: there is no key any more
        :raises CannotOpen: tampered with, or sealed for another user or column
        """
        return crypto.open_with(self._key(), sealed, belongs_to=self._named(column))

    def _key(self) -> bytes:
        if self.key_sealed is None:
            raise KeyDestroyed(f"the key of user {self.user_id} was destroyed")
        return bytes.fromhex(open_column(self, "key_sealed"))

    def _named(self, column: str) -> str:
        return f"{column}:{self.user_id}"
