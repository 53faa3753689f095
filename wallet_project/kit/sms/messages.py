"""What our text messages say: a vendor sends only texts it has approved, and these are the words to file."""

from collections.abc import Mapping
from dataclasses import dataclass

# Template → its words. The names in braces are its parameters, in the order in which vendors number them.
TEXTS = {
    "code": (
        "您正在{operation}，验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人，工作人员不会向您索要。"
    ),
    "new_device": (
        "您的钱包于 {at} 在新设备 {device} 上登录。若非本人操作，请立即在“设备管理”中移除该设备。"
    ),
    "phone_changed": (
        "您的钱包绑定手机号已于 {at} 更换为 {phone}，24 小时内暂停提现。若非本人操作，请立即联系客服。"
    ),
    "phone_requested": (
        "您的钱包于 {at} 收到更换手机号的申请，正在人工审核。若非本人操作，请立即登录撤回或联系客服。"
    ),
    "phone_request_refused": ("您于 {at} 提交的更换手机号申请未通过，原手机号保持不变。如有疑问请联系客服。"),
    "move_stopped": (
        "您的钱包于 {at} 发起的“{operation}”{outcome}。若非本人操作，请立即修改支付密码并联系客服；"
        "如有异议，可凭编号 {number} 申诉。"
    ),
    "move_released": ("您于 {at} 发起、编号 {number} 的“{operation}”已核实通过，请在 24 小时内重新发起。"),
    "wallet_stopped": ("您的钱包已于 {at} 暂停{scope}，原因：{cause}。如有异议，请联系客服申诉。"),
    "wallet_released": ("您的钱包已于 {at} 恢复使用。感谢您的理解与配合。"),
    "alert": "钱包告警（{at}）：{title}。请尽快登录管理后台处理。",  # to our own staff
}


@dataclass(frozen=True, kw_only=True)
class TextMessage:
    """One message on its way. `phone`: a mainland mobile in 11 digits, or +CC and the number."""

    phone: str
    template: str
    params: Mapping[str, str]

    @property
    def text(self) -> str:
        return TEXTS[self.template].format(**self.params)

    @property
    def e164(self) -> str:
        return self.phone if self.phone.startswith("+") else f"+86{self.phone}"


class SmsFailed(Exception):
    """
    The provider did not take the message.

    `sent` False: it certainly goes nowhere. True: unknown, it may still arrive.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent
