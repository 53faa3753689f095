"""Two people put an offer on sale, and it is the one that both have seen."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from wallet.errors import PackageChanged
from wallet.models import PackageState, TopUpPackage
from wallet.services.top_up_packages import propose_sale
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


def staff_member(role: str) -> User:
    member = User.objects.create(username=f"{role}{uuid.uuid4().hex[:8]}", is_staff=True)
    member.groups.add(make_groups()[role])
    return member


@pytest.fixture
def draft() -> TopUpPackage:
    return TopUpPackage.objects.create(
        name="充 100 送 20", amount=10_000, bonus=2_000, bonus_days=30, per_person=1, sold_from=clock.now()
    )


@pytest.fixture
def proposed(draft) -> Proposal:
    propose_sale(package_id=draft.pk, reason="开业活动", maker_id=staff_member("运营").pk)
    return Proposal.objects.get(subject=f"top_up_package:{draft.pk}")


def test_what_was_proposed_goes_on_sale(draft, proposed):
    approve(proposal_id=proposed.pk, checker_id=staff_member("财务").pk)

    draft.refresh_from_db()
    assert draft.state == PackageState.ON_SALE


@pytest.mark.parametrize(
    "edit",
    [
        {"amount": 9_000},
        {"bonus": 10_000},
        {"bonus_days": None},
        {"per_person": None},
        {"sold_until": clock.now() + timedelta(days=1)},
    ],
)
def test_what_was_edited_since_needs_to_be_seen_again(draft, proposed, edit):
    TopUpPackage.objects.filter(pk=draft.pk).update(**edit)

    with pytest.raises(PackageChanged):
        approve(proposal_id=proposed.pk, checker_id=staff_member("财务").pk)

    draft.refresh_from_db()
    proposed.refresh_from_db()
    assert (draft.state, proposed.state) == (PackageState.DRAFT, "OPEN")
