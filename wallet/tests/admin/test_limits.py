"""Limits as staff see them: what counts now, what will, what did; and the form of the next version."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db.transaction import atomic
from django.urls import reverse

from accounts.models import User
from wallet.models import LimitPolicy
from wallet.rules.kinds import MoveKind
from wallet.services.limits import use_limit
from wallet.tests.factories import make_wallet
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

LIST = "admin:wallet_limitpolicy_changelist"
PROPOSE = "admin:wallet_limitpolicy_propose"
WISH = {
    "level": "2",
    "move": "transfer",
    "single": "1,000",
    "per_day": "3000.50",
    "per_month": "",
    "per_year": "",
    "lifetime": "",
    "times_a_day": "5",
    "reason": "盗刷增多",
}


def staff(client, *roles):
    member = User.objects.create_user(f"s{User.objects.count()}", "a long enough password", is_staff=True)
    make_groups()
    member.groups.set(Group.objects.filter(name__in=roles))
    client.force_login(member)
    return member


def hand_in(client, **changed):
    return client.post(reverse(PROPOSE), {**WISH, **changed}, follow=True)


def test_the_list_says_what_counts_now_what_will_and_what_did(client):
    staff(client, "风控")
    now = clock.now()
    for days, per_day in ((-2, 11_00), (-1, 12_00), (3, 13_00)):
        at = now + timedelta(days=days)
        LimitPolicy.objects.create(
            level=1, move="bill", per_day=per_day, effective_from=at, made_at=at - timedelta(days=1)
        )

    page = client.get(reverse(LIST), {"level__exact": 1, "move__exact": "bill"}).content.decode()

    for text in ("11.00 元", "12.00 元", "13.00 元", "现行", "待生效", "已结束", "不限", "20 笔"):
        assert text in page, text
    coming = client.get(reverse(LIST), {"standing": "coming"}).content.decode()
    assert "13.00 元" in coming
    assert "12.00 元" not in coming


def test_operations_propose_and_finance_approves(client):
    staff(client, "运营")
    begun = client.get(reverse(PROPOSE), {"level": 2, "move": "transfer"}).content.decode()
    assert 'value="5,000.00"' in begun, "the form begins with what is in force"

    assert "已提交审批" in hand_in(client).content.decode()

    proposal = Proposal.objects.latest("pk")
    assert proposal.facts["limits"] == {
        "per_day": 3_000_50,
        "single": 1_000_00,
        "per_month": None,
        "per_year": None,
        "lifetime": None,
        "times_a_day": 5,
    }
    checker = staff(client, "财务")
    shown = client.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()
    for text in ("二类：已实名认证", "转账", "5,000.00 元", "3,000.50 元", "30 笔", "5 笔", "批准后立即生效"):
        assert text in shown, text
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    assert LimitPolicy.objects.latest("pk").per_day == 3_000_50


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"per_day": "-1"}, "不能为负，也不能过大"),
        ({"per_day": "∞"}, "请输入金额"),
        ({"per_day": ""}, "该字段是必填项"),
        ({"per_day": "1e9"}, "请输入金额"),
        ({"per_day": "90071992547409.91"}, "也不能超过一百万元"),
        ({"single": "4000"}, "较长期间的限额不能低于较短期间的"),
        ({"per_month": "2000"}, "较长期间的限额不能低于较短期间的"),
        ({"times_a_day": "-3"}, "单日笔数不能为负"),
        ({"move": "out", "per_year": "100000.01"}, "超过监管规定"),
        ({"move": "out"}, "超过监管规定"),
        ({"level": "9"}, "有效的选项"),
        ({"move": "everything"}, "有效的选项"),
        ({"effective_from": "2020-01-01T00:00"}, "将来的时间"),
    ],
)
def test_what_makes_no_sense_comes_back_with_the_reason(client, changed, told):
    staff(client, "风控")

    page = hand_in(client, **changed)

    assert page.status_code == 200
    assert told in page.content.decode()
    assert not Proposal.objects.exists()


def test_whoever_may_only_approve_or_look_proposes_nothing(client):
    for role in ("财务", "审计"):
        staff(client, role)
        assert client.get(reverse(LIST)).status_code == 200
        assert client.get(reverse(PROPOSE)).status_code == 403
        assert hand_in(client).status_code == 403
    staff(client, "客服")
    assert client.get(reverse(LIST)).status_code == 403
    assert not Proposal.objects.exists()


def test_the_page_of_a_wallet_shows_what_its_owner_has_used(client):
    staff(client, "风控")
    wallet = make_wallet(principal=300_00)
    with atomic():
        use_limit(user_id=wallet.user_id, kind=MoveKind.PAY, amount=123_45, at=clock.now())

    page = client.get(reverse("admin:wallet_wallet_change", args=[wallet.pk])).content.decode()

    for text in ("123.45 / 500.00", "123.45 / 1,000.00", "余额支出合计", "本金余额", "700.00"):
        assert text in page, text


def test_a_wrong_level_in_the_address_is_no_error(client):
    staff(client, "风控")

    for query in ({"level": "x"}, {"level": "99", "move": "nothing"}, {"level": "²"}):
        assert client.get(reverse(PROPOSE), query).status_code == 200
