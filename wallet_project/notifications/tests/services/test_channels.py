"""One try over each channel, the sandbox on the other end: what goes out, and what it uses up."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import WeChatIdentity
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.notifications.models import (
    Delivery,
    Notice,
    SubscribeQuota,
    SubscribeTemplate,
    SubscribeText,
)
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import Category, ChannelKind
from wallet_project.notifications.rules.variables import moment, text
from wallet_project.notifications.services.catalogue import write_missing_notices
from wallet_project.notifications.services.deliveries import deliver
from wallet_project.notifications.services.quotas import report_popup
from wallet_project.notifications.services.sending import notify
from wallet_project.notifications.tests.conftest import row
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

MONEY = "Sbx0money_AccountChangeNotice_000000000001"
SEND = "/cgi-bin/message/subscribe/send"
SUBSCRIBE, SMS = ChannelKind.SUBSCRIBE, ChannelKind.SMS


@pytest.fixture
def person(sandbox, notices, new_phone):
    """Known by WeChat and by phone."""
    SubscribeTemplate.objects.filter(code="money").update(template_id=MONEY)
    user = logged_in().user
    user.set_phone(new_phone(), at=clock.now())
    user.save()
    openid = f"o{uuid.uuid4().hex[:27]}"
    WeChatIdentity.objects.create(user=user, appid=settings.WECHAT["appid"], openid=openid)
    return user


@pytest.fixture(autouse=True)
def _fine_weather(sandbox):
    yield
    sandbox.clear_faults()


def openid_of(user) -> str:
    return user.wechat_identities.get().openid


def let_through(sandbox, user, times=1):
    for _ in range(times):
        sandbox.subscribe(openid_of(user), MONEY)
        report_popup(user_id=user.pk, accepted=[MONEY])


def told(user, notice="test.money", **facts) -> Delivery:
    """After its first try over the first channel."""
    with transaction.atomic():
        facts = facts or {"amount": 1_280_050, "who": "小明"}
        message = notify(user_id=user.pk, notice=notice, key=uuid.uuid4().hex, facts=facts)
        Notice.objects.filter(code=notice).update(is_urgent=True)
    return tried(message.deliveries.get())


def tried(delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk, state="WAITING").update(due_at=clock.now())
    deliver(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def left(user) -> int:
    return SubscribeQuota.objects.get(user=user).left


def test_a_message_is_fitted_into_its_template_and_uses_up_one(sandbox, person):
    let_through(sandbox, person)

    delivery = told(person)
    next_one = told(person)

    [sent] = sandbox.subscribe_messages(openid_of(person))
    assert sent["values"]["amount1"] == "¥12800.50"
    assert (sent["values"]["thing2"], sent["values"]["thing4"]) == (
        "到账 12,800.50 元",
        "小明付了 12,800.50 元",
    )
    page = f"pages/orders/show?number=%E5%B0%8F%E6%98%8E&message={delivery.message.number}"
    assert sent["page"] == page
    assert (sent["version"], sent["lang"]) == ("formal", "zh_CN")
    assert (delivery.state, delivery.provider_id) == ("SENT", str(sent["msgid"]))
    assert (next_one.state, next_one.why, left(person)) == ("SKIPPED", "NO_QUOTA", 0)
    assert next_one.message.deliveries.filter(channel=SMS).exists()


def test_what_wechat_does_not_let_through_is_believed(sandbox, person):
    report_popup(user_id=person.pk, accepted=[MONEY])
    report_popup(user_id=person.pk, accepted=[MONEY])  # and WeChat knows of none

    delivery = told(person)

    assert (delivery.state, delivery.why, left(person)) == ("FAILED", "43101", 0)


@pytest.mark.parametrize("errcode", [-1, 45009, 43108])
def test_a_busy_wechat_is_asked_again_and_nothing_is_used_up_twice(sandbox, person, errcode):
    let_through(sandbox, person)
    sandbox.fault("errcode", errcode=errcode, path=SEND)

    delivery = told(person)
    assert (delivery.state, delivery.why, left(person)) == ("WAITING", str(errcode), 1)

    assert (tried(delivery).state, left(person)) == ("SENT", 0)
    assert len(sandbox.subscribe_messages(openid_of(person))) == 1


def test_silence_is_not_taken_for_failure_and_nobody_is_told_twice(sandbox, person):
    let_through(sandbox, person, times=2)
    sandbox.fault("reset_after", path=SEND)

    delivery = told(person)

    assert (delivery.state, left(person)) == ("UNSURE", 1)
    tried(delivery)
    assert len(sandbox.subscribe_messages(openid_of(person))) == 1
    assert not delivery.message.deliveries.exclude(pk=delivery.pk).exists()


@pytest.mark.parametrize("errcode", [40003, 40037, 41030, 43107, 45168, 47003, 99999])
def test_what_wechat_refuses_uses_nothing_up_and_goes_another_way(sandbox, person, errcode):
    let_through(sandbox, person)
    sandbox.fault("errcode", errcode=errcode, path=SEND)

    delivery = told(person)

    assert (delivery.state, delivery.why, left(person)) == ("FAILED", str(errcode), 1)
    assert delivery.message.deliveries.filter(channel=SMS).exists()


def test_without_template_or_wechat_nothing_is_asked(sandbox, person):
    SubscribeText.objects.filter(notice__code="test.money").update(texts={"amount1": "{who}"})
    unfit = told(person)
    SubscribeTemplate.objects.filter(code="money").update(template_id="")
    without_template = told(person)
    SubscribeTemplate.objects.filter(code="money").update(template_id=MONEY)
    WeChatIdentity.objects.filter(user=person).delete()
    without_wechat = told(person)

    assert unfit.state == "FAILED"
    assert unfit.why.startswith("amount1")
    assert (without_template.why, without_wechat.why) == ("NO_TEMPLATE", "NO_OPENID")


@pytest.fixture
def alarm(person, monkeypatch):
    """A notice that is sent by text message."""
    variables = {"at": moment("时间"), "device": text("设备", "iPhone")}
    new_row = row(
        Category.SECURITY, code="test.alarm", channels=(SMS,), variables=variables, sms="new_device",
        zh=("新设备", "{device}"), en=("Device", "{device}"), link="",
    )  # fmt: skip
    monkeypatch.setitem(CATALOGUE, "test.alarm", new_row)
    write_missing_notices()
    return {"notice": "test.alarm", "at": clock.now(), "device": "安卓手机"}


def test_a_text_message_says_the_approved_words(sandbox, person, alarm):
    delivery = told(person, **alarm)

    [message] = sandbox.messages(person.phone)
    assert (message["template"], delivery.state) == ("new_device", "SENT")
    assert "在新设备 安卓手机 上登录" in message["text"]


def test_so_many_a_day_and_not_one_more_until_tomorrow(sandbox, person, alarm):
    most = settings.NOTICE_SMS_A_DAY["notice"]

    tries = [told(person, **alarm) for _ in range(most + 1)]
    Delivery.objects.filter(channel=SMS).update(sent_at=clock.now() - timedelta(days=1, seconds=1))

    assert [each.state for each in tries] == ["SENT"] * most + ["SKIPPED"]
    assert told(person, **alarm).state == "SENT"
    assert len(sandbox.messages(person.phone)) == most + 1


def test_a_vendor_that_is_away_is_asked_again_and_one_that_is_silent_is_not(
    sandbox, person, alarm, monkeypatch
):
    sandbox.fault("error_after", path="/sms")  # nobody knows
    unsure = told(person, **alarm)
    with monkeypatch.context() as away:
        away.setitem(settings.SMS, "url", "http://127.0.0.1:9")
        waits = told(person, **alarm)
    pause_flow(flow=Flow.SMS, reason="短信被盗刷")
    skipped = told(person, **alarm)

    assert (unsure.state, waits.state) == ("UNSURE", "WAITING")
    assert (skipped.state, skipped.why) == ("SKIPPED", "PAUSED")
    assert len(sandbox.messages(person.phone)) == 1


def test_whoever_has_no_phone_is_not_sent_a_text_message(person, alarm):
    nobody = logged_in().user

    assert told(nobody, **alarm).why == "NO_PHONE"
