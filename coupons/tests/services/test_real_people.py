"""What a new customer gets, a real person gets once, whatever they come back with."""

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User, UserStatus, WeChatIdentity
from accounts.rules.kyc import KycLevel
from accounts.selectors.traits import traits_of
from accounts.services.erasure import end_account
from accounts.tests.factories import logged_in, with_level
from coupons.models import PersonClaim
from coupons.services.real_people import become_one, claim_person
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
