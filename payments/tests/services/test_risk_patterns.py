"""What shows only later: rings, mules, days of passing through; and what must be reported, unseen."""

from datetime import timedelta

import pytest

from payments.models import AmlFinding, RiskCase, RiskMove
from payments.rules.aml import AmlReason, AmlState, Day, reasons_of
from payments.selectors.aml import findings_as_csv
from payments.services.aml import decide_finding, find_large_and_suspicious
from payments.services.risk_patterns import look_for_patterns
from payments.tests.factories import aml_finding, staff_member, topped_up
from wallet.models import WalletStatus
from wallet.tests.dealings import somebody
from wallet_project.approvals.errors import OwnProposal
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.money import Fen
from wallet_project.staff import ROLES

pytestmark = pytest.mark.django_db


def moved(person, amount, *, to=None, device=None, at=None, user_id=None):
    return RiskMove.objects.create(
        at=at or clock.now(),
        family="out",
        user_id=user_id or person.id,
        device_id=device,
        payee=to and f"user:{to.user.uid}",
        amount=amount,
    )


def cases_of(person):
    return dict(RiskCase.objects.filter(user=person.id).values_list("rule", "state"))


def test_a_mule_is_stopped_until_somebody_has_looked():
    mule, victims = somebody(), [somebody() for _ in range(10)]
    for victim in victims:
        moved(victim, 1_200_00, to=mule)
    moved(mule, 10_000_00)

    look_for_patterns()
    look_for_patterns()

    mule.wallet.refresh_from_db()
    assert cases_of(mule) == {"mule": "OPEN"}
    assert mule.wallet.status == WalletStatus.FROZEN
    assert mule.wallet.frozen_until is not None
    told = StoredEvent.objects.filter(name="wallet.wallet.stopped", payload__user_id=mule.id)
    assert told.count() == 1
    assert not RiskCase.objects.filter(user__in=[victim.id for victim in victims]).exists()


def test_a_mule_whose_case_is_still_open_after_a_week_is_not_stopped_again():
    mule = somebody()
    for _ in range(10):
        moved(somebody(), 1_200_00, to=mule)
    moved(mule, 10_000_00)
    look_for_patterns()
    RiskCase.objects.update(opened_at=clock.now() - timedelta(days=8))
    mule.wallet.refresh_from_db()
    stopped_until = mule.wallet.frozen_until

    found = look_for_patterns()

    mule.wallet.refresh_from_db()
    assert (found, mule.wallet.frozen_until) == (0, stopped_until)


def test_whoever_keeps_what_people_gave_them_is_no_mule():
    collector = somebody()
    for _ in range(10):
        moved(somebody(), 1_200_00, to=collector)
    moved(collector, 5_000_00)

    look_for_patterns()

    assert cases_of(collector) == {}


def test_accounts_of_one_device_that_pay_one_person_are_a_ring():
    boss = somebody()
    for _ in range(3):
        moved(somebody(), 100, to=boss, device=f"farm-{boss.id}")
    moved(somebody(), 100, to=boss, device=f"other-{boss.id}")

    look_for_patterns()

    assert cases_of(boss) == {"ring": "OPEN"}


def test_three_days_of_passing_through_are_a_case():
    person = somebody()
    for days in range(3):
        at = clock.now() - timedelta(days=days)
        topped_up(person.user, 2_000_00, at=at)
        moved(person, 1_900_00, at=at)

    look_for_patterns()

    assert cases_of(person) == {"pass_through": "OPEN"}


@pytest.mark.parametrize(
    ("day", "reasons"),
    [
        ({"came": 0, "went": 49_999_99}, []),
        ({"came": 0, "went": 50_000_00}, ["LARGE_SUM"]),
        ({"came": 5_000_00, "went": 4_500_00}, []),
        ({"came": 6_000_00, "went": 5_400_00}, ["PASSED_THROUGH"]),
        ({"came": 1_000_00, "went": 900_00, "payers": 10}, ["MANY_PAYERS"]),
        ({"came": 1_000_00, "went": 899_99, "payers": 10}, []),
        ({"came": 0, "went": 4_750_00, "just_below": 5}, ["SPLIT_UP"]),
    ],
)
def test_a_day_has_its_reasons(day, reasons):
    assert reasons_of(Day(**{"payers": 0, "just_below": 0, **day})) == reasons


def test_the_night_finds_a_day_once():
    person, today = somebody(), clock.business_day(clock.now())
    topped_up(person.user, 6_000_00, at=clock.now())
    moved(person, 5_900_00)

    find_large_and_suspicious(today)
    again = find_large_and_suspicious(today)

    found = AmlFinding.objects.get(user=person.id)
    assert (found.reason, found.came, found.went, again) == ("PASSED_THROUGH", 6_000_00, 5_900_00, 0)
    assert Fen(found.went) > 0


def test_a_finding_is_decided_once_and_never_by_its_subject():
    finding = aml_finding((person := somebody()).user)

    with pytest.raises(OwnProposal):
        decide(finding, staff_member(own=person.user))
    decide(finding, staff_member())

    finding.refresh_from_db()
    assert (finding.state, finding.note) == ("REPORTED", "=已报送")
    table = findings_as_csv(AmlFinding.objects.filter(pk=finding.pk))
    assert "'=已报送" in table
    assert "60000.00" in table
    assert str(AmlReason.LARGE_SUM.label) in table


def decide(finding, staff):
    decide_finding(finding_id=finding.pk, state=AmlState.REPORTED, note="=已报送", staff_id=staff.pk)


def test_only_risk_may_look_at_what_is_reported():
    holders = {role for role, may in ROLES.items() if any("amlfinding" in each for each in may)}

    assert holders == {"风控"}
