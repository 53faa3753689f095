"""What can go wrong with a complaint of WeChat's."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ComplaintOver(DomainError):
    code = "COMPLAINT_OVER"
    status = 409
    message = _("微信支付投诉单已处理完成")


class RefundDecided(DomainError):
    code = "COMPLAINT_REFUND_DECIDED"
    status = 409
    message = _("投诉人没有申请退款，或已有答复")
