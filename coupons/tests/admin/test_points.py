"""The operators' side: a rule is written, tried on yesterday, approved by another; a cup is handed over."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from coupons.models import PointRule, PointsPolicy
from coupons.selectors.points import policy_in_force
from coupons.services.mall import exchange
from coupons.tests.points import buy, good, person, points
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.models import Proposal
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

RULE = {
    "name": "周三双倍",
    "event": "PURCHASE",
    "rate": "200",
    "points": "0",
    "every_days": "1",
    "kind": "STORE",
    "tier": "",
    "hour_from": "0",
    "hour_until": "24",
    "least": "20",
    "most": "",
    "most_a_day": "",
    "starts_at_0": "2026-01-01",
    "starts_at_1": "00:00",
    "ends_at_0": "",
    "ends_at_1": "",
}
POLICY = {
    "mode": "YEAR_END",
    "months": "12",
    "notice_days": "15",
    "refund_days": "10",
    "per_yuan": "200",
    "order_share": "30",
}


@pytest.fixture
def seat(client):
    """Sit down at the desk in a role."""
    make_groups()

    def seat(role, name):
        member, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if made:
            member.groups.add(Group.objects.get(name=role))
        client.force_login(member)
        return client

    return seat


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def act(member, name, row, **form):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])
    return member.post(address, {"_form_submitted": "true", **form}, follow=True)


def test_a_rule_is_written_tried_on_yesterday_and_approved_by_another(seat):
    buy(person(), 50_00, at=clock.start_of_day(clock.now()) - timedelta(hours=1))
    operator = seat("运营", "chen")
    answer = operator.post("/admin/coupons/pointrule/add/", RULE, follow=True)
    assert not (form := answer.context.get("errors")), form
    made = PointRule.objects.get(name="周三双倍")
    page = text(operator.get(reverse("admin:coupons_pointrule_change", args=[made.pk])))
    for words in ("每消费 100 元得 200 积分", "满 20.00 元", "1 笔消费中 1 笔得分，1 人共得 100 积分"):
        assert words in page

    assert "已提交审批" in text(act(operator, "propose", made, reason="周三活动"))
    proposal = Proposal.objects.get()
    act(operator, "agree", proposal, reason="我自己同意")
    made.refresh_from_db()
    assert made.state == AgreedState.DRAFT

    finance = seat("财务", "li")
    shown = text(finance.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])))
    assert "消费 ¥100.00 得 200" in shown
    assert "1 人共得 100 积分" in shown
    act(finance, "agree", proposal, reason="同意生效")

    made.refresh_from_db()
    assert made.state == AgreedState.LIVE
    refused = seat("运营", "chen").post(reverse("admin:coupons_pointrule_change", args=[made.pk]), RULE)
    assert refused.status_code == 403
    assert "已停用" in text(act(seat("运营", "chen"), "end", made, reason="活动结束"))


def test_what_was_edited_after_it_was_proposed_does_not_go_live(seat):
    operator = seat("运营", "chen")
    operator.post("/admin/coupons/pointrule/add/", RULE)
    made = PointRule.objects.get(name="周三双倍")
    act(operator, "propose", made, reason="周三活动")
    PointRule.objects.filter(name="周三双倍").update(rate=20_000)

    said = text(act(seat("财务", "li"), "agree", Proposal.objects.get(), reason="同意生效"))

    assert "提交审批后被修改过" in said
    assert PointRule.objects.get(name="周三双倍").state == AgreedState.DRAFT


def test_a_new_policy_takes_the_place_of_the_old_one(seat):
    operator, old = seat("运营", "chen"), policy_in_force()
    operator.post("/admin/coupons/pointspolicy/add/", POLICY)
    made = PointsPolicy.objects.get(state="DRAFT")
    act(operator, "propose", made, reason="改为年底清零")
    act(seat("财务", "li"), "agree", Proposal.objects.get(), reason="同意生效")

    assert policy_in_force().pk == made.pk
    old.refresh_from_db()
    assert old.state == AgreedState.RETIRED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": "0"}, "每消费 100 元得多少积分"),
        ({"event": "CHECK_IN"}, "每次得多少积分"),
        ({"hour_from": "9", "hour_until": "9"}, "要晚于“从几点”"),
        ({"weekdays": "8"}, "7"),
        ({"ends_at_0": "2025-01-01", "ends_at_1": "00:00"}, "结束时间要晚于开始时间"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(seat, wrong, said):
    page = text(seat("运营", "chen").post("/admin/coupons/pointrule/add/", {**RULE, **wrong}))

    assert said in page
    assert not PointRule.objects.filter(name="周三双倍").exists()


def test_the_store_hands_over_what_a_code_is_shown_for(seat):
    user, chosen = person(active=200), good()
    orders = [exchange(user_id=user.pk, good_id=chosen.pk) for _ in range(2)]
    operator = seat("运营", "chen")
    hand_over = reverse("admin:coupons_mallorder_hand_over")
    form = {"_form_submitted": "true", "code": orders[0].pick_up_code}

    said = [text(operator.post(hand_over, form, follow=True)) for _again in range(2)]

    assert "请交付：马克杯" in said[0]
    assert "没有待自提的兑换使用这个取货码" in said[1]
    assert "chen" in said[0]
    assert orders[0].pick_up_code not in said[0]
    assert "积分已退回" in text(act(operator, "cancel", orders[1], reason="缺货无法交付"))
    assert points(user) == (0, 100, 0, 0)
    assert seat("财务", "li").post(hand_over, form).status_code in (302, 403)


def test_a_customers_points_are_explained(seat):
    user = person(active=100, pending=50)
    page = text(seat("客服", "sun").get(reverse("admin:coupons_pointsaccount_change", args=[user.pk])))

    for words in ("待生效", "可用", "+100", "+50", "赠送"):
        assert words in page
