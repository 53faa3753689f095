"""From the popup to the message on the phone, and what WeChat pushes of both."""

import uuid

import pytest
from django.db import transaction

from accounts.selectors.users import user_by_openid
from payments.models import CallbackReceipt, ExceptionCase
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.notifications.models import Delivery, Notice, Reader, SubscribeTemplate
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.variables import examples
from wallet_project.notifications.services.sending import notify

MONEY = "Sbx0money_AccountChangeNotice_000000000001"
NOTICE = "wallet.transfer_received"


@pytest.fixture
def template(committed_db):
    SubscribeTemplate.objects.filter(code="money").update(template_id=MONEY)
    return SubscribeTemplate.objects.get(code="money")


@pytest.fixture
def wechat_pushes(sandbox, web_server):
    """Everything that happens in WeChat is pushed, as its console is told to."""
    sandbox.push_to(f"{web_server}/api/v1/callbacks/wechat/messages")
    yield
    sandbox.push_to("")


@pytest.fixture
def told(settled):
    facts = examples(CATALOGUE[NOTICE].variables)

    def tell(customer) -> Delivery:
        user = user_by_openid(customer.openid)
        Reader.objects.update_or_create(user=user, defaults={"has_quiet_hours": False})
        with transaction.atomic():
            message = notify(user_id=user.pk, notice=NOTICE, key=uuid.uuid4().hex, facts=facts)
        settled()
        return message.deliveries.first()

    return tell


def left(customer) -> int:
    [shown] = [
        each
        for each in customer.get("notifications/subscriptions").json()["items"]
        if each["template_id"] == MONEY
    ]
    return shown["left"]


def report(customer, answer="accept", template_id=MONEY, **more):
    answers = [{"template_id": template_id, "answer": answer}]
    return customer.post("notifications/subscriptions", {"answers": answers}, **more)


def test_what_is_let_through_is_counted_once_sent_once_and_reported(
    customer, sandbox, template, wechat_pushes, told, settled
):
    answered = sandbox.subscribe(customer.openid, MONEY)
    assert report(customer, answered[MONEY]).json()["items"][0]["title"] == template.title
    settled()  # WeChat's push tells of the same
    assert left(customer) == 1

    delivery = told(customer)

    [message] = sandbox.subscribe_messages(customer.openid)
    assert message["values"]["amount1"] == "¥128.00"
    assert message["page"] == f"{delivery.message.link}&message={delivery.message.number}"
    assert (delivery.state, delivery.provider_id) == ("DELIVERED", str(message["msgid"]))
    assert (left(customer), told(customer).why) == (0, "NO_QUOTA")


def test_only_wechat_tells_and_the_settings_take_everything_back(
    customer, sandbox, template, wechat_pushes, settled
):
    sandbox.subscribe(customer.openid, MONEY)
    sandbox.subscribe(customer.openid, MONEY, answer="reject")
    settled()
    assert left(customer) == 1

    sandbox.refuse_template(customer.openid, MONEY)
    settled()
    assert left(customer) == 0


def test_a_message_that_was_taken_and_did_not_arrive_goes_another_way(
    customer, sandbox, template, wechat_pushes, told
):
    Notice.objects.filter(code=NOTICE).update(channels=["INBOX", "SUBSCRIBE", "SMS"])
    sandbox.subscribe(customer.openid, MONEY)
    report(customer)
    sandbox.fault("subscribe_undelivered")

    delivery = told(customer)

    Notice.objects.filter(code=NOTICE).update(channels=["INBOX", "SUBSCRIBE"])
    assert (delivery.state, delivery.why) == ("FAILED", "300001 failed")
    assert delivery.message.deliveries.filter(channel="SMS").exists()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_pushes_in_one_second_are_two_and_what_cannot_be_read_is_a_case(
    customer, sandbox, template, web_server, settled, form
):
    url = f"{web_server}/api/v1/callbacks/wechat/messages"
    cases = ExceptionCase.objects.count()

    def push(template_id, status="accept", event="subscribe_msg_popup_event"):
        told = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "2"}
        inside = {"List": told} if form == "json" else {"SubscribeMsgPopupEvent": {"List": [told, told]}}
        message = {
            "ToUserName": "gh",
            "FromUserName": customer.openid,
            "CreateTime": "1764374400",
            "Event": event,
        }
        answer = sandbox.push(url, {**message, "MsgType": "event", **inside}, format=form)
        assert answer == {"status": 200, "answer": "success"}
        settled()

    push(MONEY)
    push(MONEY)  # the same again
    push("another")
    assert left(customer) == 1
    assert ExceptionCase.objects.count() == cases

    push(MONEY, status="perhaps")
    assert ExceptionCase.objects.count() == cases + 1


def test_somebody_who_is_gone_or_unknown_is_kept_and_no_case(sandbox, web_server, settled):
    cases = ExceptionCase.objects.count()
    message = {"FromUserName": "oNobody", "CreateTime": "1764374400", "Event": "subscribe_msg_sent_event"}
    told = {"TemplateId": MONEY, "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}

    sandbox.push(f"{web_server}/api/v1/callbacks/wechat/messages", {**message, "List": told})
    settled()

    kept = CallbackReceipt.objects.filter(event_type="subscribe_msg_sent_event").latest("pk")
    assert (kept.state, kept.note) == ("DONE", "没有这位顾客")
    assert ExceptionCase.objects.count() == cases


def test_answers_that_make_no_sense_count_nothing(customer, template):
    key = uuid.uuid4().hex

    assert_error(report(customer, template_id="somebody-elses"), 409, "SUBSCRIBE_TEMPLATE_UNKNOWN")
    assert_error(customer.post("notifications/subscriptions", {"answers": []}), 400, "INVALID_INPUT")
    assert_error(customer.post("notifications/subscriptions", {"answers": [{"x": 1}]}), 400, "INVALID_INPUT")
    assert_error(report(customer, "yes"), 400, "INVALID_INPUT")
    assert_error(report(customer, "accepted"), 400, "INVALID_INPUT")
    assert [report(customer, no).status_code for no in ("reject", "ban", "filter")] == [200, 200, 200]
    assert left(customer) == 0
    assert report(customer, key=key).status_code == report(customer, key=key).status_code == 200
    assert left(customer) == 1
    assert report(customer, "acceptWithAudio").status_code == 200
    assert left(customer) == 2
