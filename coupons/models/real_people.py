"""Who has had what one real person gets once, after whatever they come back with."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class PersonClaim(models.Model):
    """
    Somebody with this trait had what `purpose` names. The trait is a keyed hash, of which nobody learns the
    phone, device, openid or ID number; it stays when its owner leaves, for else they would come back as new.
    """

    purpose = models.CharField("用途", max_length=64)
    trait_hash = models.BinaryField("特征（密钥哈希）")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    claimed_at = models.DateTimeField("时间", db_index=True)

    app_role_may = (
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
    )  # merged accounts are one; deleted when its time is over
    privacy = Privacy(c2="trait_hash", c1="purpose user claimed_at")

    class Meta:
        verbose_name = verbose_name_plural = "新客权益记录"
        constraints = [
            models.UniqueConstraint(fields=["purpose", "trait_hash"], name="a_real_person_has_it_once"),
        ]

    def __str__(self) -> str:
        return self.purpose
