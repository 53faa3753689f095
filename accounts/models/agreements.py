"""AgreementVersion: one text that customers agree to, in one version."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from accounts.rules.agreements import AgreementKind
from wallet_project.kit.privacy import Privacy

# Longer than anybody is remembered (selectors.sessions): whoever is asked for a consent on the moment a
# version takes effect has been looked up since it was announced, so nothing cached has to be recalled.
NOTICE = timedelta(minutes=10)


class AgreementVersion(models.Model):
    """
    A draft until it is published, and from then on unchangeable, for the owner of the database too.

    `sha256` is rules.agreements.fingerprint. A material version asks everybody for their consent again;
    another one (a typing error, a new address) leaves earlier consents as they are.
    """

    kind = models.CharField("协议", max_length=16, choices=AgreementKind)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=64)
    body = models.TextField("正文", max_length=60_000)
    summary = models.CharField("本次变更说明", max_length=500, blank=True)
    is_material = models.BooleanField("实质变更，需要重新同意", default=True)
    effective_at = models.DateTimeField("生效时间", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    sha256 = models.CharField("正文指纹", max_length=64, blank=True, editable=False)

    privacy = Privacy(public="kind version title body summary is_material effective_at published_at sha256")

    class Meta:
        verbose_name = verbose_name_plural = "协议版本"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="an_agreement_has_a_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(published_at=None),
                name="an_agreement_has_one_draft",
                violation_error_message="这份协议已有一个草稿，请先发布或删除它",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, sha256="")
                | Q(published_at__isnull=False, effective_at__gte=F("published_at") + NOTICE) & ~Q(sha256=""),
                name="an_agreement_is_announced_before_it_takes_effect",
            ),
            models.CheckConstraint(
                condition=~Q(version=1) | Q(is_material=True), name="a_first_version_needs_consent"
            ),
        ]
        permissions = [("publish_agreementversion", "批准发布协议")]

    def __str__(self) -> str:
        return f"{self.title} 第 {self.version} 版"
