"""Costs are shared with partners as they come and go, and partners pay what they owe."""

from datetime import date

from django.db import IntegrityError, transaction

from coupons.errors import PartnerOwesLess, PartnerPaidBefore
from coupons.models import Partner, PartnerPayment, PartnerShare
from coupons.rules.partners import due_of
from coupons.selectors.partners import Changed, changed_costs, owed_by
from wallet.services.partners import book_partner_payment, book_partner_share
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take, require_transaction
from wallet_project.kit.money import Fen
from wallet_project.kit.sweeps import sweep

_AT_ONCE = 500


def share_costs() -> int:
    """
    Book what has changed since the last time, each in a transaction of its own; returns how many. It compares
    what promotions cost with what was shared, so nothing that is used or sent back meanwhile is missed, and
    nobody who pays waits for it.
    """
    with transaction.atomic():
        let_statements_take(seconds=100)
        changes = changed_costs(most=_AT_ONCE)
    return sweep(changes, _share, failed="coupons.partner.not_shared")


@transaction.atomic(durable=True)
def _share(change: Changed) -> bool:
    """The step is unique, so of two that do the same at once the second one finds it done."""
    due = due_of(change.cost, change.share) - change.shared_due
    step = change.steps + 1
    _row, is_new = PartnerShare.objects.get_or_create(
        source=change.source,
        step=step,
        defaults={
            "promotion_id": change.promotion_id,
            "reference": change.reference,
            "cost": change.cost - change.shared_cost,
            "due": due,
            "at": clock.now(),
        },
    )
    if is_new and due:
        book_partner_share(amount=due, key=f"partner:{change.source}:{step}", reference=change.reference[:64])
    return True


def propose_payment(
    *, partner_id: int, amount: Fen, bank_reference: str, received_on: date, reason: str, maker_id: int
) -> None:
    """
    Ask a second person to book that a partner has paid.

    :raises PartnerOwesLess: it is more than they owe
    :raises AlreadyProposed: a payment of theirs waits already
    """
    partner = Partner.objects.get(pk=partner_id)
    _require_owed(partner, amount)
    propose(
        kind="coupons.partner_payment",
        subject=f"coupons.partner:{partner_id}",
        facts={
            "partner_id": partner_id,
            "partner": partner.name,
            "amount": amount,
            "bank_reference": bank_reference,
            "received_on": received_on.isoformat(),
            "owed": owed_by(partner),
        },
        reason=reason,
        maker_id=maker_id,
    )


def take_payment(
    *,
    partner_id: int,
    amount: Fen,
    bank_reference: str,
    received_on: date,
    maker_id: int,
    checker_id: int,
) -> PartnerPayment:
    """
    Book what was approved, in the transaction that approves it.

    :raises PartnerOwesLess: costs were taken back meanwhile
    :raises PartnerPaidBefore: the bank's transfer is booked
    """
    require_transaction()
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner_id)
    _require_owed(partner, amount)
    try:
        with transaction.atomic():
            payment = PartnerPayment.objects.create(
                partner=partner,
                amount=amount,
                bank_reference=bank_reference,
                received_on=received_on,
                maker_id=maker_id,
                checker_id=checker_id,
                at=clock.now(),
            )
    except IntegrityError:
        raise PartnerPaidBefore from None
    book_partner_payment(
        amount=amount,
        key=f"partner_payment:{payment.pk}",
        reference=bank_reference,
        facts={"partner": partner.name, "maker": maker_id, "checker": checker_id},
    )
    record_audit(
        action="coupons.partner.paid",
        subject=f"coupons.partner:{partner_id}",
        facts={"amount": amount, "bank_reference": bank_reference},
    )
    return payment


def _require_owed(partner: Partner, amount: Fen) -> None:
    owed = owed_by(partner)
    if amount > owed:
        raise PartnerOwesLess(owed=max(owed, 0))
