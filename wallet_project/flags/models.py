"""Which features are released by and by, and to whom each is open now."""

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from waffle.models import AbstractBaseFlag

from wallet_project.kit.privacy import Privacy


class Feature(models.TextChoices):
    """What can be open to some. Each has its row from the migration that brought it."""

    RECOMMENDATIONS = "recommendations", _("个性化推荐")
    LIVE_CHAT = "live_chat", _("在线客服")


class Flag(AbstractBaseFlag):
    """
    To whom a feature is open. `everyone` True: to all, False: to none, whatever else is said; None: to those
    whom one of the others reaches. `percent` is whole; `segment` is the id of an audience, `people` are ids;
    `staff` are the customer accounts of colleagues.

    waffle's cache keeps it for three seconds, in each process (settings.WAFFLE_CACHE_NAME); its cookies, and
    the other ways of its own by which a flag can be on, are not used.
    """

    testing = superusers = authenticated = rollout = None  # type: ignore[assignment]  # how Django leaves fields out
    languages = None  # type: ignore[assignment]

    name = models.CharField("功能", max_length=32, unique=True, choices=Feature)
    everyone = models.BooleanField("全部", null=True)
    staff = models.BooleanField("员工", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    created = models.DateTimeField("列入时间", default=timezone.now)
    modified = models.DateTimeField("修改时间", default=timezone.now)
    percent = models.PositiveSmallIntegerField("比例（%）", default=0)  # type: ignore[assignment]
    segment = models.BigIntegerField("人群", null=True)
    people = ArrayField(models.BigIntegerField(), verbose_name="指定的人", default=list)

    app_role_may = ("SELECT", "UPDATE")
    privacy = Privacy(c1="people", public="name everyone percent staff segment note created modified")

    class Meta:
        verbose_name = verbose_name_plural = "功能灰度"
        permissions = [("release_flag", "调整功能开放范围"), ("approve_release", "审批扩大开放范围")]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=99), name="a_flag_reaches_all_by_everyone"),
        ]

    def __str__(self) -> str:
        return self.get_name_display()

    @property
    def reach(self) -> int:
        """How many of a hundred it is open to at least."""
        return self.percent if self.everyone is None else 100 * self.everyone

    @property
    def audience(self) -> int | None:
        """The segment that it is open to, where that says anything."""
        return self.segment if self.everyone is None else None

    def is_on_for(self, user_id: int | None) -> bool:
        """None: somebody who has not said who they are. One query each for an audience and for staff."""
        if self.everyone is not None:
            return self.everyone
        if user_id is None:
            return False
        return (
            bucket_of(self.name, user_id) < self.percent
            or user_id in self.people
            or bool(self.segment and import_string(settings.FLAG_SEGMENT)(self.segment, user_id))
            or bool(self.staff and import_string(settings.FLAG_STAFF)(user_id))
        )

    def is_active(self, request: HttpRequest, read_only: bool = False) -> bool:  # noqa: FBT001, FBT002 - waffle's
        return self.is_on_for(getattr(request.user, "pk", None))


def bucket_of(feature: str, user_id: int) -> int:
    """0–99, for good: a percentage that grows takes it from nobody, and each feature draws anew."""
    return int.from_bytes(hashlib.sha256(f"{feature}:{user_id}".encode()).digest()[:8]) % 100
