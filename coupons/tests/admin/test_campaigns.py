"""A campaign is written in yuan, percent and names, and read so."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from coupons.models import Campaign, CampaignTask, ReferralProgram, ReferralReward
from coupons.tests.offers import template
from wallet_project.approvals.agreed import AgreedState
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

CAMPAIGN = {
    "name": "新年任务",
    "kind": "TASKS",
    "starts_at_0": "2027-01-01",
    "starts_at_1": "00:00",
    "ends_at_0": "2027-02-01",
    "ends_at_1": "00:00",
    "budget": "1000",
    "rate": "0",
    "per_order": "0",
    "least": "20",
    "places": ["store:renmin"],
    "vest_days": "7",
}
PROGRAM = {
    "name": "邀请有礼",
    "bind_hours": "72",
    "delay_days": "7",
    "least": "0",
    "per_day": "1",
    "per_month": "2",
    "per_life": "3",
}
TASK = {"goal": "FIRST_TOP_UP", "title": "首次充值", "reward": "BONUS", "amount": "2.50", "template_id": ""}
REWARD = {"event": "REGISTERED", "side": "INVITER", "kind": "BONUS", "amount": "2.50", "template_id": ""}


@pytest.fixture
def operator(client):
    make_groups()
    apps.get_model("payments.Store").objects.create(code="renmin", name="人民路店")
    member = User.objects.create_user("chen", is_staff=True)
    member.groups.add(Group.objects.get(name="运营"))
    client.force_login(member)
    return client


def lines(prefix, *rows):
    """An inline's forms as a browser sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_task_gives_yuan_points_or_a_coupon_by_name(operator):
    offer = template(giving="GRANT", name="满 20 减 5")
    points = {**TASK, "goal": "PURCHASE", "title": "首次消费", "reward": "POINTS", "amount": "300"}
    coupon = {**TASK, "goal": "PIN_SET", "title": "设置密码", "reward": "COUPON", "amount": ""}
    tasks = lines("tasks", TASK, points, {**coupon, "template_id": str(offer.pk)})

    answer = operator.post("/admin/coupons/campaign/add/", {**CAMPAIGN, **tasks}, follow=True)

    assert not (wrong := answer.context.get("errors")), wrong
    given = CampaignTask.objects.order_by("pk").values_list("amount", "template_id")
    assert list(given) == [(250, None), (300, None), (offer.amount, offer.pk)]
    made = Campaign.objects.get()
    made.state = AgreedState.LIVE
    made.save()
    page = text(operator.get(reverse("admin:coupons_campaign_change", args=[made.pk])))
    for words in ("赠金 2.50 元", "300 积分", "优惠券“满 20 减 5”，最多 5.00 元", "人民路店"):
        assert words in page
    assert "0.00 / 1,000.00（0%）" in text(operator.get("/admin/coupons/campaign/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, "该字段是必填项"),
        ({"amount": "2.505"}, "最多两位小数"),
        ({"amount": "0"}, "请填写大于 0 的数"),
        ({"kind": "POINTS", "amount": "1.5"}, "输入整数"),
        ({"kind": "COUPON"}, "奖励为优惠券时选择"),
        ({"template_id": "999"}, "999 不在可用的选项中"),
    ],
)
def test_a_reward_that_makes_no_sense_is_refused_in_words(operator, wrong, said):
    task = TASK | {{"kind": "reward"}.get(name, name): value for name, value in wrong.items()}
    pages = {
        "campaign": {**CAMPAIGN, **lines("tasks", task)},
        "referralprogram": {**PROGRAM, **lines("rewards", REWARD | wrong)},
    }

    for name, sent in pages.items():
        assert said in text(operator.post(f"/admin/coupons/{name}/add/", sent))

    assert not Campaign.objects.exists()
    assert not ReferralProgram.objects.exists()
    assert not ReferralReward.objects.exists()
