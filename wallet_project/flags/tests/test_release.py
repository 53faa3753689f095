"""A feature is open to some and then to more; to more than half only when two people say so."""

from dataclasses import replace

import pytest
from django.core.cache import caches
from django.urls import reverse
from waffle import flag_is_active

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import with_level
from coupons.selectors.segments import used_by
from coupons.services.segments import refresh_segment
from coupons.tests.audiences import segment
from payments.tests.factories import staff_member
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.flags.errors import FeatureOff, ReleaseChanged
from wallet_project.flags.models import Feature, Flag, bucket_of
from wallet_project.flags.selectors import all_for, is_on
from wallet_project.flags.services import Release, release, require_on
from wallet_project.kit import context

pytestmark = pytest.mark.django_db

CHAT = Feature.LIVE_CHAT
SOME = range(1, 1001)


def open_to(**whom):
    Flag.objects.filter(name=CHAT).update(**{"everyone": None, **whom})
    caches["flags"].clear()


def reached():
    """Three seconds later."""
    caches["flags"].clear()
    return {user_id for user_id in SOME if is_on(CHAT, user_id=user_id)}


@pytest.fixture
def staff():
    return [User.objects.create_superuser(name, "a long enough password") for name in ("chen", "zhou")]


def test_every_feature_has_its_row():
    assert set(Flag.objects.values_list("name", flat=True)) == set(Feature.values)


def test_a_share_is_as_large_as_it_says_and_grows_without_taking_it_from_anybody():
    shares = []
    for percent in (0, 10, 50, 99):
        open_to(percent=percent)
        shares.append(reached())

    assert [
        abs(len(share) - 10 * percent) < 50 for share, percent in zip(shares, (0, 10, 50, 99), strict=True)
    ]
    assert shares[0] == set()
    assert shares[1] < shares[2] < shares[3] < set(SOME)
    assert {bucket_of("recommendations", n) < 10 for n in shares[1]} == {True, False}, (
        "each feature draws anew"
    )


def test_everybody_and_nobody_go_before_all_else(rf):
    open_to(everyone=False, percent=99, people=[1])
    assert reached() == set()
    assert all_for(1)[CHAT] is False
    with pytest.raises(FeatureOff):
        require_on(CHAT, user_id=1)

    open_to(everyone=True)
    assert all_for(None) == dict.fromkeys(Feature.values, True)
    request = rf.get("/")
    request.user = User()
    assert flag_is_active(request, CHAT), "waffle's own question is answered alike"
    assert not is_on("never_heard_of", user_id=1)


def test_asking_costs_one_query_every_three_seconds(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert all(is_on(CHAT, user_id=user) for user in range(5))


def test_one_person_tries_it_out_and_takes_it_back(staff):
    chen, _zhou = staff
    with context.acting(actor=f"staff:{chen.pk}"):
        assert release(flag=CHAT, to=Release(everyone=False), reason="聊天积压", maker_id=chen.pk)
        assert reached() == set()
        assert release(flag=CHAT, to=Release(everyone=None, percent=50), reason="先开一半", maker_id=chen.pk)

    assert 400 < len(reached()) < 600
    facts = AuditEntry.objects.filter(action="flags.released", subject="flag:live_chat").latest("pk").facts
    assert (facts["was"]["everyone"], facts["to"]["percent"], facts["reason"]) == (False, 50, "先开一半")


@pytest.mark.parametrize("to", [Release(everyone=True), Release(everyone=None, percent=51)])
def test_two_people_open_it_to_more_than_half(staff, to):
    chen, zhou = staff
    open_to(percent=50)
    before = reached()

    assert not release(flag=CHAT, to=to, reason="反馈良好，扩大", maker_id=chen.pk)
    assert reached() == before
    approve(proposal_id=Proposal.objects.get(subject="flag:live_chat").pk, checker_id=zhou.pk)

    assert Flag.objects.get(name=CHAT).reach == (to.percent or 100)
    assert reached() > before


def test_two_people_open_it_to_an_audience_which_may_be_everybody(staff):
    chen, zhou = staff
    somebody = with_level(User.objects.create_user(), KycLevel.I)
    audience = segment(("KYC_LEVEL", "AT_LEAST", "1", None))
    refresh_segment(segment_id=audience.pk)
    to = Release(everyone=None, percent=10, segment=audience.pk)
    # Named while it is closed, it is not open to them yet.
    release(flag=CHAT, to=Release(everyone=False, segment=audience.pk), reason="先关闭", maker_id=chen.pk)

    assert not release(flag=CHAT, to=to, reason="给老顾客试用", maker_id=chen.pk)
    assert not is_on(CHAT, user_id=somebody.pk)
    approve(proposal_id=Proposal.objects.get(subject="flag:live_chat").pk, checker_id=zhou.pk)

    caches["flags"].clear()
    assert is_on(CHAT, user_id=somebody.pk)
    assert release(flag=CHAT, to=replace(to, percent=20), reason="再多一些", maker_id=chen.pk)
    assert used_by(audience) == ["功能灰度 在线客服"], "so it is not edited behind their backs"


def test_staff_try_it_out_with_their_own_accounts():
    own, leaver, stranger = (User.objects.create_user() for _ in range(3))
    staff_member(own=own)
    User.objects.filter(pk=staff_member(own=leaver).pk).update(is_active=False)
    open_to(staff=True)

    assert [is_on(CHAT, user_id=user.pk) for user in (own, leaver, stranger)] == [True, False, False]


def test_what_was_closed_meanwhile_is_not_opened_by_an_older_proposal(staff):
    chen, zhou = staff
    open_to(percent=50)
    release(flag=CHAT, to=Release(everyone=True), reason="反馈良好，全开", maker_id=chen.pk)
    release(flag=CHAT, to=Release(everyone=False), reason="聊天积压", maker_id=zhou.pk)

    with pytest.raises(ReleaseChanged):
        approve(proposal_id=Proposal.objects.get(subject="flag:live_chat").pk, checker_id=zhou.pk)

    assert reached() == set()


def test_the_page_names_people_and_tells_what_is_wrong(client, staff):
    client.force_login(staff[0])
    customer = User.objects.create_user(nickname="海棠")
    address = reverse("admin:flags_flag_change_release", args=[Flag.objects.get(name=CHAT).pk])
    wish = {"_form_submitted": "True", "mode": "some", "percent": "5", "reason": "小范围试用"}

    refused = client.post(address, {**wish, "people": "3f6c1a52"})
    assert "用户号形如" in refused.content.decode()
    assert Flag.objects.get(name=CHAT).everyone is True

    client.post(address, {**wish, "people": str(customer.uid)})
    flag = Flag.objects.get(name=CHAT)
    assert (flag.everyone, flag.percent, flag.people) == (None, 5, [customer.pk])
    page = client.get(reverse("admin:flags_flag_change", args=[flag.pk])).content.decode()
    assert "5% 的顾客 · 指定的 1 人" in page
    assert "海棠" in page
