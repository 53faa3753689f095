"""New limits: proposed by one, approved by another, from then on, and never without a limit."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.rules.kyc import KycLevel
from wallet.errors import LimitExceeded, LimitsChangeNothing, LimitsRefused
from wallet.models import LimitPolicy
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import BY_LAW, HIGHEST, NAMES, OUT, Limits, problem_with
from wallet.selectors.limit_policies import policies_in_force
from wallet.services.limit_policies import propose_limits
from wallet.services.limits import use_limit
from wallet_project.approvals.errors import AlreadyProposed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve, reject
from wallet_project.approvals.standing import with_standing
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db

LEVEL, MOVE = KycLevel.II, "transfer"
TIGHTER = Limits(single=100_00, per_day=1_000_00, per_month=10_000_00, times_a_day=5)


def boss(name):
    return User.objects.create_superuser(name, "a long enough password")


def ask(limits=TIGHTER, *, maker, level=LEVEL, move=MOVE, effective_from=None):
    propose_limits(
        level=level,
        move=move,
        limits=limits,
        effective_from=effective_from,
        reason="盗刷增多",
        maker_id=maker.pk,
    )
    return Proposal.objects.latest("pk")


def in_force(level=LEVEL, move=MOVE, *, at=None):
    return policies_in_force([level], at=at or clock.now())[level, move]


def standings(*, at):
    """Of every version of this level and move, oldest first."""
    versions = LimitPolicy.objects.filter(level=LEVEL, move=MOVE)
    return [
        version.standing
        for version in with_standing(versions, of=("level", "move"), at=at).order_by("effective_from", "id")
    ]


@pytest.fixture
def maker():
    return boss("li")


@pytest.fixture
def checker():
    return boss("wang")


def test_nothing_changes_until_somebody_else_agrees(maker, checker):
    before = in_force()

    proposal = ask(maker=maker)
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    assert in_force() == before

    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    assert in_force() == TIGHTER
    written = LimitPolicy.objects.latest("pk")
    assert (written.proposed_by, written.approved_by) == (maker.pk, checker.pk)
    assert AuditEntry.objects.filter(action="wallet.limits.set", subject="limit:2:transfer").exists()
    [told] = StoredEvent.objects.filter(name="wallet.limits.set", aggregate="limit:2:transfer")
    assert told.payload["level"] == 2


def test_a_rejected_wish_changes_nothing(maker, checker):
    before = in_force()

    reject(proposal_id=ask(maker=maker).pk, checker_id=checker.pk, comment="太紧")

    assert in_force() == before


def test_it_counts_from_its_moment_on(maker, checker):
    tomorrow = clock.now() + timedelta(days=1)
    before = in_force()

    approve(proposal_id=ask(maker=maker, effective_from=tomorrow).pk, checker_id=checker.pk)

    assert in_force() == before
    assert in_force(at=tomorrow) == TIGHTER
    assert standings(at=clock.now()) == ["in_force", "coming"]
    assert standings(at=tomorrow) == ["past", "in_force"]


def test_a_version_whose_time_never_came_is_no_version(maker, checker):
    tomorrow = clock.now() + timedelta(days=1)
    for per_day in (2_000_00, 3_000_00):
        proposal = ask(Limits(per_day=per_day), maker=maker, effective_from=tomorrow)
        approve(proposal_id=proposal.pk, checker_id=checker.pk)

    assert in_force(at=tomorrow).per_day == 3_000_00
    assert standings(at=tomorrow) == ["past", "skipped", "in_force"]


def test_what_is_approved_too_late_counts_from_the_approval(maker, checker):
    proposal = ask(maker=maker, effective_from=clock.now() + timedelta(seconds=1))
    Proposal.objects.filter(pk=proposal.pk).update(
        facts={**proposal.facts, "effective_from": "2026-01-01T00:00:00+08:00"}
    )

    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    written = LimitPolicy.objects.latest("pk")
    assert written.effective_from == written.made_at


def test_one_change_of_a_level_and_move_waits_at_a_time(maker):
    ask(maker=maker)

    with pytest.raises(AlreadyProposed):
        ask(Limits(per_day=1_00), maker=maker)
    ask(maker=maker, level=KycLevel.III)


def test_what_is_in_force_is_not_proposed_again(maker):
    with pytest.raises(LimitsChangeNothing):
        ask(in_force(), maker=maker)


def test_what_has_been_used_is_found_by_a_tighter_limit(maker, checker):
    user = User.objects.create_user()
    with transaction.atomic():
        use_limit(user_id=user.pk, kind=MoveKind.PAY, amount=150_00, at=clock.now())
    wish = Limits(single=100_00, per_day=100_00, lifetime=1_000_00)
    proposal = ask(wish, maker=maker, level=KycLevel.NONE, move="pay")
    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    with pytest.raises(LimitExceeded) as refused, transaction.atomic():
        use_limit(user_id=user.pk, kind=MoveKind.PAY, amount=1, at=clock.now())

    assert refused.value.detail["left"] == 0


UNREASONABLE = {
    "negative": Limits(per_day=-1),
    "endless": Limits(per_day=HIGHEST + 1),
    "beyond what fits": Limits(per_day=2**63 - 1),
    "a single one above the day": Limits(single=2, per_day=1),
    "a month below the day": Limits(per_day=2, per_month=1),
    "a year below the day": Limits(per_day=2, per_year=1),
    "ever below the month": Limits(per_day=1, per_month=3, lifetime=2),
    "less than no moves": Limits(per_day=1, times_a_day=-1),
    "moves without end": Limits(per_day=1, times_a_day=1_001),
}


@pytest.mark.parametrize("limits", UNREASONABLE.values(), ids=UNREASONABLE)
def test_what_makes_no_sense_is_not_even_proposed(maker, limits):
    with pytest.raises(LimitsRefused):
        ask(limits, maker=maker)

    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "limits", [limits for name, limits in UNREASONABLE.items() if name != "beyond what fits"]
)
def test_the_table_refuses_it_as_well(limits):
    with pytest.raises(IntegrityError):
        LimitPolicy.objects.create(
            level=LEVEL,
            move=MOVE,
            **limits.columns,
            effective_from=clock.now(),
            made_at=clock.now(),
            proposed_by=1,
            approved_by=2,
        )


@pytest.mark.parametrize(("maker_id", "made_at"), [(2, 0), (1, 1)])
def test_the_table_knows_two_people_and_no_past(maker_id, made_at):
    now = clock.now()

    with pytest.raises(IntegrityError):
        LimitPolicy.objects.create(
            level=LEVEL,
            move=MOVE,
            per_day=1,
            effective_from=now,
            made_at=now + timedelta(seconds=made_at),
            proposed_by=maker_id,
            approved_by=2,
        )


def test_a_version_is_neither_changed_nor_deleted():
    newest = LimitPolicy.objects.latest("pk")

    for act in (newest.delete, newest.save):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            act()


@pytest.mark.parametrize("level", list(KycLevel))
def test_a_licensed_wallet_does_not_pass_the_regulation(level, maker, settings):
    period, ceiling = BY_LAW[level]
    column = {"lifetime": "lifetime", "year": "per_year"}[period]
    within = Limits(per_day=500_00, **{column: ceiling})
    beyond = [Limits(per_day=500_00, **{column: ceiling + 1}), Limits(per_day=500_00)]

    assert problem_with(within, level=level, move=OUT, mode="licensed") is None
    for limits in beyond:
        with pytest.raises(LimitsRefused):
            ask(limits, maker=maker, level=level, move=OUT)
        assert problem_with(limits, level=level, move=OUT, mode="closed_loop") is None


def test_what_a_wallet_begins_with_is_within_the_law_and_rises_with_the_level():
    for at in (datetime(2016, 7, 1, tzinfo=SHANGHAI), clock.now()):
        policies = policies_in_force(KycLevel, at=at)
        assert set(policies) == {(level, move) for level in KycLevel for move in NAMES}
        for (level, move), limits in policies.items():
            assert problem_with(limits, level=level, move=move, mode="licensed") is None, (level, move)
            if level != KycLevel.NONE:
                below = policies[KycLevel(level - 1), move]
                assert below.per_day <= limits.per_day
                assert (below.single or 0) <= (limits.single or HIGHEST)
