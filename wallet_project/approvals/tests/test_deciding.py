"""One proposes, another one decides, and what was proposed happens once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from wallet.services.freezes import freeze_wallet, propose_unfreeze
from wallet.tests.factories import make_wallet
from wallet_project.approvals.errors import (
    AlreadyProposed,
    CheckerNotAllowed,
    NotTheMaker,
    OwnProposal,
    ProposalEnded,
)
from wallet_project.approvals.kinds import carries_out
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve, expire_proposals, propose, reject, withdraw
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent


def member(name: str, *permissions: str) -> User:
    user = User.objects.create_user(f"{name}-{User.objects.count()}", None, is_staff=True)
    for codename in permissions:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return user


def proposed(wallet, *, maker):
    propose_unfreeze(wallet_id=wallet.pk, reason="协查结束", maker_id=maker)
    return Proposal.objects.latest("pk")


@pytest.fixture
def wallet(db):
    wallet = make_wallet()
    freeze_wallet(wallet_id=wallet.pk, reason="公安协查")
    return wallet


@pytest.fixture
def proposal(wallet):
    return proposed(wallet, maker=member("maker").pk)


def status_of(wallet):
    wallet.refresh_from_db()
    return wallet.status


def test_what_two_people_agree_on_is_done_at_once_and_told(wallet, proposal):
    checker = member("checker", "approve_unfreeze")

    decided = approve(proposal_id=proposal.pk, checker_id=checker.pk, comment="已核对公函")

    assert (decided.state, decided.checker_id, decided.comment) == ("APPROVED", checker.pk, "已核对公函")
    assert status_of(wallet) == "OPEN"
    actions = AuditEntry.objects.filter(subject=f"wallet:{wallet.pk}").values_list("action", flat=True)
    assert {"approvals.proposal.made", "approvals.proposal.approved"} <= set(actions)
    told = StoredEvent.objects.get(name="approvals.proposal.decided")
    assert told.payload["state"] == "APPROVED"


def test_what_must_bear_both_names_is_told_them(db):
    seen = []
    named = carries_out(
        "tests.named", title="测试", permission="wallet.approve_unfreeze", also=("maker_id", "checker_id")
    )
    named(lambda **told: seen.append(told))
    maker, checker = member("maker"), member("checker", "approve_unfreeze")
    made = propose(kind="tests.named", subject="test:1", facts={"fact": 1}, reason="测试", maker_id=maker.pk)

    approve(proposal_id=made.pk, checker_id=checker.pk)

    assert seen == [{"fact": 1, "maker_id": maker.pk, "checker_id": checker.pk}]


def test_nobody_decides_their_own_nor_what_concerns_them_nor_what_is_not_theirs(wallet, proposal):
    maker = User.objects.get(pk=proposal.maker_id)
    maker.user_permissions.add(Permission.objects.get(codename="approve_unfreeze"))
    owner = User.objects.get(pk=wallet.user_id)
    owner.is_staff = owner.is_superuser = True
    owner.save()

    for checker, refusal in ((maker, OwnProposal), (owner, OwnProposal), (member("li"), CheckerNotAllowed)):
        for decide in (approve, reject):
            with pytest.raises(refusal):
                decide(proposal_id=proposal.pk, checker_id=checker.pk, comment="好的好的")

    assert status_of(wallet) == "FROZEN"
    assert Proposal.objects.get(pk=proposal.pk).state == "OPEN"
    with pytest.raises(OwnProposal):
        propose_unfreeze(wallet_id=wallet.pk, reason="是我的钱包", maker_id=owner.pk)


def test_the_table_itself_refuses_a_maker_who_checks(proposal):
    with pytest.raises(IntegrityError, match="nobody_checks_their_own"), transaction.atomic():
        Proposal.objects.update(state="APPROVED", checker_id=proposal.maker_id, decided_at=clock.now())


def test_a_customer_with_the_permission_is_no_checker(proposal):
    customer = User.objects.create_user()
    customer.user_permissions.add(Permission.objects.get(codename="approve_unfreeze"))

    with pytest.raises(CheckerNotAllowed):
        approve(proposal_id=proposal.pk, checker_id=customer.pk)


def test_a_no_changes_nothing_and_is_final(wallet, proposal):
    checker = member("checker", "approve_unfreeze")

    reject(proposal_id=proposal.pk, checker_id=checker.pk, comment="公函不全")

    for decide in (approve, reject):
        with pytest.raises(ProposalEnded):
            decide(proposal_id=proposal.pk, checker_id=checker.pk, comment="再来一次")
    assert status_of(wallet) == "FROZEN"


def test_only_the_maker_takes_it_back(wallet, proposal):
    with pytest.raises(NotTheMaker):
        withdraw(proposal_id=proposal.pk, maker_id=member("other").pk)

    withdraw(proposal_id=proposal.pk, maker_id=proposal.maker_id)

    assert Proposal.objects.get(pk=proposal.pk).state == "WITHDRAWN"
    assert status_of(wallet) == "FROZEN"


def test_a_week_later_nobody_may_approve_and_it_may_be_proposed_again(wallet, proposal):
    Proposal.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    with pytest.raises(ProposalEnded):
        approve(proposal_id=proposal.pk, checker_id=member("checker", "approve_unfreeze").pk)
    again = proposed(wallet, maker=proposal.maker_id)

    assert Proposal.objects.get(pk=proposal.pk).state == "EXPIRED"
    Proposal.objects.filter(pk=again.pk).update(expires_at=clock.now())
    assert expire_proposals() == 1
    assert status_of(wallet) == "FROZEN"


def test_the_same_is_not_proposed_twice_at_a_time(wallet, proposal):
    with pytest.raises(AlreadyProposed):
        propose_unfreeze(wallet_id=wallet.pk, reason="协查结束", maker_id=member("other").pk)

    assert Proposal.objects.count() == 1


def test_what_cannot_be_done_leaves_the_proposal_open(db):
    checker = member("checker", "approve_unfreeze")
    broken = propose(
        kind="wallet.unfreeze",
        subject="wallet:0",
        facts={"wallet_id": 0, "reason": "没有这个钱包"},
        reason="没有这个钱包",
        maker_id=member("maker").pk,
    )

    with pytest.raises(Exception, match=r".+"):
        approve(proposal_id=broken.pk, checker_id=checker.pk)

    assert Proposal.objects.get(pk=broken.pk).state == "OPEN"
    assert not AuditEntry.objects.filter(action="approvals.proposal.approved").exists()


def test_a_kind_that_nobody_carries_out_is_not_proposed(db):
    with pytest.raises(LookupError):
        propose(kind="a.b", subject="x:1", facts={}, reason="…", maker_id=1)


@pytest.mark.committed
def test_of_many_checkers_at_once_one_carries_it_out(committed_db, in_parallel):
    wallet = make_wallet()
    freeze_wallet(wallet_id=wallet.pk, reason="公安协查")
    proposal = proposed(wallet, maker=member("maker").pk)
    checkers = [member("checker", "approve_unfreeze").pk for _ in range(4)]

    answers = in_parallel([lambda pk=pk: approve(proposal_id=proposal.pk, checker_id=pk) for pk in checkers])

    assert sum(isinstance(answer, Proposal) for answer in answers) == 1
    assert sum(isinstance(answer, ProposalEnded) for answer in answers) == 3
    lifted = AuditEntry.objects.filter(subject=f"wallet:{wallet.pk}", action="wallet.wallet.status")
    assert lifted.count() == 2


def test_the_page_shows_what_changes_and_why_its_maker_cannot_decide(client, wallet, proposal):
    maker = User.objects.get(pk=proposal.maker_id)
    for codename in ("view_proposal", "approve_unfreeze"):
        maker.user_permissions.add(Permission.objects.get(codename=codename))
    address = reverse("admin:approvals_proposal_change", args=[proposal.pk])
    client.force_login(maker)

    page = client.get(address).content.decode()
    tried = client.post(
        reverse("admin:approvals_proposal_agree", args=[proposal.pk]),
        {"_form_submitted": "True", "reason": "我自己批准"},
    )

    for words in ("解冻钱包", "只进不出", "正常", maker.username, "须由其他人审批", "撤回"):
        assert words in page
    assert "批准并执行" not in page
    assert tried.status_code == 403
    assert status_of(wallet) == "FROZEN"


def test_a_checker_approves_on_the_page(client, wallet, proposal):
    checker = member("checker", "view_proposal", "approve_unfreeze")
    client.force_login(checker)
    address = reverse("admin:approvals_proposal_agree", args=[proposal.pk])

    assert "立即执行" in client.get(address).content.decode()
    client.post(address, {"_form_submitted": "True", "reason": "已核对公函"})

    assert status_of(wallet) == "OPEN"
    page = client.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()
    assert "已批准" in page
    assert checker.username in page
