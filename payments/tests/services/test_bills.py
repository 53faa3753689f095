"""Paying a bill beside whatever else happens to the same person."""

import pytest
from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.services.kyc_levels import hold_level
from accounts.tests.factories import grant_for
from payments.models import BillPayment
from payments.services.bills import pay_bill, quote_facts
from payments.services.payees import forget_payees_of
from payments.tests.factories import bill_account
from wallet.rules.kinds import MoveKind
from wallet.services.quotes import make_quote
from wallet.tests.dealings import Person, somebody, used_by
from wallet_project.kit.errors import NotFound


def ready_to_pay(payer: Person, amount: int) -> dict:
    """Everything that pay_bill wants."""
    payee = bill_account(payer.user)
    quote = make_quote(user_id=payer.id, kind=MoveKind.BILL, amount=amount, facts=quote_facts(payee))
    facts = {"quote": str(quote.public_id), "to": str(payee.uid), "payee": str(payee)}
    return {
        "user_id": payer.id,
        "device_id": payer.login.device.device_id,
        "payee_uid": payee.uid,
        "amount": amount,
        "quote_id": quote.public_id,
        "grant": grant_for(payer.login, Operation(kind=OperationKind.BILL_PAY, amount=amount, facts=facts)),
    }


@pytest.mark.committed
def test_whoever_closes_an_account_never_waits_for_a_bill_that_waits_for_them(hands):
    payer = somebody(100_00)
    wish = ready_to_pay(payer, 30_00)
    closing, paying = hands

    def begins_to_close():
        with transaction.atomic():
            hold_level(payer.id)

    def forgets_payees():
        with transaction.atomic():
            forget_payees_of(user_id=payer.id)

    closing.does(begins_to_close)
    bill = paying.starts(lambda: pay_bill(**wish))
    assert paying.is_seen_waiting(bill)
    closing.does(forgets_payees)
    closing.commits()

    with pytest.raises(NotFound):
        bill.result(timeout=10)
    paying.rolls_back()
    assert (payer.money, used_by(payer)) == ((100_00, 0), {})
    assert not BillPayment.objects.filter(user=payer.id).exists()
