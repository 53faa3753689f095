"""Licence: a permission or filing that the business needs, and until when it holds."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from wallet_project.compliance.models.base import Evidence, staff_member
from wallet_project.compliance.rules.licences import LicenceState, state_of
from wallet_project.kit.privacy import Privacy


class Licence(Evidence):
    """A renewal changes the number and the dates; what they were before is in the audit trail."""

    name = models.CharField("证照名称", max_length=64)
    authority = models.CharField("发证机关", max_length=64)
    number = models.CharField("证照编号", max_length=64)
    scope = models.CharField("许可范围", max_length=200)
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("到期日期", null=True, blank=True, help_text="留空表示长期有效")
    document = models.CharField("存档位置", max_length=200, help_text="扫描件的档案号或地址")
    owner = staff_member("负责人")
    is_needed = models.BooleanField("仍需持有", default=True, help_text="不再需要的证照不再提醒")

    privacy = Privacy(c1="name authority number scope valid_from valid_until document owner is_needed")

    class Meta:
        verbose_name = verbose_name_plural = "证照资质"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"],
                name="a_licence_is_registered_once",
                violation_error_message="这张证照已经登记过",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="a_licence_ends_after_it_begins",
                violation_error_message="到期日期必须晚于生效日期",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state(self, today: date) -> LicenceState:
        return state_of(valid_from=self.valid_from, valid_until=self.valid_until, today=today)
