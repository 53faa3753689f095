"""The staff's front door: name, password and code in one form, and a new password when it is due."""

from typing import Any

from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.errors import SecondFactorPaused, SecondFactorRefused
from accounts.models import User
from accounts.selectors.staff import authenticator_of
from accounts.services.second_factors import prove_second_factor
from accounts.services.staff import change_own_password

# One answer for a wrong name, password or code, so that a guessed password does not show.
REFUSED = "登录名、密码或动态码不正确。"


class StaffLoginForm(AuthenticationForm):
    """Whoever has an authenticator shows its code; whoever has none yet sets one up behind this door."""

    code = forms.CharField(
        label="动态码",
        required=False,
        max_length=24,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
        help_text="验证器上的六位数字，或一个恢复码；首次登录留空。",
    )
    error_messages = {"invalid_login": REFUSED, "inactive": REFUSED}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        user = self.get_user()
        if user is not None and authenticator_of(user.pk) is not None:
            try:
                user.otp_device = prove_second_factor(staff_id=user.pk, code=cleaned.get("code", ""))
            except (SecondFactorRefused, SecondFactorPaused):
                # Counted like a wrong password, so that both together lead to the lockout.
                user_login_failed.send(
                    sender=__name__, credentials={"username": user.get_username()}, request=self.request
                )
                raise self.get_invalid_login_error() from None
        return cleaned


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("新密码不能与现在的密码相同。")
        return password

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's own signature
        change_own_password(staff=self.user, password=self.cleaned_data["new_password1"])
        return self.user
