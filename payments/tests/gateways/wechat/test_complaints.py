"""Complaints at the sandbox: read in full, answered once, and nothing strange keeps the rest away."""

import base64
from datetime import timedelta

import pytest

from payments.gateways.wechat import complaints
from payments.gateways.wechat.errors import UnreadableNotice, WeChatRefused, WeChatUnknown
from payments.gateways.wechat.transactions import prepay
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

PICTURE = b"\xff\xd8\xff a picture"
RESPONSES = "/v3/merchant-service/complaints-v2/.*/response"


@pytest.fixture
def number(wechat):
    number = new_serial("P")
    prepay_id = prepay(
        number=number,
        amount=Fen(1_250),
        openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        description="一杯咖啡",
        expires_at=clock.now() + timedelta(minutes=30),
    )
    wechat.confirm(prepay_id, notify=False)
    return number


@pytest.fixture
def filed(wechat, number):
    return wechat.complain(number, problem_type="REFUND", phone="13912345678", detail="没有收到货\n请退款")[
        "complaint_id"
    ]


def kinds_of(complaint_id):
    return [step.kind for step in complaints.fetch_history(complaint_id)]


def test_it_is_read_with_its_payment_its_phone_and_its_pictures(wechat, number):
    sent = base64.b64encode(PICTURE).decode()
    filed = wechat.complain(number, problem_type="REFUND", phone="13912345678", urgent=True, images=[sent])

    told = complaints.fetch_complaint(filed["complaint_id"])
    [step] = complaints.fetch_history(filed["complaint_id"])

    assert (told.number, told.paid, told.refund_wanted, told.phone) == (number, 1_250, 1_250, "13912345678")
    assert (told.state, told.times, told.is_urgent, told.is_refunded) == ("PENDING", 1, True, False)
    assert complaints.download_picture(told.pictures[0]) == PICTURE
    assert (step.kind, step.pictures) == ("USER_CREATE_COMPLAINT", told.pictures)


def test_a_phone_that_does_not_open_keeps_nothing_else_away(filed, monkeypatch):
    def refuse(*_given, **_more):
        raise ValueError

    monkeypatch.setattr(complaints, "decrypt_field", refuse)
    told = complaints.fetch_complaint(filed)

    assert (told.phone, told.detail) == ("", "没有收到货\n请退款")


def test_a_list_of_more_than_a_page_is_complete(wechat, number):
    filed = {wechat.complain(number)["complaint_id"] for _ in range(complaints._PAGE + 2)}
    today = clock.business_day(clock.now())

    listed = [one.complaint_id for one in complaints.list_complaints(begin=today, end=today)]

    assert filed <= set(listed)
    assert len(listed) == len(set(listed))


def test_it_is_answered_with_pictures_and_ended(wechat, filed):
    media_id = complaints.upload_picture(name="小票.jpg", content=PICTURE)
    complaints.respond(filed, text="已为您登记，请稍候", media_ids=[media_id])
    complaints.complete(filed)

    [_created, answer, ended] = complaints.fetch_history(filed)
    assert (answer.kind, answer.text) == ("MERCHANT_RESPONSE", "已为您登记，请稍候")
    assert complaints.download_picture(answer.pictures[0]) == PICTURE
    assert ended.kind == "MERCHANT_CONFIRM_COMPLETE"
    assert complaints.fetch_complaint(filed).state == "PROCESSED"


@pytest.mark.parametrize("kind", ["error_after", "unsigned", "signtest", "reset_after"])
def test_an_answer_that_may_have_been_read_is_not_sent_again(wechat, filed, kind):
    wechat.fault(kind, path=RESPONSES)

    with pytest.raises(WeChatUnknown):
        complaints.respond(filed, text="已为您登记", media_ids=[])

    assert kinds_of(filed) == ["USER_CREATE_COMPLAINT", "MERCHANT_RESPONSE"]


def test_who_asked_for_their_money_is_told_yes_or_no_once(filed):
    complaints.refuse_refund(filed, reason="超过退款期限")
    complaints.promise_refund(filed, remark="同意退款")
    with pytest.raises(WeChatRefused):
        complaints.refuse_refund(filed, reason="超过退款期限")

    assert kinds_of(filed)[1:] == ["MERCHANT_REFUSE_RERUND", "MERCHANT_APPROVE_REFUND"]


def test_what_is_not_there_is_missing(wechat):
    with pytest.raises(WeChatRefused) as refusal:
        complaints.fetch_complaint("200201820200101080076610000")
    assert refusal.value.code in complaints.MISSING


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/secret",
        "/v3/merchant-service/images/../../certificates",
        "/v3/merchant-service/images/%2e%2E/%2e%2e/certificates",
        "",
    ],
)
def test_a_picture_is_fetched_from_among_the_pictures_only(url):
    with pytest.raises(WeChatRefused):
        complaints.download_picture(url)


def test_our_address_is_named_once_and_put_right(wechat, settings):
    heard = [complaints.listen_to_complaints() for _ in range(2)]
    settings.PUBLIC_URL = "https://moved.example"

    assert (heard[1], complaints.listen_to_complaints(), complaints.listen_to_complaints()) == (
        False,
        True,
        False,
    )


def test_a_state_that_nobody_knows_is_unreadable(platform, stranger):
    body = b'{"complaint_id":"2002","complaint_state":"FROZEN","complaint_time":"2026-11-28T10:00:00+08:00"}'
    stranger.answers = [(200, platform.headers(body), body)]

    with pytest.raises(UnreadableNotice):
        complaints.fetch_complaint("2002")
