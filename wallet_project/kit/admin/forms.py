"""Fields of the admin's forms."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from wallet_project.kit.money import MAX_FEN, fen_from_yuan, yuan


class YuanField(forms.Field):
    """An amount typed in yuan, kept in fen: exact, and neither negative nor beyond what a client can hold."""

    refusal = "请输入金额，最多两位小数"

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", UnfoldAdminTextInputWidget)
        options.setdefault("help_text", "单位：元，例如 100 或 99.50")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            amount = value if isinstance(value, int) else fen_from_yuan(str(value)[:24])
        except ValueError:
            raise forms.ValidationError(self.refusal) from None
        if not 0 <= amount <= MAX_FEN:
            raise forms.ValidationError("不能为负，也不能过大")
        return amount
