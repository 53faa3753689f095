"""One question, one proven answer: what is repeated, what is refused, what stays unknown."""

import json
import time
from urllib.parse import quote

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from requests import Request

from payments.gateways.wechat import client
from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import (
    TABLE,
    AlreadyPaid,
    OrderMissing,
    RateLimited,
    Reaction,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
    read_failure,
)
from payments.gateways.wechat.signing import request_message
from payments.tests.gateways.wechat.factories import proven
from wallet_project.sandbox.signing import is_signed

PATH = "/v3/pay/transactions/out-trade-no/P1/close"


def failing(status, code="", message="不行"):
    body = json.dumps({"code": code, "message": message}).encode() if code else b""
    return status, {"Request-ID": "08F7-268512771"}, body


def test_the_bytes_that_are_signed_are_the_bytes_that_are_sent(platform, stranger):
    stranger.answers = [proven(platform, {"ok": 1})]

    answer = ask("POST", "/v3/a%7Cb?x=%E5%92%96", {"description": "一杯咖啡", "amount": {"total": 1}})

    (path, headers, body), *others = stranger.asked
    assert answer == {"ok": 1}
    assert not others
    assert path == "/v3/a%7Cb?x=%E5%92%96"
    assert body == '{"description":"一杯咖啡","amount":{"total":1}}'.encode()
    kind, _, rest = headers["Authorization"].partition(" ")
    said = dict(part.split("=", 1) for part in rest.split(","))
    said = {name: value.strip('"') for name, value in said.items()}
    message = request_message(
        method="POST", url=path, timestamp=said["timestamp"], nonce=said["nonce_str"], body=body
    )
    assert kind == "WECHATPAY2-SHA256-RSA2048"
    assert is_signed(key=platform.merchant_key.public_key(), message=message, signature=said["signature"])
    assert said["mchid"] == platform.settings["mchid"]
    assert said["serial_no"] == platform.settings["merchant_serial"]
    assert headers["Wechatpay-Serial"] == platform.settings["public_key_id"]
    assert headers["Accept"] == headers["Content-Type"] == "application/json"
    assert headers["User-Agent"]


@effort(max_examples=200, deadline=None)
@given(number=st.text("0123456789abcXYZ_-|*@", min_size=1, max_size=32))
def test_no_number_is_respelled_on_its_way_out(number):
    path = f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}?mchid=1"

    assert Request("GET", f"https://api.mch.weixin.qq.com{path}").prepare().path_url == path


@pytest.mark.parametrize(
    ("answer", "raised", "times"),
    [
        (failing(500, "SYSTEM_ERROR"), WeChatUnknown, 3),
        (failing(502), WeChatUnknown, 3),
        (failing(500, "ORDER_CLOSED"), WeChatUnknown, 3),  # a server that fails may say anything
        (failing(400, "SYSTEMERROR"), WeChatUnknown, 3),
        (failing(429, "FREQUENCY_LIMITED"), RateLimited, 3),
        (failing(429), RateLimited, 3),
        (failing(403, "RATELIMIT_EXCEEDED"), RateLimited, 3),
        (failing(400, "ORDER_PAID"), AlreadyPaid, 1),
        (failing(400, "ORDERPAID"), AlreadyPaid, 1),
        (failing(404, "ORDER_NOT_EXIST"), OrderMissing, 1),
        (failing(404, "ORDERNOTEXIST"), OrderMissing, 1),
        (failing(400, "ORDER_CLOSED"), WeChatRefused, 1),
        (failing(403, "NOT_ENOUGH"), WeChatRefused, 1),
        (failing(403, "NOAUTH"), WeChatRefused, 1),
        (failing(401, "SIGN_ERROR"), WeChatRefused, 1),
        (failing(400, "A_CODE_OF_NEXT_YEAR"), WeChatUnknown, 1),
        (failing(404), WeChatUnknown, 1),
        (failing(405), WeChatUnknown, 1),
        ((400, {}, b"<html>"), WeChatUnknown, 1),
        ((400, {}, b"[]"), WeChatUnknown, 1),
    ],
    ids=lambda given: str(given)[:60] if isinstance(given, tuple) else "",
)
def test_a_failure_is_read_through_the_table(stranger, answer, raised, times):
    stranger.answers = [answer]

    with pytest.raises(raised) as failure:
        ask("POST", PATH, {"mchid": "1900007291"})

    assert type(failure.value) is raised
    assert len(stranger.asked) == times
    assert len({body for _path, _headers, body in stranger.asked}) == 1


def test_each_repetition_is_signed_anew(stranger):
    stranger.answers = [failing(500, "SYSTEM_ERROR")]

    with pytest.raises(WeChatUnknown):
        ask("POST", PATH, {"mchid": "1900007291"})

    assert len({headers["Authorization"] for _path, headers, _body in stranger.asked}) == 3


def test_a_repetition_that_succeeds_is_the_answer(platform, stranger):
    stranger.answers = [failing(500, "SYSTEM_ERROR"), failing(429), proven(platform, {"prepay_id": "wx1"})]

    assert ask("POST", PATH, {}) == {"prepay_id": "wx1"}


def test_a_refusal_after_a_doubt_stays_a_doubt(stranger):
    stranger.answers = [failing(500, "SYSTEM_ERROR"), failing(400, "INVALID_REQUEST")]

    with pytest.raises(WeChatUnknown, match="INVALID_REQUEST"):
        ask("POST", PATH, {"mchid": "1900007291"})


def test_a_query_that_is_refused_after_a_doubt_is_refused(stranger):
    stranger.answers = [failing(500, "SYSTEM_ERROR"), failing(403, "RULE_LIMIT")]

    with pytest.raises(WeChatRefused) as refusal:
        ask("GET", PATH)

    assert (refusal.value.code, refusal.value.status, refusal.value.message) == ("RULE_LIMIT", 403, "不行")


def test_a_limit_after_a_doubt_stays_a_doubt(stranger):
    stranger.answers = [failing(500, "SYSTEM_ERROR"), failing(429)]

    with pytest.raises(WeChatUnknown):
        ask("POST", PATH, {})


def test_every_row_of_the_table_has_one_reading():
    for row in TABLE:
        for code in (row.code, row.code.replace("_", "")):
            read = read_failure(status=400, code=code, message="", request_id="")
            expected = {Reaction.RETRY: RateLimited, Reaction.UNKNOWN: WeChatUnknown}
            assert type(read) is (row.raises or expected.get(row.reaction, WeChatRefused)), row


def test_what_somebody_must_change_is_told(stranger, caplog):
    stranger.answers = [failing(403, "NOT_ENOUGH", "基本账户余额不足")]

    with pytest.raises(WeChatRefused):
        ask("POST", PATH, {})

    (alarm,) = [record for record in caplog.records if record.msg == "payments.wechat.alarm"]
    assert alarm.wechat_code == "NOT_ENOUGH"
    assert alarm.wechat_request_id == "08F7-268512771"


def test_an_empty_answer_is_proven_too(platform, stranger):
    stranger.answers = [proven(platform, None, status=204)]

    assert ask("POST", PATH, {}) == {}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers, body: ({}, body),
        lambda headers, body: (headers, body + b" "),
        lambda headers, body: (headers, b""),
        lambda headers, body: (headers | {"Wechatpay-Timestamp": str(int(time.time()) - 400)}, body),
        lambda headers, body: (headers | {"Wechatpay-Serial": "0" * 40}, body),
        lambda headers, body: (headers | {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/x"}, body),
    ],
    ids=["unsigned", "changed", "emptied", "old", "unknown key", "probe"],
)
def test_an_answer_that_is_not_proven_is_no_answer(platform, stranger, spoil):
    body = b'{"prepay_id":"wx1"}'
    headers, spoilt = spoil(platform.headers(body), body)
    stranger.answers = [(200, headers, spoilt)]

    with pytest.raises(WeChatUnknown, match="unproven"):
        ask("POST", PATH, {})

    assert len(stranger.asked) == 3  # WeChat does not probe a repetition, so it is worth a try


def test_a_signed_answer_that_is_no_object_is_unknown(platform, stranger):
    body = b"[1]"
    stranger.answers = [(200, platform.headers(body), body)]

    with pytest.raises(WeChatUnknown):
        ask("GET", PATH)


def test_a_redirect_is_not_followed(platform, stranger):
    stranger.answers = [(302, {"Location": f"{stranger.url}/elsewhere"}, b"")]

    with pytest.raises(WeChatUnknown):
        ask("GET", PATH)

    assert [path for path, _headers, _body in stranger.asked] == [PATH]


def test_an_endless_answer_is_not_read_to_its_end(platform, stranger):
    body = b'"' + b"x" * 2_000_000 + b'"'
    stranger.answers = [(200, platform.headers(body), body)]

    with pytest.raises(WeChatUnknown, match="Endless"):
        ask("GET", PATH)


def test_where_nobody_listens_nothing_was_sent(platform, caplog):
    with pytest.raises(WeChatUnreachable) as failure:
        ask("POST", PATH, {})

    assert type(failure.value) is WeChatUnreachable
    assert len([record for record in caplog.records if record.msg == "kit.outbound.no_answer"]) == 3


def test_nobody_waits_for_wechat_in_a_transaction(stranger, db):
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        ask("GET", PATH)

    assert not stranger.asked


def test_a_person_waits_a_bounded_time(stranger, monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.3, 30.0))
    stranger.answers = [failing(500, "SYSTEM_ERROR")]
    started = time.monotonic()

    with pytest.raises(WeChatUnknown):
        ask("POST", PATH, {})

    assert len(stranger.asked) == 2
    assert time.monotonic() - started < client.BUDGET_SECONDS
