"""Proposal: one act that needs two people."""

from django.db import models
from django.db.models import F, Q

from wallet_project.approvals.kinds import title_of
from wallet_project.kit.privacy import Privacy


class ProposalState(models.TextChoices):
    OPEN = "OPEN", "待审批"
    APPROVED = "APPROVED", "已批准"
    REJECTED = "REJECTED", "已驳回"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    EXPIRED = "EXPIRED", "已过期"


class Proposal(models.Model):
    """
    OPEN → APPROVED | REJECTED | WITHDRAWN | EXPIRED, and no further. APPROVED means done: what was proposed
    ran in the transaction that approved it. Never deleted: it is the proof that two people agreed.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    kind = models.CharField("类型", max_length=64)
    subject = models.CharField("对象", max_length=64)
    facts = models.JSONField("内容")
    reason = models.CharField("申请理由", max_length=200)
    state = models.CharField("状态", max_length=12, choices=ProposalState, default=ProposalState.OPEN)
    maker_id = models.BigIntegerField("申请人")
    checker_id = models.BigIntegerField("审批人", null=True, blank=True)
    comment = models.CharField("审批意见", max_length=200, blank=True)
    outcome = models.CharField("执行结果", max_length=200, blank=True)
    created_at = models.DateTimeField("申请时间")
    expires_at = models.DateTimeField("有效期至")
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)

    privacy = Privacy(
        c1="kind subject facts reason state maker_id checker_id comment outcome"
        " created_at expires_at decided_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "审批"
        constraints = [
            models.CheckConstraint(condition=~Q(maker_id=F("checker_id")), name="nobody_checks_their_own"),
            models.CheckConstraint(
                condition=Q(state__in=["APPROVED", "REJECTED"], checker_id__isnull=False)
                | Q(state__in=["OPEN", "WITHDRAWN", "EXPIRED"], checker_id=None),
                name="a_decision_names_its_checker",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_at=None) | (~Q(state="OPEN") & Q(decided_at__isnull=False)),
                name="an_ended_proposal_says_when",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state="OPEN"), name="one_open_proposal_of_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="proposal_open_until", condition=Q(state="OPEN")),
            models.Index(fields=["state", "-id"], name="proposal_by_state"),
        ]

    def __str__(self) -> str:
        return f"{title_of(self.kind)} {self.pk}"
