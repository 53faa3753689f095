"""
AuditEntry, append-only; AuditSeal, each of which seals the one before.

Entries are written by requests, which must not wait for one another, and sealed in the background. The order
of the seals is the order of sealing, so an entry whose transaction committed late is sealed late, not missed.
"""

import hashlib
import json

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from wallet_project.audit.words import in_words
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

BEFORE_THE_FIRST = bytes(32)


class AuditEntry(AppendOnly):
    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=64)
    subject = models.CharField("对象", max_length=64)
    actor = models.CharField("操作者", max_length=64)
    request_id = models.CharField("请求号", max_length=64, blank=True)
    ip = models.CharField("IP", max_length=64, blank=True)
    device_id = models.CharField("设备号", max_length=64, blank=True)
    facts = models.JSONField("事实")

    privacy = Privacy(
        c2="ip device_id",
        c1="at action subject actor request_id facts",
        in_clear={"evidence of who did it, sealed as it is": "ip device_id"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_of_a_subject"),
            models.Index(fields=["actor", "-id"], name="audit_of_an_actor"),
            models.Index(fields=["request_id"], name="audit_of_a_request"),
            BrinIndex(fields=["at"], name="audit_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.action)} {self.pk}"

    def digest_after(self, previous: bytes) -> bytes:
        """SHA-256 over the digest before and everything this entry says."""
        said = [
            self.pk,
            self.at.timestamp(),
            self.action,
            self.subject,
            self.actor,
            self.request_id,
            self.ip,
            self.device_id,
            self.facts,
        ]
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(previous + canonical.encode()).digest()


class AuditSeal(AppendOnly):
    position = models.BigIntegerField("序号", primary_key=True)
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, related_name="seal", verbose_name="审计记录"
    )
    digest = models.BinaryField("摘要", max_length=32)
    sealed_at = models.DateTimeField("封存时间")

    privacy = Privacy(c1="position entry digest sealed_at")

    class Meta:
        verbose_name = verbose_name_plural = "审计封条"
        indexes = [BrinIndex(fields=["sealed_at"], name="audit_sealed_at")]

    def __str__(self) -> str:
        return f"{self.position} · {bytes(self.digest).hex()[:16]}"
