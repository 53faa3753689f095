"""What every biller platform can do for us; which one does, says settings.BILLERS."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from payments.gateways.billers.messages import Bill, BillNotice, BoundCard, Callback, Payee
from wallet_project.kit.money import Fen


class BillerPlatform(Protocol):
    """Each call is one question over the network, outside every transaction."""

    def bind_card(self, *, owner: str, card_number: str, holder: str) -> BoundCard:
        """
        Let `owner`, an opaque name of ours, repay a card by a token. The number goes out and is forgotten.

        :raises BillerRefused: not with this card
        :raises BillerError: no clear answer; asked again, the same card has the same token
        """
        ...

    def release_card(self, *, token: str) -> None:
        """
        Nobody repays by this token any more; harmless twice.

        :raises BillerError: no clear answer
        """
        ...

    def query_bill(self, payee: Payee) -> Bill:
        """
        :raises BillerRefused: nothing is owed there, or nobody is there
        :raises BillerError: no clear answer
        """
        ...

    def pay(self, *, number: str, payee: Payee, amount: Fen, notify_url: str) -> BillNotice:
        """
        Pay, once per number however often it is asked; FAILED is an answer like every other.

        :raises BillerRefused: this request did nothing
        :raises BillerBusy: this request was not taken
        :raises BillerUnknown: it may have been
        """
        ...

    def query_payment(self, number: str) -> BillNotice:
        """
        :raises PaymentMissing: nobody has heard of it, which proves nothing
        :raises BillerError: no clear answer
        """
        ...

    def open_callback(self, *, headers: Mapping[str, str], path: str, body: bytes, now: datetime) -> Callback:
        """
        :raises InvalidSignature: not proven to be the platform's
        :raises UnreadableNotice: proven, and not what the document promises
        """
        ...


def platform() -> BillerPlatform:
    return _made(settings.BILLERS["adapter"])


@cache
def _made(path: str) -> BillerPlatform:
    made: BillerPlatform = import_string(path)()
    return made
