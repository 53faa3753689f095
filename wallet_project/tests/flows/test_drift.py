"""Somebody edits the ledger: found within the minute, money stands still, nothing that comes in is lost."""

from accounts.models import User, WeChatIdentity
from payments.models import Payment
from wallet.models import Journal
from wallet.selectors.ledger_checks import open_findings
from wallet.services.wallets import open_wallet
from wallet.tasks import check_ledger, check_ledger_since
from wallet.tests.factories import account_of
from wallet.tests.tampering import tampered
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.pauses.selectors import open_pauses
from wallet_project.pauses.services import propose_lift


def test_an_edited_balance_stops_money_until_two_people_see_sound_books(
    customer, top_up, place_order, pay, settled, owner_cursor
):
    top_up(customer, 1_000)
    begun, number = pay(customer, place_order(customer, 700), "wechat"), place_order(customer, 900)
    user_id = WeChatIdentity.objects.get(openid=customer.openid).user_id
    account = account_of(open_wallet(user_id=user_id))
    richer = ["UPDATE wallet_ledgeraccount SET balance = balance + 100000 WHERE id = %(account)s"]

    with tampered(owner_cursor, richer, {"account": account.pk}):
        check_ledger_since()
        assert open_pauses().first()
        assert_error(customer.post(f"orders/{number}/pay", {"method": "balance"}), 503, "FLOW_PAUSED")
        assert_error(customer.post("wallet/top-ups", {"amount": 100}), 503, "FLOW_PAUSED")
    # The row is repaired; nobody has said that money may move.
    journals = Journal.objects.count()
    assert_error(customer.post(f"orders/{number}/pay", {"method": "combined"}), 503, "FLOW_PAUSED")
    assert Journal.objects.count() == journals
    assert customer.get("wallet").json()["available"] == 1_000

    customer.confirm(begun["pay_params"])
    settled()
    assert Payment.objects.get(number=begun["payment_no"]).state == "PAID"
    assert Journal.objects.count() == journals + 1

    chen, zhou = (User.objects.create(is_staff=True, is_superuser=True) for _ in range(2))
    pause = open_pauses().first()
    check_ledger()
    assert not open_findings().exists()
    propose_lift(pause_id=pause.pk, reason="已从备份恢复", maker_id=chen.pk)
    proposal = Proposal.objects.get(subject=f"pause:{pause.pk}")
    approve(proposal_id=proposal.pk, checker_id=zhou.pk)

    assert pay(customer, number, "balance")["order"]["state"] == "PAID"
    assert customer.get("wallet").json()["available"] == 100
