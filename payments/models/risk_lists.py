"""Users, devices and networks that are known."""

from django.core.exceptions import ValidationError
from django.db import models

from payments.rules.risk_lists import Listed, RiskList, network_of
from wallet_project.kit.privacy import Privacy


class RiskListEntry(models.Model):
    """
    `value` is a user's uid, a device's number, or a network in its canonical spelling (CIDR). Without
    `expires_at` it is for good.
    """

    list = models.CharField("名单", max_length=8, choices=RiskList)
    kind = models.CharField("对象", max_length=8, choices=Listed)
    value = models.CharField("内容", max_length=64)
    reason = models.CharField("原因", max_length=200)
    added_at = models.DateTimeField("加入时间")
    added_by = models.CharField("加入人", max_length=64)
    expires_at = models.DateTimeField("失效时间", null=True, blank=True)

    privacy = Privacy(
        c2="value",
        c1="list kind reason added_at added_by expires_at",
        in_clear={"looked for at every move": "value"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "风控名单"
        permissions = [("approve_risklistentry", "批准加入白名单")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value", "list"], name="a_list_names_something_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_list_display()} · {self.value}"

    def clean(self) -> None:
        if self.kind == Listed.NETWORK:
            try:
                self.value = network_of(self.value)
            except ValueError as error:
                raise ValidationError({"value": "请填写 IP 或网段，例如 203.0.113.0/24"}) from error
