"""What another customer may read of somebody."""

import pytest
from django.db.transaction import atomic

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.selectors.name_hints import name_hints
from accounts.services.personal_keys import destroy_personal_key
from accounts.tests.factories import known_by_name
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def test_a_hint_is_the_nickname_and_a_masked_verified_name(django_assert_num_queries):
    known, unknown = User.objects.create_user(nickname="小娜"), User.objects.create_user(nickname="小明")
    known_by_name(known)

    with django_assert_num_queries(1):
        hints = name_hints([known.pk, unknown.pk, 0])

    assert {hint.in_words for hint in hints.values()} == {"小娜（欧*）", "小明"}
    assert hints[known.pk].uid == known.uid


def test_a_name_that_is_no_longer_verified_is_not_told():
    user = User.objects.create_user(nickname="小娜")
    name = known_by_name(user)
    name.level = KycLevel.NONE
    name.save()

    assert name_hints([user.pk])[user.pk].in_words == "小娜"


def test_of_somebody_who_has_left_no_name_is_told():
    user = User.objects.create_user(nickname="已注销用户")
    known_by_name(user)
    with atomic():
        destroy_personal_key(user_id=user.pk, now=clock.now())

    assert name_hints([user.pk])[user.pk].in_words == "已注销用户"
