"""Whoever paid and has left: their payments stay, what names them there goes."""

from payments.models import Payment


def forget_payer(*, user_id: int) -> None:
    """Every payment of an account that is closed is over, so nobody will ask who was meant to pay it."""
    Payment.objects.filter(payer=user_id).update(openid="", client_ip="")
