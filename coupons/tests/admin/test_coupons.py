"""The operators' side: a template is written and agreed to, given to people, and sold as codes."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from coupons.models import CodeBatch, Coupon, CouponGrant, CouponTemplate
from coupons.services.coupons import issue_coupon
from coupons.services.grants import carry_out_grant
from coupons.tests.offers import people, template
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.models import Proposal
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

TEMPLATE = {
    "name": "午市八折",
    "notes": "工作日午市",
    "kind": "PERCENT",
    "amount": "30",
    "rate": "20",
    "threshold": "50",
    "kinds": ["STORE"],
    "places": ["store:renmin"],
    "items": "",
    "weekdays": ["1", "5"],
    "hour_from": "11",
    "hour_until": "14",
    "blackout": "2026-12-25",
    "tier": "",
    "group": "",
    "giving": "CLAIM",
    "stock": "100",
    "per_person": "2",
    "offered_from_0": "2026-01-01",
    "offered_from_1": "00:00",
    "offered_until_0": "2027-01-01",
    "offered_until_1": "00:00",
    "valid_days": "30",
    "valid_from_0": "",
    "valid_from_1": "",
    "valid_until_0": "",
    "valid_until_1": "",
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


@pytest.fixture(autouse=True)
def renmin():
    return apps.get_model("payments.Store").objects.create(code="renmin", name="人民路店")


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def act(member, name, row, **form):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])
    return member.post(address, {"_form_submitted": "true", **form}, follow=True)


def test_a_template_is_written_read_in_words_and_agreed_to_by_another(seat):
    operator = seat("运营", "chen")
    answer = operator.post("/admin/coupons/coupontemplate/add/", TEMPLATE, follow=True)
    assert not (form := answer.context.get("errors")), form
    made = CouponTemplate.objects.get()
    assert (made.rate, made.amount, made.weekdays, made.blackout) == (2_000, 30_00, [1, 5], ["2026-12-25"])

    assert "已提交审批" in text(act(operator, "propose", made, reason="午市活动"))
    finance = seat("财务", "li")
    proposal = Proposal.objects.get()
    shown = text(finance.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])))
    for words in (
        "减 20%，最多 ¥30.00",
        "满 ¥50.00",
        "业务：到店",
        "地点：人民路店",
        "周一、五",
        "11:00–14:00",
        "3,000.00",
    ):
        assert words in shown
    act(finance, "agree", proposal, reason="同意上线")

    made.refresh_from_db()
    assert (made.state, made.left.total) == (AgreedState.LIVE, 100)
    page = text(seat("运营", "chen").get(reverse("admin:coupons_coupontemplate_change", args=[made.pk])))
    assert "人民路店" in page
    assert "store:renmin" not in page
    assert "0 / 100" in text(seat("运营", "chen").get("/admin/coupons/coupontemplate/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": "0"}, "请填写 0.01 到 100"),
        ({"kind": "AMOUNT"}, "这类优惠券填 0"),
        ({"kind": "GIFT", "rate": "0"}, "礼品券要写明商品"),
        ({"hour_from": "14"}, "要晚于每日开始"),
        ({"valid_days": ""}, "二选一"),
        ({"giving": "AUTOMATIC"}, "自动生效的优惠用固定有效期"),
        ({"stock": "0"}, "要大于零，或不填"),
        ({"offered_until_0": "2025-01-01"}, "要晚于开始发放"),
        ({"blackout": "圣诞"}, "日期"),
        ({"places": ["store:nowhere"]}, "store:nowhere 不在可用的选项中"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused_in_words(seat, wrong, said):
    page = text(seat("运营", "chen").post("/admin/coupons/coupontemplate/add/", {**TEMPLATE, **wrong}))

    assert said in page
    assert not CouponTemplate.objects.exists()


def test_coupons_are_given_to_people_by_their_numbers(seat):
    offer, [one, two] = template(giving="GRANT"), people(2)
    support = seat("客服", "sun")

    refused = act(support, "give", offer, whom=f"{one.uid}\nnobody", reason="致歉补偿")
    said = act(support, "give", offer, whom=f"{one.uid}\n{two.uid}", reason="致歉补偿")

    assert "有一行不是用户号" in text(refused)
    assert "正在发放" in text(said)
    carry_out_grant(grant_id=CouponGrant.objects.get().pk)
    assert Coupon.objects.count() == 2
    page = text(support.get(reverse("admin:coupons_coupongrant_changelist")))
    assert "致歉补偿" in page


def test_codes_are_a_file_once(seat):
    offer = template(giving="CODE")
    act(seat("运营", "chen"), "make_codes", offer, count="5", reason="地铁海报")
    act(seat("财务", "li"), "agree", Proposal.objects.get(), reason="同意生成")
    batch, operator = CodeBatch.objects.get(), seat("运营", "chen")

    answers = [act(operator, "export", batch, reason="交给印刷厂") for _again in range(2)]

    assert answers[0]["Content-Type"].startswith("text/csv")
    assert len(text(answers[0]).split("满 20 减 5")) == 6
    assert not answers[1]["Content-Type"].startswith("text/csv")


def test_a_coupon_is_voided_with_a_reason(seat):
    coupon = issue_coupon(template_id=template().pk, user_id=people(1)[0].pk, source="test")

    assert "已作废" in text(act(seat("运营", "chen"), "void", coupon, reason="发错了人"))

    coupon.refresh_from_db()
    assert coupon.state == "VOIDED"
