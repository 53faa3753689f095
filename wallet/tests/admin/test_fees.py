"""The operators' side of fees: worked out by one, agreed to by another, explained by all."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import announced
from wallet.models import FeeSchedule
from wallet.rules.kinds import MoveKind
from wallet.selectors.fees import schedule_in_force
from wallet.services.quotes import make_quote
from wallet.tests.factories import make_schedule
from wallet_project.approvals.models import Proposal
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

PROPOSE = "/admin/wallet/feeschedule/propose/"
LIST = "/admin/wallet/feeschedule/"
CHEAPER = {
    "kind": "withdraw",
    "tier": "",
    "flat": "0",
    "rate": "0.08",
    "least": "0.10",
    "most": "20",
    "free_moves": "0",
    "free_amount": "2,000",
    "effective_from": "",
    "reason": "下调提现费率",
}


@pytest.fixture
def seat(client):
    """Sit down at the desk in a role."""
    make_groups()

    def seat(role, name):
        member, made = User.objects.get_or_create(
            username=name, defaults={"is_staff": True, "nickname": "陈晨" if name == "chen" else name}
        )
        if made:
            member.groups.add(Group.objects.get(name=role))
        client.force_login(member)
        return client

    return seat


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def first(kind="withdraw"):
    return FeeSchedule.objects.get(kind=kind, tier="", version=1)


def test_the_form_begins_with_what_is_in_force(seat):
    operator = seat("运营", "chen")

    leads = operator.get(reverse("admin:wallet_feeschedule_propose_next", args=[first().pk]))
    page = operator.get(leads.url).content.decode()

    for name, value in (("rate", "0.1"), ("least", "0.10"), ("most", "25.00"), ("free_amount", "1,000.00")):
        assert re.search(rf'name="{name}" value="{value}"', page), name
    assert re.search(r'value="withdraw"\s+selected', page)


def test_what_it_would_cost_is_seen_before_it_is_handed_in(seat):
    page = text(seat("运营", "chen").post(PROPOSE, {**CHEAPER, "wish": "preview"}))

    assert not Proposal.objects.exists()
    cells = re.findall(r'<span class="yuan">([\d,.]+)</span>', page)
    # of each amount: now the first and later ones, afterwards the first and later ones
    assert cells[10:15] == ["1,000.00", "0.00", "1.00", "0.00", "0.80"]
    assert cells[15:20] == ["5,000.00", "4.00", "5.00", "2.40", "4.00"]


def test_one_proposes_and_another_agrees(seat):
    answer = seat("运营", "chen").post(PROPOSE, {**CHEAPER, "wish": "propose"}, follow=True)
    assert "已提交审批" in text(answer)
    proposal = Proposal.objects.get()
    assert schedule_in_force("withdraw", at=clock.now()) == first()

    finance = seat("财务", "li")
    shown = text(finance.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])))
    for words in ("金额的 0.08%", "金额的 0.1%", "批准后立即", "¥1,000.00 的手续费", "0.80"):
        assert words in shown
    agree = reverse("admin:approvals_proposal_agree", args=[proposal.pk])
    finance.post(agree, {"_form_submitted": "true", "reason": "同意下调"}, follow=True)

    made = FeeSchedule.objects.get(version=2)
    assert (made.rate, made.least, made.most, made.free_amount) == (8, 10, 20_00, 2_000_00)
    page = text(finance.get(reverse("admin:wallet_feeschedule_change", args=[made.pk])))
    assert "陈晨" in page
    assert "li" in page


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"rate": "100.01"}, "费率不能超过 100%"),
        ({"rate": "-1"}, "不能为负，也不能过大"),
        ({"rate": "0.001"}, "最多两位小数"),
        ({"rate": "千分之一"}, "最多两位小数"),
        ({"least": "30", "most": "20"}, "最高不能低于最低"),
        ({"flat": ""}, "必填"),
        ({"free_moves": "-1"}, "不能小于 0"),
        ({"free_moves": "９９９９９９９９９９９９９９９"}, "不能大于"),
        ({"effective_from": "2020-01-01T00:00"}, "请填写将来的时间"),
        ({"effective_from": "tomorrow"}, "有效的日期"),
        ({"kind": "theft"}, "可用的选项"),
        ({"tier": "<b>"}, "连字符组成"),
        ({"reason": "哦"}, "至少"),
        ({"rate": "0.2"}, "须先发布新版《收费标准》协议"),
        ({"rate": "0.1", "most": "25", "free_amount": "1000"}, "与届时的收费标准相同"),
    ],
)
def test_what_is_wrong_is_said_and_not_proposed(seat, wish, said):
    page = text(seat("运营", "chen").post(PROPOSE, {**CHEAPER, "wish": "propose", **wish}))

    assert said in page
    assert not Proposal.objects.exists()


def test_a_raise_is_handed_in_when_it_is_announced(seat):
    announced("FEE_SCHEDULE", effective_at=clock.now())

    answer = seat("运营", "chen").post(PROPOSE, {**CHEAPER, "rate": "0.2", "wish": "propose"}, follow=True)

    assert "已提交审批" in text(answer)


@pytest.mark.parametrize("role", ["财务", "风控", "客服", "审计"])
def test_only_operations_propose(seat, role):
    member = seat(role, "wang")

    assert member.get(PROPOSE).status_code == 403
    assert member.post(PROPOSE, {**CHEAPER, "wish": "propose"}).status_code == 403
    assert PROPOSE not in text(member.get(LIST))
    assert not Proposal.objects.exists()


def test_only_finance_agrees(seat):
    seat("运营", "chen").post(PROPOSE, {**CHEAPER, "wish": "propose"})
    agree = reverse("admin:approvals_proposal_agree", args=[Proposal.objects.get().pk])

    for role, name in (("运营", "chen"), ("运营", "zhao"), ("风控", "wang"), ("客服", "sun")):
        seat(role, name).post(agree, {"_form_submitted": "true", "reason": "同意下调"})

    assert Proposal.objects.get().state == "OPEN"
    assert FeeSchedule.objects.filter(kind="withdraw").count() == 1


def test_the_list_tells_what_stands_where(seat):
    make_schedule("withdraw", rate=5)
    finance = seat("财务", "li")

    def rows(standing):
        return [fee.version for fee in finance.get(LIST, {"standing": standing}).context["cl"].result_list]

    assert rows("past") == [1]
    assert sorted(rows("in_force")) == [1, 1, 1, 1, 1, 2]
    assert rows("coming") == rows("skipped") == []


def test_a_row_shows_what_it_makes_of_some_amounts(seat):
    page = text(seat("客服", "sun").get(reverse("admin:wallet_feeschedule_change", args=[first().pk])))

    for words in ("随系统提供", "2026", "5,000.00", "4.00", "25.00"):
        assert words in page


def test_a_quote_explains_its_fee(seat):
    person = User.objects.create()
    quote = make_quote(user_id=person.pk, kind=MoveKind.WITHDRAW, amount=1_500_00, facts={})

    support = seat("客服", "sun")
    page = text(support.get(reverse("admin:wallet_quote_change", args=[quote.pk])))

    for words in ("¥1,000.00 在本月免费额度内", "¥500.00 的 0.1%", "1,500.50", "待确认", "提现 第 1 版"):
        assert words in page
    assert str(quote.public_id) in text(support.get("/admin/wallet/quote/", {"q": str(quote.public_id)}))
