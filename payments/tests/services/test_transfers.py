"""What WeChat says of a merchant transfer, and what becomes of the money: once, and only on its word."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.tests.factories import logged_in
from payments.errors import TransferNotStoppable, TransferStillAsked
from payments.gateways.wechat.messages import TransferNotice
from payments.gateways.wechat.messages import TransferState as Said
from payments.models import ExceptionCase, MerchantTransfer
from payments.rules.transfers import FAILURES
from payments.selectors.closures import closure_blockers
from payments.services.payers import forget_payer
from payments.services.transfer_decisions import propose_outcome
from payments.services.transfer_results import apply_transfer
from payments.services.transfers import stop_transfer
from payments.tests.factories import merchant_transfer
from wallet.models import Journal
from wallet.selectors.balances import balance_of
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.serials import new_serial

pytestmark = pytest.mark.django_db


@pytest.fixture
def transfer() -> MerchantTransfer:
    return merchant_transfer(logged_in().user)


def said(transfer: MerchantTransfer, state: str, **changed) -> None:
    """WeChat says so."""
    given = {
        "number": transfer.number,
        "bill_no": f"133{transfer.pk}",
        "state": Said(state),
        "mchid": transfer.mchid,
        "amount": transfer.amount,
        "openid": transfer.openid,
        "fail_reason": "",
        "package_info": None,
        "raw": {},
    }
    with transaction.atomic():
        apply_transfer(notice=TransferNotice(**given | changed), via="query")
    transfer.refresh_from_db()


def booked(transfer: MerchantTransfer) -> list[str]:
    kinds = Journal.objects.filter(reference=transfer.number).order_by("pk")
    return list(kinds.values_list("kind", flat=True))


def cases(transfer: MerchantTransfer) -> list[str]:
    return list(ExceptionCase.objects.filter(number=transfer.number).values_list("kind", flat=True))


def told(transfer: MerchantTransfer) -> list[str]:
    events = StoredEvent.objects.filter(aggregate=f"transfer:{transfer.number}").order_by("pk")
    return list(events.values_list("name", flat=True))


def test_whatever_it_fails_with_the_money_is_there_again_and_the_customer_reads_why(transfer):
    for number, reason in enumerate(
        [*FAILURES, "OTHER_FAIL_REASON_TYPE", "NEWER_THAN_THE_DOCUMENTS"], start=1
    ):
        said(transfer, "FAIL", fail_reason=reason)

        assert (transfer.state, transfer.reason) == ("FAIL", reason)
        assert transfer.failure
        assert reason not in transfer.failure
        assert booked(transfer) == ["payout", "payout_returned"]
        assert told(transfer) == ["payments.transfer.ended"]
        assert balance_of(transfer.user_id).own_free == number * transfer.amount
        transfer = merchant_transfer(transfer.user)


@pytest.mark.parametrize(
    ("last", "bookings"),
    [("SUCCESS", "payout_settled"), ("FAIL", "payout_returned"), ("CANCELLED", "payout_returned")],
)
def test_the_last_word_is_booked_once_and_older_news_change_nothing(transfer, last, bookings):
    said(transfer, "WAIT_USER_CONFIRM", package_info="credential")
    assert transfer.package == "credential"
    assert b"credential" not in bytes(transfer.package_sealed)

    for state in (last, "TRANSFERING", "WAIT_USER_CONFIRM", last):
        said(transfer, state, package_info="credential")

    assert (transfer.state, transfer.package_sealed, transfer.next_query_at) == (last, None, None)
    assert booked(transfer) == ["payout", bookings]
    assert told(transfer) == ["payments.transfer.waits", "payments.transfer.ended"]
    assert cases(transfer) == []


@pytest.mark.parametrize(
    "change", [{"amount": 1}, {"openid": "oSomebodyElse"}, {"mchid": "1"}, {"bill_no": "1337"}]
)
def test_what_says_something_else_is_a_case_and_moves_nothing(transfer, change):
    said(transfer, "WAIT_USER_CONFIRM")

    said(transfer, "SUCCESS", **change)

    assert transfer.state == "WAIT_USER_CONFIRM"
    assert booked(transfer) == ["payout"]
    assert cases(transfer) == ["TRANSFER_MISMATCH"]


def test_a_success_after_a_failure_is_a_case_for_a_person(transfer):
    said(transfer, "FAIL", fail_reason="ACCOUNT_FROZEN")

    said(transfer, "SUCCESS")

    assert (transfer.state, booked(transfer)) == ("FAIL", ["payout", "payout_returned"])
    assert cases(transfer) == ["TRANSFER_MISMATCH"]


def test_one_that_nobody_asked_for_is_a_case(transfer):
    unknown = new_serial("D")

    said(transfer, "SUCCESS", number=unknown)

    assert ExceptionCase.objects.get(number=unknown).kind == "UNKNOWN_TRANSFER"
    assert booked(transfer) == ["payout"]


def test_the_database_keeps_a_second_live_number_away(transfer):
    with pytest.raises(IntegrityError, match="a_leaver_has_one_transfer_that_may_happen"):
        merchant_transfer(transfer.user)


def test_what_is_confirmed_is_not_stopped(transfer):
    said(transfer, "TRANSFERING")

    with pytest.raises(TransferNotStoppable):
        stop_transfer(number=transfer.number, because="风险")

    transfer.refresh_from_db()
    assert transfer.stopped_at is None


def test_nobody_leaves_while_one_is_under_way_and_who_left_is_forgotten(transfer):
    assert [one.code for one in closure_blockers(transfer.user_id)] == ["TRANSFERS_UNDER_WAY"]

    said(transfer, "SUCCESS")
    assert closure_blockers(transfer.user_id) == []
    forget_payer(user_id=transfer.user_id)
    transfer.refresh_from_db()
    assert transfer.openid == ""


@pytest.mark.parametrize(
    ("arrived", "state", "bookings"),
    [(True, "SUCCESS", "payout_settled"), (False, "FAIL", "payout_returned")],
)
def test_after_thirty_days_two_people_decide_by_the_bills(transfer, arrived, state, bookings):
    maker, checker = (
        User.objects.create_superuser(f"staff{uuid.uuid4().hex[:8]}", "a long enough password") for _ in "ab"
    )
    wish = {"number": transfer.number, "arrived": arrived, "reason": "资金账单第 12 行", "maker_id": maker.pk}
    with pytest.raises(TransferStillAsked):
        propose_outcome(**wish)

    MerchantTransfer.objects.filter(pk=transfer.pk).update(created_at=clock.now() - timedelta(days=31))
    propose_outcome(**wish)
    assert booked(transfer) == ["payout"]
    approve(proposal_id=Proposal.objects.get(subject=f"transfer:{transfer.number}").pk, checker_id=checker.pk)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.learned_via) == (state, "people")
    assert booked(transfer) == ["payout", bookings]
