"""The demo's town: seeded twice it is the same town, and what is told works."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.selectors.users import user_by_openid
from coupons.models import Segment
from coupons.selectors.segments import count_who
from payments.models import ShopSystem, Store
from wallet_project.analytics.selectors.series import daily
from wallet_project.approvals.errors import CheckerNotAllowed, OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.selectors import objection_to
from wallet_project.kit import clock
from wallet_project.kit.testing.browser import Browser
from wallet_project.management.demo_past import live_through
from wallet_project.management.demo_staff import STAFF, code_of, password_of
from wallet_project.notifications.models import Message, Notice
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.selectors.notices import may_be_courted
from wallet_project.notifications.services.trials import try_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed(capsys):
    def run():
        call_command("seed_demo", "--json")
        return json.loads(capsys.readouterr().out)

    return run


def test_a_second_time_tells_the_same_and_adds_nothing(seed):
    first = seed()
    Store.objects.filter(code="renmin").update(name="改过名的店")

    assert seed() == first
    assert User.objects.filter(is_staff=True).count() == len(first["staff"]) == 10
    assert ShopSystem.objects.count() == 1
    assert Store.objects.get(code="renmin").name == "改过名的店"


def test_every_login_works_and_opens_what_its_role_needs(seed):
    for member in seed()["staff"]:
        browser = Browser()
        code, _seconds = code_of(member["username"], at=clock.now())
        browser.post("/admin/login/", {**member, "code": code})

        assert browser.get("/admin/").context["sidebar_navigation"], member["role"]
    assert not User.objects.filter(is_superuser=True).exists()


def test_what_one_of_them_proposed_another_may_approve(seed):
    seed()
    waiting = Proposal.objects.get()
    colleagues = {user.username: user for user in User.objects.filter(username__in=("risk", "risk2", "ops"))}

    objections = {name: objection_to(proposal=waiting, checker=user) for name, user in colleagues.items()}

    assert objections["risk2"] is None
    assert isinstance(objections["risk"], OwnProposal)
    assert isinstance(objections["ops"], CheckerNotAllowed)


def test_marketing_has_audiences_and_tries_out_on_its_own_account_what_it_will_send(seed):
    [colleague] = [each for each in seed()["customers"] if each["name"] == "运营本人"]
    seed()

    sizes = {name: count_who(segment.groups, at=clock.now()) for name, segment in _audiences().items()}
    assert sizes == {"所有顾客": 1, "近 30 天消费过": 0}
    notice = Notice.objects.get(code="notifications.offer")
    ops = User.objects.get(username="ops")
    try_notice(notice_id=notice.pk, language="zh-hans", channel=ChannelKind.INBOX, staff_id=ops.pk)
    message = Message.objects.get(notice=notice)
    assert message.user == user_by_openid(colleague["openid"])
    assert may_be_courted(message.user_id, notice.category)


def _audiences():
    return {segment.name: segment for segment in Segment.objects.all()}


def test_the_demo_tells_the_codes_its_authenticators_show(seed, capsys):
    seed()

    call_command("demo_code")

    shown = capsys.readouterr().out
    for member in STAFF:
        assert password_of(member) in shown
        assert code_of(member, at=clock.now())[0] in shown


def test_the_shop_secret_is_the_one_that_signs(seed):
    told = seed()["merchant_api"]

    assert ShopSystem.objects.get(key_id=told["key_id"]).secret == told["secret"]


def test_another_checkout_has_other_passwords(seed, settings):
    first = {member["password"] for member in seed()["staff"]}
    settings.SECRET_KEY = "another checkout's key " * 3

    assert first.isdisjoint({member["password"] for member in seed()["staff"]})


def test_production_has_no_demo(settings):
    settings.ENVIRONMENT = "production"

    for command in ("seed_demo", "demo_code"):
        with pytest.raises(CommandError, match="production"):
            call_command(command)
    assert not User.objects.exists()


def test_the_last_weeks_are_seen_on_the_pages_of_numbers():
    today = clock.business_day(clock.now())
    for _ in range(2):
        live_through(today=today)

    weeks = daily(["visits", "volume"], today - timedelta(days=28), today - timedelta(days=1))
    assert min(weeks["visits"]) > 20
    assert set(weeks["volume"]) == {0}, "nobody bought anything: the ledger would not agree"
