"""What people let through: told of twice, counted once; used one by one, never overdrawn."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.db.models import Sum

from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.notifications.errors import UnknownTemplate
from wallet_project.notifications.models import QuotaChange, SubscribeQuota, SubscribeTemplate
from wallet_project.notifications.services import quotas
from wallet_project.notifications.services.leaving import forget_messages_of

MONEY = "a-template-of-money"


@pytest.fixture
def template(db):
    template = SubscribeTemplate.objects.get(code="money")
    template.template_id = MONEY
    template.save()
    return template


@pytest.fixture
def user(db):
    return logged_in().user


def left(user) -> int:
    quota = SubscribeQuota.objects.filter(user=user).first()
    if quota is None:
        return 0
    assert quota.left == quota.changes.aggregate(sum=Sum("change"))["sum"]
    return quota.left


def pushed(user, reference, *, minutes=0):
    with transaction.atomic():
        at = clock.now() + timedelta(minutes=minutes)
        quotas.hear_of_popup(user_id=user.pk, template_id=MONEY, reference=reference, at=at)


def reported(user):
    quotas.report_popup(user_id=user.pk, accepted=[MONEY])


def use(user, template, reference="delivery:1") -> quotas.Use:
    return quotas.Use(user_id=user.pk, template=template, reference=reference)


def taken(user, template, reference="delivery:1") -> bool:
    with transaction.atomic():
        return quotas.take_quota(use(user, template, reference), at=clock.now())


def test_one_popup_is_counted_once_whoever_tells_of_it_first(user, template):
    reported(user)
    pushed(user, "push:1")
    assert left(user) == 1

    pushed(user, "push:2", minutes=1)
    pushed(user, "push:2", minutes=1)  # the same again
    reported(user)
    assert left(user) == 2

    pushed(user, "push:3", minutes=30)  # the mini-program never told of it
    assert left(user) == 3
    assert QuotaChange.objects.filter(quota__user=user).exclude(confirms=None).count() == 2


def test_two_popups_in_a_minute_are_two(user, template):
    for told in (
        reported,
        partial(pushed, reference="push:1"),
        reported,
        partial(pushed, reference="push:2"),
    ):
        told(user)
    reported(user)
    reported(user)

    assert left(user) == 4


def test_what_is_used_up_is_not_sent_and_what_was_not_sent_comes_back(user, template):
    assert not taken(user, template)
    reported(user)

    assert taken(user, template)
    assert not taken(user, template, "delivery:2")
    with transaction.atomic():
        quotas.return_quota(use(user, template), at=clock.now())
        quotas.return_quota(use(user, template), at=clock.now())

    assert left(user) == 1


def test_wechat_knows_better_and_whoever_refuses_lets_nothing_through(user, template):
    reported(user)
    reported(user)
    with transaction.atomic():
        quotas.exhaust_quota(use(user, template), at=clock.now())
    assert left(user) == 0

    reported(user)
    refused = {"user_id": user.pk, "template_id": MONEY, "reference": "push:9", "at": clock.now()}
    with transaction.atomic():
        quotas.hear_of_refusal(**refused)
    assert left(user) == 0
    reported(user)
    with transaction.atomic():
        quotas.hear_of_refusal(**refused)  # the same refusal, told again after they came back
    assert left(user) == 1


def test_a_template_that_is_not_ours_counts_nothing(user, template):
    with pytest.raises(UnknownTemplate):
        quotas.report_popup(user_id=user.pk, accepted=[MONEY, "somebody-elses"])
    with transaction.atomic():
        quotas.hear_of_popup(user_id=user.pk, template_id="unknown", reference="push:1", at=clock.now())

    assert not SubscribeQuota.objects.filter(user=user).exists()


def test_whoever_leaves_leaves_nothing(user, template):
    reported(user)
    pushed(user, "push:1")

    forget_messages_of(user_id=user.pk)

    assert not QuotaChange.objects.filter(quota__user=user).exists()


@pytest.mark.committed
def test_the_last_one_is_used_once(committed_db, in_parallel):
    template, _is_new = SubscribeTemplate.objects.get_or_create(
        code="of-two", defaults={"title": "测试", "template_id": "of-two", "keywords": {}}
    )
    user = logged_in().user
    quotas.report_popup(user_id=user.pk, accepted=["of-two"])

    used = in_parallel([partial(taken, user, template, f"delivery:{each}") for each in range(3)])

    assert sorted(used) == [False, False, True]
    assert left(user) == 0
