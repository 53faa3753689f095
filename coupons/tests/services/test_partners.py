"""Joint promotions: a partner bears their part to the fen, also of what is sent back, and pays it once."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from coupons.errors import PartnerOwesLess, PartnerPaidBefore
from coupons.models import JointPromotion, Partner, PartnerPayment, PartnerShare, RedeemedCoupon, Redemption
from coupons.rules.partners import due_of
from coupons.rules.redemptions import RedemptionState
from coupons.selectors.partners import month_of, owed_by
from coupons.services.coupons import issue_coupon
from coupons.services.partner_papers import paper_of
from coupons.services.partners import propose_payment, share_costs, take_payment
from coupons.services.sentences import PARTNERS
from coupons.tests.offers import template
from wallet.models import LedgerAccount
from wallet.tests.factories import new_key
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.errors import AnotherInForce
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def joint():
    partner = Partner.objects.create(name="汽水厂", contract="HT-2026-07", settles="次月 10 日前对账")
    return JointPromotion.objects.create(
        partner=partner,
        template=template(),
        share=3_333,
        starts_at=clock.now() - timedelta(days=1),
        state=AgreedState.LIVE,
    )


def redeemed(joint, off):
    """A coupon of it was used, so many fen of it were needed."""
    user = User.objects.create()
    with transaction.atomic():
        coupon = issue_coupon(template_id=joint.template_id, user_id=user.pk, source=new_key("t"))
    redemption = Redemption.objects.create(
        reference=new_key("P")[:32],
        user=user,
        state=RedemptionState.REDEEMED,
        off=off,
        points=0,
        points_worth=0,
        reserved_at=clock.now(),
        ended_at=clock.now(),
    )
    RedeemedCoupon.objects.create(redemption=redemption, coupon=coupon, is_wanted=True, off=off)
    return redemption


def receivable():
    return -sum(LedgerAccount.objects.filter(code="partner_receivable").values_list("balance", flat=True))


def sound():
    with connection.cursor() as cursor:
        cursor.execute(PARTNERS[0].broken)
        return cursor.fetchall() == []


@given(cost=st.integers(1, 10**9), share=st.integers(1, 10_000), parts=st.lists(st.integers(0, 10**9)))
def test_after_any_returns_a_partner_bears_their_part_of_what_is_left(cost, share, parts):
    booked, left = due_of(cost, share), cost
    for part in parts:
        left -= min(part, left)
        booked += due_of(left, share) - booked

    assert 0 <= booked <= left
    assert booked == left * share // 10_000
    assert due_of(0, share) == 0


def test_a_used_coupon_is_shared_once_and_what_is_refunded_is_taken_back_to_the_fen(joint):
    redemption = redeemed(joint, 5_00)
    unshared = template(name="自己的券")
    redeemed(JointPromotion(template=unshared), 4_00)

    assert [share_costs() for _again in range(3)] == [1, 0, 0]
    assert (owed_by(joint.partner), receivable()) == (166, 166)

    for returned, owed in ((1, 166), (2_01, 99), (4_99, 0), (5_00, 0)):
        Redemption.objects.filter(pk=redemption.pk).update(off_returned=returned)
        share_costs()
        assert owed_by(joint.partner) == receivable() == owed
    steps = PartnerShare.objects.order_by("step")
    assert sum(steps.values_list("cost", flat=True)) == 0
    assert sound()


def test_an_ended_promotion_shares_nothing_new_and_still_takes_back(joint):
    before = redeemed(joint, 3_00)
    share_costs()
    joint.state = AgreedState.RETIRED
    joint.save()
    redeemed(joint, 5_00)
    assert share_costs() == 0
    Redemption.objects.filter(pk=before.pk).update(off_returned=3_00)

    assert share_costs() == 1

    assert owed_by(joint.partner) == receivable() == 0


def test_a_coupon_has_one_partner_at_a_time(joint):
    second = JointPromotion.objects.create(
        partner=joint.partner, template=joint.template, share=100, starts_at=clock.now()
    )

    with pytest.raises(AnotherInForce), transaction.atomic():
        go_live(label=second._meta.label_lower, row_id=second.pk, terms=second.terms, reason="换合作方")

    second.refresh_from_db()
    assert second.state == AgreedState.DRAFT


def test_what_a_partner_paid_is_booked_once_when_a_second_person_agrees(joint):
    redeemed(joint, 5_00)
    share_costs()
    maker = User.objects.create(username="zhou", is_staff=True)
    checker = User.objects.create_superuser("qian")
    paid = {"partner_id": joint.partner_id, "bank_reference": "B-1", "received_on": date(2026, 11, 20)}
    with pytest.raises(PartnerOwesLess):
        propose_payment(amount=167, reason="银行已到账", maker_id=maker.pk, **paid)
    propose_payment(amount=100, reason="银行已到账", maker_id=maker.pk, **paid)
    assert receivable() == 166

    approve(proposal_id=Proposal.objects.get().pk, checker_id=checker.pk)

    assert (owed_by(joint.partner), receivable()) == (66, 66)
    assert PartnerPayment.objects.get().checker == checker
    assert sound()
    with pytest.raises(PartnerPaidBefore), transaction.atomic():
        take_payment(amount=50, maker_id=maker.pk, checker_id=checker.pk, **paid)
    assert receivable() == 66


def test_a_partners_month_says_what_they_bear_and_its_checksum_what_it_says(joint):
    redeemed(joint, 5_00)
    share_costs()
    month = month_of(joint.partner, month=clock.business_month(clock.now()))

    csv, xlsx = (paper_of(month, form=form) for form in ("csv", "xlsx"))

    assert (month.cost, month.due) == (5_00, 1_66)
    assert month.checksum in csv.decode()
    assert "1.66" in csv.decode()
    assert xlsx.startswith(b"PK")
    redeemed(joint, 5_00)
    share_costs()
    assert month_of(joint.partner, month=month.month).checksum != month.checksum
