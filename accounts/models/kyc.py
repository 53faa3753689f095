"""Real names: applications, what they led to, and every change of somebody's level."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rules.kyc import (
    LIVE,
    TOLD,
    Answer,
    ChangeReason,
    DecisionReason,
    KycKind,
    KycLevel,
    KycState,
)
from wallet_project.kit.crypto import CannotOpen
from wallet_project.kit.fields import BlindIndexField, SealedField, seal_column
from wallet_project.kit.masking import mask_id_number, mask_name, mask_phone
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

ID_NUMBER = "id_number"  # what indexes of ID numbers are made for


class KycApplication(models.Model):
    """
    One wish to be known by name (NAME) or by face (FACE); it moves along `rules.kyc.KYC_MOVES`.

    What somebody said of themselves is sealed with their personal key. It stays while the application lives
    or when it was approved; of an application that came to nothing only the reason is kept.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c3="face_token_sealed",
        c2="name_sealed id_number_sealed guardian_name_sealed guardian_phone_sealed archive_sealed",
        c1="user kind state valid_until for_minor answer asked next_ask_at reason note reviewer"
        " submitted_at decided_at",
        public="number",
    )

    number = models.CharField("申请号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="kyc_applications",
        verbose_name="用户",
    )
    kind = models.CharField("类型", max_length=8, choices=KycKind)
    state = models.CharField("状态", max_length=12, choices=KycState, default=KycState.SUBMITTED)
    name_sealed = models.BinaryField("姓名（加密）", null=True, editable=False)
    id_number_sealed = models.BinaryField("身份证号（加密）", null=True, editable=False)
    valid_until = models.DateField("证件有效期至", null=True, blank=True)  # none: no end, or a face
    for_minor = models.BooleanField("未成年人", default=False)
    guardian_name_sealed = models.BinaryField("监护人姓名（加密）", null=True, editable=False)
    guardian_phone_sealed = models.BinaryField("监护人手机号（加密）", null=True, editable=False)
    # The law wants to know for ten years after an account was closed; then the personal key is gone.
    archive_sealed = SealedField(
        "存档（加密）", null=True, editable=False, belongs_to="accounts.kyc_application.archive:{number}"
    )
    face_token_sealed = models.BinaryField("核身凭据（加密）", null=True, editable=False)
    answer = models.CharField("核验机构答复", max_length=12, choices=Answer, blank=True)
    asked = models.PositiveSmallIntegerField("询问次数", default=0)
    next_ask_at = models.DateTimeField("下次询问", null=True, blank=True)
    reason = models.CharField("结果原因", max_length=24, choices=DecisionReason, blank=True)
    note = models.CharField("审核说明", max_length=200, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="审核人",
    )
    submitted_at = models.DateTimeField("提交时间")
    decided_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "实名申请"
        permissions = [("review_kycapplication", "审核实名申请")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=LIVE), name="a_user_has_one_live_kyc_application"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, decided_at=None, reason="")
                | (~Q(state__in=LIVE) & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="an_ended_kyc_application_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(for_minor=False)
                | ~Q(state__in=LIVE)
                | Q(guardian_name_sealed__isnull=False, guardian_phone_sealed__isnull=False),
                name="a_minor_applies_with_a_guardian",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"], name="kyc_to_ask", condition=Q(state__in=["SUBMITTED", "VERIFYING"])
            ),
            models.Index(fields=["state", "submitted_at"], name="kyc_by_state"),
            models.Index(fields=["user", "submitted_at"], name="kyc_by_user"),
        ]

    def __str__(self) -> str:
        return self.number

    def seal(self, **texts: str) -> None:
        """`name`, `id_number`, `guardian_name`, `guardian_phone`, `face_token`: for this row alone."""
        for name, text in texts.items():
            sealed = self.user.personal_key.seal(text, column=self._column(name))
            setattr(self, f"{name}_sealed", sealed)

    def opened(self, name: str) -> str | None:
        """One of the texts above in clear; None where it was never given, or can no longer be read."""
        sealed = getattr(self, f"{name}_sealed")
        if sealed is None:
            return None
        try:
            return self.user.personal_key.open(bytes(sealed), column=self._column(name))
        except CannotOpen:
            return None

    def archive(self) -> None:
        """Put name and ID number out of everybody's way but the law's: sealed with the key ring."""
        seal_column(self, "archive_sealed", f"{self.opened('name')} {self.opened('id_number')}")
        self.name_sealed = self.id_number_sealed = None
        self.guardian_name_sealed = self.guardian_phone_sealed = None

    @property
    def name_masked(self) -> str | None:
        """张*"""
        name = self.opened("name")
        return name and mask_name(name)

    @property
    def id_number_masked(self) -> str | None:
        """110***********2316"""
        id_number = self.opened("id_number")
        return id_number and mask_id_number(id_number)

    @property
    def guardian_masked(self) -> str | None:
        """李* 138****8000"""
        name, phone = self.opened("guardian_name"), self.opened("guardian_phone")
        return name and phone and f"{mask_name(name)} {mask_phone(phone)}"

    @property
    def told(self) -> str:
        """Why it ended, in the words the customer hears."""
        return str(TOLD.get(self.reason, ""))

    def _column(self, name: str) -> str:
        return f"accounts.kyc_application.{name}:{self.number}"


class RealName(models.Model):
    """
    Who a user is, and the level that it gives them; without a row, only the phone speaks for them.

    `evidence` is the application whose name and ID number are theirs. `adult_on` is set for minors.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="id_index", c1="user evidence level since valid_until adult_on reminded_at")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="real_name", verbose_name="用户"
    )
    evidence = models.ForeignKey(
        KycApplication, on_delete=models.PROTECT, related_name="+", verbose_name="依据"
    )
    level = models.PositiveSmallIntegerField("等级", choices=KycLevel, default=KycLevel.NONE)
    since = models.DateTimeField("自")
    id_index = BlindIndexField(
        "身份证号（盲索引）",
        purpose=ID_NUMBER,
        of="id_number",
        read_with=("evidence__user__personal_key",),
        null=True,
        editable=False,
    )
    valid_until = models.DateField("证件有效期至", null=True, blank=True)
    adult_on = models.DateField("成年日", null=True, blank=True)
    reminded_at = models.DateTimeField("到期提醒", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "实名信息"
        permissions = [
            ("lower_realname", "申请降低实名等级"),
            ("approve_kyc_downgrade", "审批降低实名等级"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id_index"], name="a_person_has_one_wallet"),
            models.CheckConstraint(
                condition=Q(adult_on=None) | Q(level__lte=KycLevel.I), name="a_minor_stays_in_the_first_level"
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="real_name_valid_until",
                condition=Q(level__gt=0, valid_until__isnull=False),
            ),
            models.Index(fields=["adult_on"], name="real_name_adult_on", condition=Q(adult_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def id_number(self) -> str | None:
        """In clear, for whoever must compare it; None when its key was destroyed."""
        return self.evidence.opened("id_number")


class KycChange(AppendOnly):
    """One change of somebody's level: from what to what, why, and who brought it about."""

    privacy = Privacy(c1="user application old_level new_level reason note actor at")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kyc_changes", verbose_name="用户"
    )
    application = models.ForeignKey(
        KycApplication,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="实名申请",
    )
    old_level = models.PositiveSmallIntegerField("原等级", choices=KycLevel)
    new_level = models.PositiveSmallIntegerField("新等级", choices=KycLevel)
    reason = models.CharField("原因", max_length=24, choices=ChangeReason)
    note = models.CharField("说明", max_length=200, blank=True)
    actor = models.CharField("操作者", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "实名等级变更"
        indexes = [models.Index(fields=["user", "at"], name="kyc_change_by_user")]

    def __str__(self) -> str:
        return f"{self.get_old_level_display()} → {self.get_new_level_display()}"
