"""Whoever paid and has left: their payments and transfers stay, what names them there goes."""

from payments.models import MerchantTransfer, Payment


def forget_payer(*, user_id: int) -> None:
    """Everything of an account that is closed is over, so nobody will ask who was meant to pay or be paid."""
    Payment.objects.filter(payer=user_id).update(openid="", client_ip="")
    MerchantTransfer.objects.filter(user=user_id).update(openid="")
