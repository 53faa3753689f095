"""A fee is changed by two people, never backwards, and never upwards without everybody's consent."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import IntegrityError
from django.db.transaction import TransactionManagementError, atomic

from accounts.models import User
from accounts.tests.factories import announced
from wallet.errors import FeeChangesNothing, FeeRaiseNotAnnounced, FeeTermsRefused
from wallet.rules.fees import FeeTerms, FreeQuota
from wallet.rules.kinds import MoveKind
from wallet.selectors.fees import published_fees, schedule_in_force
from wallet.services.fees import propose_fee, set_fee
from wallet.tests.factories import make_schedule
from wallet_project.approvals.errors import AlreadyProposed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db

CHEAPER = FeeTerms(rate=8, least=10, most=20_00, free=FreeQuota(amount=2_000_00))
DEARER = FeeTerms(rate=20, least=10, most=25_00, free=FreeQuota(amount=1_000_00))


@pytest.fixture
def maker():
    return User.objects.create_user("chen", None, is_staff=True).pk


@pytest.fixture
def checker():
    checker = User.objects.create_user("li", None, is_staff=True)
    checker.user_permissions.add(Permission.objects.get(codename="approve_feeschedule"))
    return checker.pk


def propose(maker, terms=CHEAPER, *, kind=MoveKind.WITHDRAW, tier="", effective_from=None):
    propose_fee(
        kind=kind,
        tier=tier,
        terms=terms,
        effective_from=effective_from,
        reason="下调费率",
        maker_id=maker,
    )
    return Proposal.objects.latest("pk")


def in_force(at=None):
    return schedule_in_force("withdraw", at=at or clock.now())


def test_a_fee_changes_when_a_second_person_agrees(maker, checker):
    first = in_force()
    proposal = propose(maker)
    assert in_force() == first

    decided = approve(proposal_id=proposal.pk, checker_id=checker)

    made = in_force()
    assert (made.terms, made.version) == (CHEAPER, 2)
    assert (made.proposed_by, made.approved_by) == (maker, checker)
    assert decided.outcome == "已公布提现 第 2 版"
    [entry] = AuditEntry.objects.filter(action="wallet.fee.set")
    assert (entry.subject, entry.facts["rate"]) == ("fee:withdraw", 8)
    told = StoredEvent.objects.get(name="wallet.fee.set").payload
    assert (told["kind"], told["version"], told["is_dearer"]) == ("withdraw", 2, False)


def test_a_fee_may_be_announced_for_later(maker, checker):
    first, later = in_force(), clock.now().replace(microsecond=0) + timedelta(days=3)
    approve(proposal_id=propose(maker, effective_from=later).pk, checker_id=checker)

    assert in_force() == first
    assert in_force(later).terms == CHEAPER
    shown = published_fees(at=clock.now())
    assert [fee.version for fee in shown["coming"]] == [2]
    assert next(fee.ends for fee in shown["in_force"] if fee.kind == "withdraw") == later


def test_what_is_approved_too_late_counts_from_then_on(maker, checker):
    proposal = propose(maker, effective_from=clock.now() + timedelta(days=1))

    with time_machine.travel(clock.now() + timedelta(days=2)):
        approve(proposal_id=proposal.pk, checker_id=checker)
        made = in_force()

    assert made.effective_from == made.made_at


def test_nobody_sets_a_fee_alone(maker):
    User.objects.filter(pk=maker).update(is_superuser=True)

    with pytest.raises(OwnProposal):
        approve(proposal_id=propose(maker).pk, checker_id=maker)

    assert in_force().version == 1
    with pytest.raises(IntegrityError), atomic():
        make_schedule("pay", proposed_by=maker, approved_by=maker)


def test_one_change_of_a_fee_waits_at_a_time(maker):
    propose(maker)

    with pytest.raises(AlreadyProposed):
        propose(maker)

    propose(maker, kind=MoveKind.WITHDRAW, tier="gold")


class TestARaise:
    def test_needs_a_new_text_that_everybody_agrees_to(self, maker):
        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, DEARER)
        assert not Proposal.objects.exists()

    def test_counts_from_the_day_of_the_text_at_the_earliest(self, maker, checker):
        day = clock.now().replace(microsecond=0) + timedelta(days=31)
        text = announced("FEE_SCHEDULE", effective_at=day)
        assert text.published_at < day

        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, DEARER, effective_from=day - timedelta(seconds=1))
        approve(proposal_id=propose(maker, DEARER, effective_from=day).pk, checker_id=checker)

        assert (in_force().version, in_force(day).terms) == (1, DEARER)
        assert StoredEvent.objects.get(name="wallet.fee.set").payload["is_dearer"]

    def test_of_a_typing_error_is_none(self, maker):
        announced("FEE_SCHEDULE", effective_at=clock.now(), is_material=False)

        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, DEARER)

    def test_uses_a_text_once(self, maker):
        announced("FEE_SCHEDULE", effective_at=clock.now())
        make_schedule("withdraw", **CHEAPER.columns)  # after the text was published

        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, DEARER)

    @pytest.mark.parametrize("kind", [kind for kind in MoveKind if kind != MoveKind.WITHDRAW])
    def test_is_whatever_was_free(self, maker, kind):
        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, FeeTerms(least=1), kind=kind)

    def test_is_a_tier_that_pays_more_than_everybody(self, maker):
        with pytest.raises(FeeRaiseNotAnnounced):
            propose(maker, DEARER, tier="bronze")

    def test_is_looked_at_again_when_it_is_approved(self, maker, checker):
        make_schedule("withdraw", **replace(DEARER, rate=30).columns)
        proposal = propose(maker, DEARER)  # cheaper than this, and dearer than what follows
        make_schedule("withdraw", **CHEAPER.columns)

        with pytest.raises(FeeRaiseNotAnnounced):
            approve(proposal_id=proposal.pk, checker_id=checker)

        assert in_force().terms == CHEAPER


@pytest.mark.parametrize(
    "terms",
    [
        FeeTerms(rate=-1),
        FeeTerms(rate=10_001),
        FeeTerms(flat=-1),
        FeeTerms(least=-1),
        FeeTerms(least=10, most=9),
        FeeTerms(free=FreeQuota(amount=-1)),
        FeeTerms(free=FreeQuota(moves=-1)),
    ],
)
def test_terms_that_make_no_sense_are_nobodys(maker, checker, terms):
    with pytest.raises(FeeTermsRefused):
        propose(maker, terms)
    with pytest.raises(FeeTermsRefused), atomic():
        set_fee(
            kind=MoveKind.PAY, tier="", terms=terms, effective_from=None, maker_id=maker, checker_id=checker
        )
    with pytest.raises(IntegrityError), atomic():
        make_schedule("pay", **terms.columns)


def test_what_is_already_so_is_no_change(maker):
    with pytest.raises(FeeChangesNothing):
        propose(maker, in_force().terms)
    with pytest.raises(FeeChangesNothing):
        propose(maker, FeeTerms(), kind=MoveKind.PAY)


def test_a_fee_is_set_in_the_transaction_that_approves(maker, checker):
    with pytest.raises(TransactionManagementError):
        set_fee(
            kind=MoveKind.PAY,
            tier="",
            terms=FeeTerms(),
            effective_from=None,
            maker_id=maker,
            checker_id=checker,
        )


def test_what_was_replaced_before_its_time_is_not_shown():
    now = clock.now()
    for flat in (2_00, 1_00):
        make_schedule("pay", flat=flat, effective_from=now + timedelta(days=1))
    make_schedule("transfer")

    shown = published_fees(at=clock.now())

    assert [(fee.kind, fee.flat) for fee in shown["coming"]] == [("pay", 1_00)]
    assert [(fee.kind, fee.version) for fee in shown["past"]] == [("transfer", 1)]
    assert [fee.kind for fee in shown["in_force"]] == MoveKind.values
