"""Policies are turned by two people, within what is sensible; a PIN is seen by nobody."""

import pytest
from django.urls import reverse

from accounts.models import PaymentPin, StepUpPolicy, User
from accounts.rules.step_up import OFFERED, is_sensible, read_factors
from accounts.tests.factories import logged_in, with_pin
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy():
    return StepUpPolicy.objects.get(kind="order.pay", risk="LOW", amount_up_to=None, day_up_to=1_000_00)


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", "a long enough password"))
    return client


def ask(desk, policy, **wish):
    given = {
        "_form_submitted": "true",
        "factors": "PIN+SMS",
        "amount_up_to": "",
        "day_up_to": "1,000.00",
        "reason": "近期盗刷增多",
    } | wish
    page = reverse("admin:accounts_stepuppolicy_ask_for_change", args=[policy.pk])
    return desk.post(page, given, follow=True).content.decode()


def test_a_policy_changes_when_somebody_else_agrees(desk, policy):
    page = ask(desk, policy, day_up_to="800")

    assert "已提交" in page
    policy.refresh_from_db()
    assert (policy.factors, policy.day_up_to) == ("PIN", 1_000_00)
    proposal = Proposal.objects.get()
    shown = desk.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()
    assert "支付密码 + 短信验证码" in shown
    assert "800.00" in shown

    approve(proposal_id=proposal.pk, checker_id=User.objects.create_superuser("li", "another password").pk)

    policy.refresh_from_db()
    assert (policy.factors, policy.amount_up_to, policy.day_up_to) == ("PIN+SMS", None, 800_00)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"factors": "SMS"}, "这项操作不能只用这些验证"),
        ({"factors": "WECHAT"}, "可用的选项"),
        ({"day_up_to": "五百"}, "请输入金额"),
        ({"day_up_to": "0"}, "金额必须大于零"),
        ({"reason": ""}, "必填"),
    ],
)
def test_what_is_not_sensible_is_not_even_proposed(desk, policy, wish, said):
    page = ask(desk, policy, **wish)

    assert said in page
    assert not Proposal.objects.exists()
    policy.refresh_from_db()
    assert policy.factors == "PIN"


@pytest.mark.parametrize(
    ("kind", "sensible"),
    [
        ("order.pay", {"SESSION|PIN", "PIN", "PIN+SOTER", "PIN+SOTER|PIN+SMS", "PIN+SMS", "REFUSE"}),
        ("wallet.withdraw", {"PIN", "PIN+SOTER", "PIN+SOTER|PIN+SMS", "PIN+SMS", "REFUSE"}),
        ("account.close", {"PIN+SOTER", "PIN+SOTER|PIN+SMS", "PIN+SMS", "SMS+WECHAT", "REFUSE"}),
        ("pin.set", {"PIN", "SMS", "PIN+SOTER", "PIN+SOTER|PIN+SMS", "PIN+SMS", "SMS+WECHAT", "REFUSE"}),
    ],
)
def test_money_needs_a_pin_and_the_rest_two_proofs(kind, sensible):
    assert {factors for factors in OFFERED if is_sensible(kind, read_factors(factors))} == sensible


def test_every_policy_we_ship_is_sensible():
    shipped = StepUpPolicy.objects.all()

    assert shipped.count() > 20
    assert [str(row) for row in shipped if not is_sensible(row.kind, read_factors(row.factors))] == []


def test_a_page_about_a_pin_shows_nothing_of_it(desk):
    pin = PaymentPin.objects.get(user=with_pin(logged_in()).user)

    page = desk.get(reverse("admin:accounts_paymentpin_change", args=[pin.pk])).content.decode()

    assert "argon2" not in page
    assert "正常" in page
