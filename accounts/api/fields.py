"""What several doors read alike."""

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.rules.names import LONGEST, NotAName, normalise_name
from accounts.rules.phones import NotAPhone, normalise_phone
from wallet_project.kit.api.serializers import StrictCharField


class DeviceIdField(StrictCharField):
    """Made up by the client on its first start and kept from then on."""

    def __init__(self) -> None:
        shape = RegexValidator(r"^[0-9A-Za-z._:\-]+\Z", _("设备号只能包含字母、数字和 . _ : -"))
        super().__init__(max_length=64, validators=[shape], help_text="客户端首次启动时生成并保存的设备号")


class PhoneField(StrictCharField):
    """A phone number in any usual spelling; read as its one normal spelling."""

    default_error_messages = {"phone": _("请填写正确的手机号")}

    def __init__(self, *, help_text: str = "大陆手机号，或 + 开头的国际号码", **options: Any) -> None:
        super().__init__(max_length=32, help_text=help_text, **options)

    def to_internal_value(self, data: Any) -> str:
        try:
            return normalise_phone(super().to_internal_value(data))
        except NotAPhone:
            self.fail("phone")


class CodeField(StrictCharField):
    """The digits of a text message."""

    def __init__(self) -> None:
        shape = RegexValidator(r"^[0-9]{6}\Z", _("请填写 6 位数字验证码"))
        super().__init__(max_length=6, validators=[shape], help_text="短信中的 6 位验证码，只能用一次")


class PinField(StrictCharField):
    """Six digits. The value itself is never repeated in an answer."""

    def __init__(self) -> None:
        shape = RegexValidator(r"^[0-9]{6}\Z", _("支付密码必须是 6 位数字"))
        super().__init__(max_length=6, validators=[shape], trim_whitespace=False, help_text="6 位数字")


class NameField(StrictCharField):
    """A name as a mainland ID card has it."""

    default_error_messages = {"name": _("请填写身份证上的中文姓名")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST * 2, **options)

    def to_internal_value(self, data: Any) -> str:
        try:
            return normalise_name(super().to_internal_value(data))
        except NotAName:
            self.fail("name")
