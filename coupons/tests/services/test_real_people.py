"""What a new customer gets, a real person gets once, whatever they come back with."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User, UserStatus, WeChatIdentity
from accounts.rules.kyc import KycLevel
from accounts.selectors.traits import traits_of
from accounts.services.erasure import end_account
from accounts.tests.factories import logged_in, with_level
from coupons.errors import CouponTakenOften
from coupons.models import Coupon, PersonClaim
from coupons.rules.baskets import Basket
from coupons.selectors.offers import automatic_templates_for
from coupons.services.coupons import issue_coupon
from coupons.services.real_people import become_one, claim_person
from coupons.tests.offers import template
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.money import ZERO

pytestmark = pytest.mark.django_db


def somebody(*, openid="", phone="", device_id=""):
    person = logged_in()
    open_wallet(user_id=person.user.pk)
    if openid:
        WeChatIdentity.objects.create(user=person.user, appid=settings.WECHAT["appid"], openid=openid)
    if phone:
        person.user.set_phone(phone, at=clock.now())
        person.user.save()
    if device_id:
        person.device.device_id = device_id
        person.device.save()
    return person.user


def claims(user, of="welcome"):
    with transaction.atomic():
        return claim_person(user_id=user.pk, of=of)


def leave(user):
    with transaction.atomic():
        end_account(User.objects.get(pk=user.pk), gives_up=ZERO, now=clock.now())
    assert User.objects.get(pk=user.pk).status == UserStatus.CLOSED


def test_one_account_claims_again_and_another_of_the_same_device_does_not():
    one, other, stranger = somebody(device_id="same"), somebody(device_id="same"), somebody()

    assert [claims(one), claims(one), claims(other), claims(stranger)] == [True, True, False, True]
    assert claims(other, of="something else")
    assert not PersonClaim.objects.filter(user=other, purpose="welcome").exists()


@pytest.mark.parametrize("trait", [{"openid": "oA1"}, {"phone": "17011112222"}, {"device_id": "kept"}])
def test_whoever_left_comes_back_as_no_new_customer(trait):
    before = somebody(**trait)
    leave(before)

    assert not claims(somebody(**trait))
    assert claims(somebody())


def test_nothing_of_what_is_remembered_can_be_read():
    user = with_level(somebody(openid="oSecret", phone="17033334444", device_id="my-phone"), KycLevel.II)
    said = [value for _kind, value in traits_of(user.pk)]
    assert len(said) == 4

    claims(user)

    kept = b"".join(bytes(claim.trait_hash) for claim in PersonClaim.objects.filter(user=user))
    assert len(kept) == 4 * 19
    assert not any(value.encode() in kept for value in said)


def test_two_accounts_that_became_one_are_one_person():
    wechat, phone = somebody(openid="oM"), somebody()
    assert claims(wechat)

    become_one(user_id=phone.pk, closed_user_id=wechat.pk)

    assert claims(phone)


@pytest.mark.parametrize("giving", ["CLAIM", "AUTOMATIC"])
def test_a_coupon_for_new_customers_is_for_one_account_of_a_person(giving):
    now = clock.now()
    welcome = template(
        giving=giving, new_customers=True, valid_from=now, valid_until=now + timedelta(days=1), stock=9
    )
    one, other, stranger = somebody(device_id="same"), somebody(device_id="same"), somebody()
    had = issue_coupon(template_id=welcome.pk, user_id=one.pk, source="one")

    with pytest.raises(CouponTakenOften):
        issue_coupon(template_id=welcome.pk, user_id=other.pk, source="other")

    assert issue_coupon(template_id=welcome.pk, user_id=one.pk, source="one") == had
    assert issue_coupon(template_id=welcome.pk, user_id=stranger.pk, source="stranger")
    assert not Coupon.objects.filter(user=other).exists()
    basket = Basket(amount=60_00, place="store:renmin", kind="STORE")
    assert not automatic_templates_for(user_id=other.pk, basket=basket, at=clock.now())
    fresh = automatic_templates_for(user_id=somebody().pk, basket=basket, at=clock.now())
    assert [offer.template_id for offer in fresh] == ([welcome.pk] if giving == "AUTOMATIC" else [])
