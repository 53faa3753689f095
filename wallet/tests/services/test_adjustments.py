"""Two people put a balance right, within a ceiling, with both names on the journal."""

import pytest
from django.conf import settings

from accounts.models import User
from wallet.errors import AdjustmentCeiling, InsufficientBalance
from wallet.models import Adjustment, Journal, Record
from wallet.services.adjustments import propose_adjustment
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.approvals.errors import CheckerNotAllowed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve, reject
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


def member(role: str) -> User:
    found = User.objects.create(username=new_key("staff"), nickname=role, is_staff=True)
    found.groups.add(make_groups()[role])
    return found


def ask(wallet, amount=500, *, maker, colour="principal", **changed):
    wish = {
        "wallet_id": wallet.pk,
        "colour": colour,
        "amount": amount,
        "cause": "FAILED_SERVICE",
        "ticket": "T-2026-001",
        "note": "门店重复扣款的补偿",
        "maker_id": maker.pk,
        **changed,
    }
    adjustment = propose_adjustment(**wish)
    return adjustment, Proposal.objects.get(subject=f"adjustment:{adjustment.number}")


@pytest.mark.parametrize(
    ("amount", "kind", "after"), [(500, "adjustment_in", 1_500), (-400, "adjustment_out", 600)]
)
def test_approved_it_is_posted_with_both_names(amount, kind, after):
    wallet, maker, checker = make_wallet(principal=1_000), member("客服"), member("财务")
    adjustment, proposal = ask(wallet, amount, maker=maker)
    assert amounts_in(wallet) == {"principal": (1_000, 0)}

    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    assert amounts_in(wallet) == {"principal": (after, 0)}
    journal = Journal.objects.get(reference=adjustment.number)
    assert (journal.facts["maker"], journal.facts["checker"]) == ("客服", "财务")
    assert Record.objects.get(journal=journal).kind == kind
    posted = Adjustment.objects.get(pk=adjustment.pk)
    assert (posted.maker_id, posted.checker_id, posted.journal_id) == (maker.pk, checker.pk, journal.pk)


def test_rejected_nothing_moves():
    wallet, maker, checker = make_wallet(principal=1_000), member("客服"), member("财务")
    adjustment, proposal = ask(wallet, maker=maker)

    reject(proposal_id=proposal.pk, checker_id=checker.pk, comment="没有依据")

    assert amounts_in(wallet) == {"principal": (1_000, 0)}
    assert Adjustment.objects.get(pk=adjustment.pk).journal_id is None


def test_nobody_approves_their_own_or_without_the_right():
    wallet, maker = make_wallet(principal=1_000), member("财务")
    _adjustment, proposal = ask(wallet, maker=maker)

    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    with pytest.raises(CheckerNotAllowed):
        approve(proposal_id=proposal.pk, checker_id=member("客服").pk)

    assert amounts_in(wallet) == {"principal": (1_000, 0)}


def test_nobody_takes_more_than_there_is_and_the_proposal_stays_open():
    wallet, maker, checker = make_wallet(principal=100), member("客服"), member("财务")
    _adjustment, proposal = ask(wallet, -101, maker=maker)

    with pytest.raises(InsufficientBalance):
        approve(proposal_id=proposal.pk, checker_id=checker.pk)

    proposal.refresh_from_db()
    assert (proposal.state, amounts_in(wallet)) == ("OPEN", {"principal": (100, 0)})


def test_both_directions_count_on_the_makers_day():
    wallet, maker = make_wallet(principal=10), member("客服")
    most = settings.ADJUSTMENTS_DAY_MAX
    ask(wallet, most - 100, maker=maker)

    with pytest.raises(AdjustmentCeiling) as refusal:
        ask(wallet, -101, maker=maker)
    assert refusal.value.detail == {"limit": most, "left": 100}
    ask(wallet, -100, maker=maker)
    ask(wallet, most, maker=member("客服"))

    assert Adjustment.objects.filter(wallet=wallet).count() == 3
