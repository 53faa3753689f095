"""Whom customers can pay bills to."""

from django.db import models

from payments.rules.bills import BillerKind
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Biller(Timestamped):
    """One line of the catalogue. `code` is the platform's name for it, and never changes."""

    code = models.SlugField("机构编号", max_length=32, unique=True)
    name = models.CharField("机构名称", max_length=32)
    kind = models.CharField("类型", max_length=16, choices=BillerKind)
    is_active = models.BooleanField("可缴费", default=True)

    privacy = Privacy(public="code name kind is_active")

    class Meta:
        verbose_name = verbose_name_plural = "缴费机构"

    def __str__(self) -> str:
        return self.name

    @property
    def takes_cards(self) -> bool:
        return self.kind == BillerKind.CREDIT_CARD
