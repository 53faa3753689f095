"""What the forms of growth name is chosen from what there is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from coupons.models import JointPromotion, MembershipTier, Partner
from coupons.tests.campaigns import campaign
from coupons.tests.offers import template
from wallet.models import FeeSchedule
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("chief"))
    return client


@pytest.fixture(autouse=True)
def fees_of_gold():
    known = FeeSchedule.objects.values().latest("pk")
    del known["id"]
    FeeSchedule.objects.create(
        **{
            **known,
            "tier": "gold",
            "version": 1,
            "effective_from": clock.now() + timedelta(days=40),
            "made_at": clock.now(),
        }
    )


@pytest.mark.parametrize("model", ["good", "membershiptier", "jointpromotion", "campaign"])
def test_coupons_are_offered_when_they_are_in_force(operator, model):
    template(name="生效的券")
    template(name="草稿券", state=AgreedState.DRAFT)

    page = operator.get(reverse(f"admin:coupons_{model}_add")).content.decode()

    assert "生效的券（最多 5.00 元）" in page
    assert "草稿券" not in page


def test_a_partner_bears_a_part_of_a_campaign_that_is_in_force(operator):
    now = clock.now()
    partner = Partner.objects.create(name="星河商场", contract="HT-1", settles="次月 10 日前对账")
    campaign(name="进行中的活动")
    campaign(name="还没开始的活动", starts_at=now + timedelta(days=3))
    others = [
        campaign(name="草稿活动", state=AgreedState.DRAFT),
        campaign(name="停用的活动", state=AgreedState.RETIRED),
        campaign(name="过期的活动", ends_at=now - timedelta(hours=1)),
    ]
    form = reverse("admin:coupons_jointpromotion_add")

    page = operator.get(form).content.decode()

    assert "进行中的活动（" in page
    assert "还没开始的活动（" in page
    for other in others:
        assert other.name not in page
        wish = {"partner": partner.pk, "campaign": other.pk, "share": "50", "starts_at_0": "2031-01-01"}
        refused = operator.post(form, {**wish, "starts_at_1": "00:00"}).content.decode()
        assert "选择一个有效的选项" in refused
    assert not JointPromotion.objects.exists()


def test_a_tier_takes_the_fees_of_a_tier_that_has_some(operator):
    wish = {
        "code": "gold-2",
        "name": "黄金二",
        "name_en": "Gold II",
        "threshold": "77777",
        "protected_months": "12",
        "grace_days": "30",
        "points_rate": "150",
        "limit_uplift": "0",
        "template": "",
        "support_priority": "1",
    }

    def write(fee_tier):
        answer = operator.post(
            reverse("admin:coupons_membershiptier_add"), {**wish, "fee_tier": fee_tier}, follow=True
        )
        return answer.content.decode()

    assert (
        '<option value="gold">gold</option>'
        in operator.get(reverse("admin:coupons_membershiptier_add")).content.decode()
    )
    assert "golden 不在可用的选项中" in write("golden")
    assert not MembershipTier.objects.filter(code="gold-2").exists()

    write("gold")

    assert MembershipTier.objects.get(code="gold-2").fee_tier == "gold"
