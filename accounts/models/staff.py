"""StaffProfile: who a member of staff is, and since when their password and their sessions hold."""

from django.conf import settings
from django.db import models

from accounts.models.users import User
from wallet_project.kit.privacy import Privacy


class StaffProfile(models.Model):
    """One person has one employee number, and so one account that may approve what others propose."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="staff_profile",
        verbose_name="员工",
    )
    employee_no = models.CharField("工号", max_length=32, unique=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="本人的顾客账户",
    )
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间")
    sessions_from = models.DateTimeField("此前的登录已失效")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="user employee_no customer must_change_password password_changed_at sessions_from")

    class Meta:
        verbose_name = verbose_name_plural = "员工档案"

    def __str__(self) -> str:
        return self.employee_no


class StaffMember(User):
    """A user who works here: the admin's page about them, and the rights over them."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "员工"
        permissions = [("approve_staff_change", "审批员工变更")]
