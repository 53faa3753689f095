"""The operators' side: an audience is tried before it is saved; a partner's month is taken away."""

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import User
from coupons.errors import PartnerOwesLess
from coupons.models import Partner, Segment, SegmentCondition
from coupons.tests.offers import template
from coupons.tests.points import buy
from wallet_project.approvals.models import Proposal
from wallet_project.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

WISH = {
    "name": "老顾客",
    "note": "",
    "is_active": "on",
    "conditions-TOTAL_FORMS": "1",
    "conditions-INITIAL_FORMS": "0",
    "conditions-0-group": "1",
    "conditions-0-fact": "SPENT",
    "conditions-0-days": "30",
    "conditions-0-comparison": "AT_LEAST",
    "conditions-0-value": "10",
    "refreshes-TOTAL_FORMS": "0",
    "refreshes-INITIAL_FORMS": "0",
}


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen"))
    return client


def test_an_audience_is_counted_before_it_is_saved_and_stays_as_it_is_while_it_is_used(desk):
    buy(User.objects.create(), 10_00)
    add = reverse("admin:coupons_segment_add")

    tried = desk.post(add, {**WISH, "only_preview": "on"})

    assert "现在有 1 人符合" in tried.content.decode()
    assert not Segment.objects.exists()
    wrong = desk.post(add, {**WISH, "conditions-0-value": "很多"})
    assert "数值应为元" in wrong.content.decode()
    assert desk.post(add, WISH).status_code == 302
    segment = Segment.objects.get()
    template(segment=segment)
    change = reverse("admin:coupons_segment_change", args=[segment.pk])
    assert desk.post(change, {**WISH, "name": "别人"}).status_code == 403
    assert Segment.objects.get().name == "老顾客"


def test_a_store_is_said_by_its_name_and_kept_by_its_code(desk):
    apps.get_model("payments.Store").objects.create(code="renmin", name="人民路店")
    add = reverse("admin:coupons_segment_add")
    at = {**WISH, "conditions-0-fact": "PLACE", "conditions-0-comparison": "IS"}

    refused = desk.post(add, {**at, "conditions-0-value": "人民路店，城北店"})
    desk.post(add, {**at, "conditions-0-value": "人民路店"})

    assert "没有“城北店”，可以填：人民路店" in refused.content.decode()
    assert SegmentCondition.objects.get().value == "store:renmin"
    page = desk.get(reverse("admin:coupons_segment_changelist")).content.decode()
    assert "消费地点是其中之一 人民路店" in page


def test_a_partners_month_is_downloaded_and_that_is_noted(desk):
    partner = Partner.objects.create(name="汽水厂", contract="HT-2026-07", settles="次月对账")
    address = reverse("admin:coupons_partner_report", args=[partner.pk])

    answer = desk.get(f"{address}?form=csv")

    assert "汽水厂" in answer.content.decode()
    assert AuditEntry.objects.filter(action="coupons.partner.report").count() == 1
    assert desk.get(f"{address}?month=1999-01").status_code == 404


def test_a_partner_pays_no_more_than_it_owes(desk):
    partner = Partner.objects.create(name="汽水厂", contract="HT-2026-07", settles="次月对账")
    paid = {"amount": "1.67", "bank_reference": "B-1", "received_on": "2026-11-01", "reason": "银行已到账"}
    address = reverse("admin:coupons_partner_receive", args=[partner.pk])

    answer = desk.post(address, {"_form_submitted": "on", **paid}, follow=True)

    assert str(PartnerOwesLess.message) in answer.content.decode()
    assert not Proposal.objects.exists()
