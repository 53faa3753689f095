"""
Bind a card, ask about a bill, forget either.

A card's number passes through here once, on its way out; what is kept is the platform's token.
"""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.services.locks import lock_user
from payments.errors import (
    BillAccountUnknown,
    BillerNotOffered,
    BillersUnavailable,
    CardHolderMismatch,
    CardNotAccepted,
    CardNotBound,
    NothingOwed,
    PayeeInUse,
    TooManyPayees,
)
from payments.gateways.billers.adapter import platform
from payments.gateways.billers.errors import BillerError, BillerRefused
from payments.gateways.billers.messages import Bill, Payee
from payments.models import Biller, BillPayee
from payments.models.payees import indexes_of_reference
from payments.selectors.billers import bill_accounts_of, biller_offered, cards_of, payee_of, payees_of
from payments.selectors.bills import bills_under_way
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.errors import DomainError
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.masking import mask_name

logger = logging.getLogger(__name__)

_REFUSALS: dict[str, type[DomainError]] = {
    "CARD_INVALID": CardNotAccepted,
    "CARD_NOT_SUPPORTED": CardNotAccepted,
    "HOLDER_MISMATCH": CardHolderMismatch,
    "CARD_RELEASED": CardNotBound,
    "ACCOUNT_UNKNOWN": BillAccountUnknown,
    "NO_BILL": NothingOwed,
}


def bind_card(*, user_id: int, biller_code: str, card_number: str, holder: str) -> BillPayee:
    """
    Let this customer repay a credit card; `card_number` is normalised (rules.cards). The same card again is
    the same row.

    :raises NotInThisMode: this wallet pays no bills
    :raises BillerNotOffered: nobody repays cards here at the moment
    :raises CardNotAccepted: not a credit card, or of a bank that takes no part
    :raises CardHolderMismatch: it is somebody else's
    :raises TooManyPayees: something must be forgotten first
    :raises BillersUnavailable: no clear answer; the same request may be sent again
    """
    biller = _biller(biller_code, takes_cards=True)
    _require_room(user_id)  # before anything leaves us; looked at again where the card is kept
    owner = User.objects.only("uid").get(pk=user_id)
    try:
        card = platform().bind_card(owner=str(owner.uid), card_number=card_number, holder=holder)
    except BillerError as error:
        raise _told(error, biller=biller) from error
    seen = {"bank": card.bank, "tail": card_number[-4:], "owner": mask_name(holder)}
    return _remember(user_id=user_id, biller=biller, reference=card.token, seen=seen)


def find_bill(*, user_id: int, biller_code: str, account: str) -> tuple[BillPayee, Bill]:
    """
    What is owed for an account, which is remembered if there is one.

    :raises NotInThisMode: this wallet pays no bills
    :raises BillerNotOffered: no such biller, or it takes cards
    :raises BillAccountUnknown: it has no such account
    :raises NothingOwed: it is all paid
    :raises TooManyPayees: something must be forgotten first
    :raises BillersUnavailable: no clear answer; the same request may be sent again
    """
    biller = _biller(biller_code, takes_cards=False)
    bill = _ask(Payee(biller=biller.code, account=account), biller=biller)
    seen = {"tail": account[-4:], "owner": bill.owner_masked}
    return _remember(user_id=user_id, biller=biller, reference=account, seen=seen), bill


def find_bill_again(*, user_id: int, uid: UUID) -> tuple[BillPayee, Bill]:
    """
    What is owed for a card or an account that is remembered.

    :raises NotFound: not theirs, or forgotten
    :raises NothingOwed: it is all paid
    :raises DomainError: as for `find_bill`
    """
    payee = payee_of(payees_of(user_id), uid)
    biller = _biller(payee.biller.code, takes_cards=payee.biller.takes_cards)
    return payee, _ask(payee_as_told(payee), biller=biller)


def payee_as_told(payee: BillPayee) -> Payee:
    """The payee in the platform's words; one that is forgotten has none."""
    known = "card_token" if payee.biller.takes_cards else "account"
    return Payee(biller=payee.biller.code, **{known: payee.reference or ""})


def unbind_card(*, user_id: int, uid: str) -> None:
    """
    It is gone here at once; the platform is told after the commit.

    :raises NotFound: no card of theirs, or not any more
    :raises PayeeInUse: it is being repaid
    """
    card = payee_of(cards_of(user_id), uid)
    with transaction.atomic(durable=True):
        _forget(card.pk)


def forget_account(*, user_id: int, uid: str) -> None:
    """
    :raises NotFound: no account of theirs, or not any more
    :raises PayeeInUse: it is being paid
    """
    account = payee_of(bill_accounts_of(user_id), uid)
    with transaction.atomic(durable=True):
        _forget(account.pk)


def forget_payees_of(*, user_id: int, **_closing: Any) -> None:
    """
    Their account is being closed, and their personal key with it.

    :raises PayeeInUse: something is being paid; nothing may be closed
    """
    require_transaction()
    kept = BillPayee.objects.filter(user=user_id, forgotten_at=None).order_by("pk")
    for payee_id in kept.values_list("pk", flat=True):
        _forget(payee_id)


def release_card(*, payee_id: int) -> None:
    """
    Tell the platform that a card is unbound, then forget its token, too.

    :raises BillersUnavailable: no clear answer; it is told again
    """
    payee = BillPayee.objects.get(pk=payee_id)
    if payee.parting is None:
        return
    try:
        platform().release_card(token=payee.parting)
    except BillerError as error:
        raise BillersUnavailable from error
    BillPayee.objects.filter(pk=payee_id).update(parting_sealed=None)


def lock_payee(payee_id: int) -> BillPayee:
    """As it is now, locked, so that nobody forgets it while it is being paid."""
    require_transaction()
    payees = BillPayee.objects.select_related("biller", "user__personal_key")
    return payees.select_for_update(no_key=True, of=("self",)).get(pk=payee_id)


def _forget(payee_id: int) -> None:
    payee = lock_payee(payee_id)
    if payee.forgotten_at is not None:
        return
    if bills_under_way().filter(payee=payee).exists():
        raise PayeeInUse
    if payee.biller.takes_cards:
        payee.part_from()
        after_commit("payments.release_card", payee_id=payee.pk)
    payee.reference_sealed = payee.reference_index = None
    payee.owner, payee.forgotten_at = "", clock.now()
    payee.save()
    _note("forgotten", payee)


def _remember(*, user_id: int, biller: Biller, reference: str, seen: dict[str, str]) -> BillPayee:
    with transaction.atomic(durable=True):
        user = lock_user(user_id)
        kept = BillPayee.objects.filter(user=user, biller=biller, forgotten_at=None)
        if known := kept.filter(reference_index__in=indexes_of_reference(reference)).first():
            return known
        _require_room(user_id)
        payee = BillPayee(user=user, biller=biller, **seen)
        payee.remember(reference)
        payee.save(force_insert=True)
        _note("remembered", payee)
    return payee


def _note(what: str, payee: BillPayee) -> None:
    record_audit(
        action=f"payments.payee.{what}",
        subject=f"user:{payee.user_id}",
        facts={"biller": payee.biller.code, "bank": payee.bank, "tail": payee.tail},
    )


def _require_room(user_id: int) -> None:
    if BillPayee.objects.filter(user=user_id, forgotten_at=None).count() >= settings.PAYEES_MAX:
        raise TooManyPayees(limit=settings.PAYEES_MAX)


def _biller(code: str, *, takes_cards: bool) -> Biller:
    require_allowed(MoveKind.BILL, mode=settings.WALLET_MODE)
    biller = biller_offered(code)
    if biller.takes_cards is not takes_cards:
        raise BillerNotOffered(biller=code)
    return biller


def _ask(payee: Payee, *, biller: Biller) -> Bill:
    try:
        return platform().query_bill(payee)
    except BillerError as error:
        raise _told(error, biller=biller) from error


def _told(error: BillerError, *, biller: Biller) -> DomainError:
    """What the customer hears of it."""
    if not isinstance(error, BillerRefused):
        logger.info("payments.billers.unsure", extra={"biller": biller.code, "reason": str(error)})
        return BillersUnavailable()
    refusal = _REFUSALS.get(error.code)
    return refusal() if refusal else BillerNotOffered(biller=biller.code)
