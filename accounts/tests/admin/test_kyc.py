"""The review desk of real names: what is seen, who decides, and what is never said."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from accounts.rules.kyc import DecisionReason, KycLevel, KycState
from accounts.selectors.kyc import standing_of
from accounts.tests.factories import known_by_name, kyc_application, logged_in
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.committed

LIST = "admin:accounts_kycapplication_changelist"
PAGE = "admin:accounts_kycapplication_change"


@pytest.fixture
def customer(committed_db, new_phone):
    user = logged_in().user
    user.set_phone(new_phone(), at=clock.now())
    user.save()
    return user


@pytest.fixture
def seat(client, committed_db):
    """Sit down at the desk as a new member of staff with these roles."""

    def sit(*roles):
        member = User.objects.create_user(
            f"m-{clock.now():%H%M%S%f}", "a long enough password", is_staff=True
        )
        groups = make_groups()
        member.groups.set([groups[role] for role in roles])
        client.force_login(member)
        client.member = member
        return client

    return sit


def dialog(desk, application, decision, **form):
    address = reverse(f"admin:accounts_kycapplication_{decision}", args=[application.pk])
    return desk.post(address, {"_form_submitted": "1", **form})


def test_the_oldest_of_what_waits_is_on_top(seat, customer):
    now = clock.now()
    ended = {"state": KycState.APPROVED, "reason": DecisionReason.MATCHED, "decided_at": now}
    done = kyc_application(logged_in().user, submitted_at=now, **ended)
    young = kyc_application(customer, submitted_at=now - timedelta(days=4000))
    old = kyc_application(logged_in().user, submitted_at=now - timedelta(days=5000))

    page = seat("风控").get(reverse(LIST))

    shown = list(page.context["cl"].queryset)
    assert shown[:2] == [old, young]
    assert done not in shown[:2]


def test_the_page_shows_what_is_needed_and_no_more(seat, customer):
    application = kyc_application(customer)
    number = application.opened("id_number")

    page = seat("风控").get(reverse(PAGE, args=[application.pk])).content.decode()

    assert f"{number[:3]}***********{number[-4:]}" in page
    assert "欧*" in page
    assert customer.phone_masked in page
    assert "库中无记录" in page
    assert not [secret for secret in (number, "欧阳娜", customer.phone) if secret in page]


def test_the_guardian_can_be_called_by_whoever_says_why(seat, customer):
    application = kyc_application(customer)
    application.seal(guardian_name="欧阳锋", guardian_phone="13900001111")
    application.save()
    address = reverse("admin:accounts_kycapplication_reveal", args=[application.pk])

    shown = seat("风控").post(address, {"_form_submitted": "1", "reason": "致电监护人确认同意"})

    assert "13900001111" in shown.content.decode()
    entry = AuditEntry.objects.get(subject=f"user:{customer.pk}", action="accounts.pii.unmasked")
    assert "监护人手机号" in entry.facts["what"]
    assert "13900001111" not in str(entry.facts)


def test_risk_approves_with_a_ground_and_a_reason(seat, customer):
    application = kyc_application(customer)
    desk = seat("风控")

    dialog(desk, application, "approve", ground="DOCUMENTS_SEEN", reason="核对了身份证原件")

    application.refresh_from_db()
    assert (application.state, application.reviewer) == (KycState.APPROVED, desk.member)
    assert application.note == "核对了身份证原件"
    assert standing_of(customer.pk).level == KycLevel.II
    entry = AuditEntry.objects.get(subject=f"user:{customer.pk}", action="accounts.kyc.approved")
    assert (entry.actor, entry.facts["reason"]) == (f"staff:{desk.member.pk}", "DOCUMENTS_SEEN")


@pytest.mark.parametrize(
    "form", [{}, {"ground": "DOCUMENTS_SEEN"}, {"ground": "NOT_MATCHED", "reason": "核对了身份证原件"}]
)
def test_nobody_decides_without_saying_why(seat, customer, form):
    application = kyc_application(customer)

    dialog(seat("风控"), application, "approve", **form)

    application.refresh_from_db()
    assert application.state == KycState.REVIEW
    assert standing_of(customer.pk).level == KycLevel.I


@pytest.mark.parametrize("role", ["客服", "运营", "财务", "审计", "管理员"])
def test_nobody_else_decides(seat, customer, role):
    application = kyc_application(customer)
    desk = seat(role)

    for decision, ground in (("approve", "DOCUMENTS_SEEN"), ("reject", "SUSPICIOUS")):
        dialog(desk, application, decision, ground=ground, reason="看过证件了")

    application.refresh_from_db()
    assert application.state == KycState.REVIEW
    assert standing_of(customer.pk).level == KycLevel.I


def test_nobody_reviews_themselves(seat):
    desk = seat("风控")
    desk.member.set_phone(f"139{clock.now():%M%S%f}"[:11], at=clock.now())
    desk.member.save()
    application = kyc_application(desk.member)

    answer = dialog(desk, application, "approve", ground="DOCUMENTS_SEEN", reason="是我本人")

    assert "不能审核自己" in desk.get(answer.headers["Location"]).content.decode()
    application.refresh_from_db()
    assert application.state == KycState.REVIEW


def test_a_level_falls_by_four_eyes(seat, customer):
    real_name = known_by_name(customer)
    maker = seat("风控")
    address = reverse("admin:accounts_realname_lower", args=[real_name.pk])

    maker.post(address, {"_form_submitted": "1", "reason": "疑似出借账户"})

    assert standing_of(customer.pk).level == KycLevel.II
    proposal = Proposal.objects.get(kind="accounts.kyc_downgrade", subject=f"user:{customer.pk}")
    checker = User.objects.create_user(f"c-{clock.now():%H%M%S%f}", is_staff=True)
    checker.user_permissions.add(Permission.objects.get(codename="approve_kyc_downgrade"))
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    assert standing_of(customer.pk).level == KycLevel.I
    history = maker.get(reverse("admin:accounts_realname_change", args=[real_name.pk])).content.decode()
    assert "安全原因" in history
    assert "疑似出借账户" in history
