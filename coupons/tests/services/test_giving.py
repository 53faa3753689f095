"""Coupons by code, by staff, by template; and how they end."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from accounts.models import User
from coupons.errors import CodesTakenAway, CodeUnknown, CodeUsed, CouponNotForYou, CouponNotOffered
from coupons.models import CodeBatch, Coupon, CouponCode, CouponGrant, CouponStock
from coupons.rules.codes import as_meant
from coupons.services.claims import claim_coupon
from coupons.services.codes import propose_codes, redeem_code, take_codes_away
from coupons.services.coupon_expiry import expire_coupons, remind_of_expiry
from coupons.services.coupons import issue_coupon
from coupons.services.grants import ask_grant, carry_out_grant
from coupons.services.templates import propose_more
from coupons.tests.offers import owed, people, template
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.going_live import propose_going_live
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import Job, StoredEvent
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return User.objects.create(is_staff=True, is_superuser=True, username="maker")


@pytest.fixture
def agree():
    """What the only open proposal asks for is done, by somebody else."""
    checker = User.objects.create(is_staff=True, is_superuser=True, username="checker")

    def carry_out():
        return approve(proposal_id=Proposal.objects.get(state="OPEN").pk, checker_id=checker.pk).outcome

    return carry_out


def codes_of(offer, staff, agree, count=3):
    propose_codes(template_id=offer.pk, count=count, reason="地铁海报", maker_id=staff.pk)
    agree()
    batch = CodeBatch.objects.get()
    lines = "".join(take_codes_away(batch_id=batch.pk, staff_id=staff.pk)).splitlines()
    return batch, [line.split(",")[1] for line in lines[1:]]


def test_a_template_is_on_offer_when_two_agree_and_its_stock_grows_by_two(staff, agree):
    offer = template(state=AgreedState.DRAFT, stock=10)
    propose_going_live(row=offer, foreseen={}, reason="周末活动", maker_id=staff.pk)
    agree()
    assert CouponStock.objects.get(template=offer).total == 10

    propose_more(template_id=offer.pk, more=5, reason="领得快", maker_id=staff.pk)
    agree()

    assert CouponStock.objects.get(template=offer).total == 15


def test_a_customer_claims_what_is_for_them(staff):
    [person] = people(1)
    free, only_gold, by_code = template(), template(tier="gold"), template(giving="CODE")

    coupon = claim_coupon(user_id=person.pk, template_id=free.pk, source="request:1")

    assert claim_coupon(user_id=person.pk, template_id=free.pk, source="request:1") == coupon
    with pytest.raises(CouponNotForYou):
        claim_coupon(user_id=person.pk, template_id=only_gold.pk, source="request:2")
    with pytest.raises(CouponNotOffered):
        claim_coupon(user_id=person.pk, template_id=by_code.pk, source="request:3")
    assert Coupon.objects.get() == coupon


def test_while_coupons_stand_still_nothing_is_given(staff):
    [person] = people(1)
    pause_flow(flow=Flow.COUPONS, reason="核对中")

    with pytest.raises(Paused):
        claim_coupon(user_id=person.pk, template_id=template().pk, source="request:1")

    assert not Coupon.objects.exists()


def test_codes_are_taken_away_once_and_kept_as_hashes(staff, agree):
    batch, codes = codes_of(template(name="=周末券", giving="CODE"), staff, agree)

    assert len(set(codes)) == CouponCode.objects.count() == 3
    kept = {bytes(row.code_hash) for row in CouponCode.objects.all()}
    assert not any(as_meant(code).encode() in stored for code in codes for stored in kept)
    with pytest.raises(CodesTakenAway):
        take_codes_away(batch_id=batch.pk, staff_id=staff.pk)


def test_a_file_of_codes_is_harmless_in_a_spreadsheet(staff, agree):
    offer = template(name="=HYPERLINK(1)", giving="CODE")
    propose_codes(template_id=offer.pk, count=1, reason="地铁海报", maker_id=staff.pk)
    agree()

    text = "".join(take_codes_away(batch_id=CodeBatch.objects.get().pk, staff_id=staff.pk))

    assert "\n'=HYPERLINK(1)," in text


def test_a_code_is_a_coupon_for_whoever_brings_it_first(staff, agree):
    [first, second] = people(2)
    _batch, [code, *_rest] = codes_of(template(giving="CODE"), staff, agree)

    coupon = redeem_code(user_id=first.pk, text=code)

    assert redeem_code(user_id=first.pk, text=code.lower().replace("-", " ").replace("0", "o")) == coupon
    with pytest.raises(CodeUsed):
        redeem_code(user_id=second.pk, text=code)
    for unknown in ("0000-0000-0000", "", "优惠", "7Q4K"):
        with pytest.raises(CodeUnknown):
            redeem_code(user_id=second.pk, text=unknown)
    assert Coupon.objects.get() == coupon


def test_staff_give_a_few_coupons_alone_and_more_with_another(staff, agree):
    few, many = people(2), people(3)
    offer = template(amount=settings.COUPON_GRANT_ALONE_MAX // 2, giving="GRANT")

    alone = ask_grant(
        template_id=offer.pk, user_ids=[one.pk for one in few], reason="致歉", maker_id=staff.pk
    )
    assert (
        ask_grant(template_id=offer.pk, user_ids=[one.pk for one in many], reason="致歉", maker_id=staff.pk)
        is None
    )
    assert CouponGrant.objects.get() == alone
    agree()

    for grant in CouponGrant.objects.all():
        for _again in range(2):
            assert carry_out_grant(grant_id=grant.pk) == len(grant.user_ids)
    assert Job.objects.filter(task="coupons.carry_out_grant").count() == 2
    assert set(Coupon.objects.values_list("user_id", flat=True)) == {one.pk for one in few + many}


def test_many_little_grants_of_one_day_are_one_large_one(staff):
    [lucky] = people(1)
    offer = template(amount=settings.COUPON_GRANT_ALONE_MAX // 2, giving="GRANT", per_person=None)
    asked = {"template_id": offer.pk, "user_ids": [lucky.pk], "reason": "致歉"}

    alone = [ask_grant(**asked, maker_id=staff.pk) for _again in range(3)]
    others = ask_grant(**asked, maker_id=staff.pk + 1)
    assert [grant is not None for grant in (*alone, others)] == [True, True, False, True]

    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert ask_grant(**asked, maker_id=staff.pk) is not None


def test_a_grant_passes_over_whoever_may_have_none(staff):
    [has_one, has_none] = people(2)
    offer = template(giving="GRANT")
    issue_coupon(template_id=offer.pk, user_id=has_one.pk, source="earlier")

    grant = ask_grant(
        template_id=offer.pk, user_ids=[has_one.pk, has_none.pk], reason="致歉", maker_id=staff.pk
    )

    assert carry_out_grant(grant_id=grant.pk) == 1
    assert Coupon.objects.get(cause=grant.number).user_id == has_none.pk


def test_a_coupon_ends_with_its_time_and_is_not_owed_any_more():
    before = owed()
    coupon = issue_coupon(template_id=template().pk, user_id=people(1)[0].pk, source="test")

    assert expire_coupons() == 0
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=1)):
        assert (expire_coupons(), expire_coupons()) == (1, 0)

    coupon.refresh_from_db()
    assert (coupon.state, owed()) == ("EXPIRED", before)


def test_whoever_holds_a_coupon_is_reminded_once_before_it_ends():
    issue_coupon(template_id=template().pk, user_id=people(1)[0].pk, source="test")

    assert remind_of_expiry() == 0
    with time_machine.travel(clock.now() + timedelta(days=28)):
        assert (remind_of_expiry(), remind_of_expiry()) == (1, 0)
    assert StoredEvent.objects.filter(name="coupons.coupon.expiring").count() == 1
