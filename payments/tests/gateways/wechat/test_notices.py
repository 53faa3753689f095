"""Callbacks: only what WeChat signed, just now, is opened; everything else stays shut."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from payments.gateways.wechat.errors import CannotDecrypt, InvalidSignature, UnreadableNotice
from payments.gateways.wechat.notices import (
    notice_id_of,
    open_notice,
    read_notice,
    refund_notice,
    transaction_notice,
)
from payments.tests.gateways.wechat.factories import (
    APIV3_KEY,
    PUBLIC_KEY_ID,
    REFUND,
    TRANSACTION,
    certify,
    envelope,
    serial_of,
)
from wallet_project.sandbox.signing import seal

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PAID = json.dumps(TRANSACTION, ensure_ascii=False)


def test_a_genuine_callback_opens(platform, opened):
    body = envelope(PAID)

    notice = open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)

    assert notice.event_type == "TRANSACTION.SUCCESS"
    assert notice.original_type == "transaction"
    assert notice.summary == "支付成功"
    assert notice.resource == TRANSACTION
    assert notice.raw == json.loads(body)
    assert len(opened) == 1


def test_header_names_may_come_in_any_case(platform):
    body = envelope(PAID)
    headers = {name.upper(): value for name, value in platform.headers(body, at=NOW).items()}

    assert open_notice(headers=headers, body=body, now=NOW).resource == TRANSACTION


def test_during_a_switch_both_keys_are_believed(platform):
    body, now = envelope(PAID), datetime.now(tz=UTC)
    with_certificate = platform.headers(
        body, key=platform.certified_key, serial=serial_of(platform.certificate)
    )

    assert open_notice(headers=with_certificate, body=body, now=now).resource == TRANSACTION
    assert open_notice(headers=platform.headers(body), body=body, now=now).resource == TRANSACTION


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_in_time(platform, seconds):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW + timedelta(seconds=seconds))

    assert open_notice(headers=headers, body=body, now=NOW).resource == TRANSACTION


@pytest.mark.parametrize("seconds", [-301, 301, -30 * 86_400, 360])
def test_a_second_more_is_too_old_or_too_early(platform, opened, seconds):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW + timedelta(seconds=seconds))

    with pytest.raises(InvalidSignature, match="time window"):
        open_notice(headers=headers, body=body, now=NOW)

    assert not opened


@pytest.mark.parametrize(
    "name", ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"]
)
@pytest.mark.parametrize(
    "bend",
    [
        lambda headers, name: headers.pop(name),
        lambda headers, name: headers.update({name: ""}),
        lambda headers, name: headers.update({name: f"{headers[name]}, {headers[name]}"}),
        lambda headers, name: headers.update({name: f"{headers[name]},{headers[name]}"}),
        lambda headers, name: headers.update({name: headers[name] + "\nX: 1"}),
        lambda headers, name: headers.update({name: f" {headers[name]}"}),
        lambda headers, name: headers.update({name.lower(): headers[name]}),
        lambda headers, name: headers.update({name: "٣" + headers[name][1:]}),
    ],
    ids=["missing", "empty", "joined", "joined tightly", "injected", "padded", "twice", "not ASCII"],
)
def test_a_header_missing_repeated_or_malformed_opens_nothing(platform, opened, name, bend):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW)
    bend(headers, name)

    with pytest.raises(InvalidSignature) as refusal:
        open_notice(headers=headers, body=body, now=NOW)

    assert len(str(refusal.value)) <= 32  # fit for counting by reason
    assert not opened


@pytest.mark.parametrize("timestamp", ["-1", "1e9", "1763726400.5", "1" + "0" * 20, "0x10", "soon"])
def test_a_timestamp_is_a_plain_number_of_seconds(platform, opened, timestamp):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW) | {"Wechatpay-Timestamp": timestamp}

    with pytest.raises(InvalidSignature, match="wechatpay-timestamp"):
        open_notice(headers=headers, body=body, now=NOW)

    assert not opened


def test_a_signature_probe_fails_like_any_wrong_signature(platform, opened):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW)
    probe = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:]

    for signature in (probe, probe[:-5], "WECHATPAY/SIGNTEST/", "签名"):
        with pytest.raises(InvalidSignature):
            open_notice(headers=headers | {"Wechatpay-Signature": signature}, body=body, now=NOW)

    assert not opened


def test_another_algorithm_is_not_believed(platform, opened):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW) | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}

    with pytest.raises(InvalidSignature, match="signature type"):
        open_notice(headers=headers, body=body, now=NOW)

    assert not opened


def test_a_missing_signature_type_means_rsa(platform):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW)
    del headers["Wechatpay-Signature-Type"]

    assert open_notice(headers=headers, body=body, now=NOW).resource == TRANSACTION


@pytest.mark.parametrize("serial", ["0" * 40, "PUB_KEY_ID_0000000000000000000000000000", "../public"])
def test_a_serial_we_do_not_hold_is_refused(platform, opened, serial):
    body = envelope(PAID)

    with pytest.raises(InvalidSignature):
        open_notice(headers=platform.headers(body, serial=serial, at=NOW), body=body, now=NOW)

    assert not opened


def test_our_own_merchant_key_proves_nothing(platform, opened, settings):
    body = envelope(PAID)
    under_its_own_name = platform.headers(
        body, key=platform.merchant_key, serial=settings.WECHAT["merchant_serial"], at=NOW
    )
    under_wechats_name = platform.headers(body, key=platform.merchant_key, at=NOW)

    for headers in (under_its_own_name, under_wechats_name):
        with pytest.raises(InvalidSignature):
            open_notice(headers=headers, body=body, now=NOW)

    assert not opened


def test_one_key_does_not_speak_under_the_name_of_another(platform, opened):
    body, now = envelope(PAID), datetime.now(tz=UTC)

    for headers in (
        platform.headers(body, key=platform.public_key, serial=serial_of(platform.certificate)),
        platform.headers(body, key=platform.certified_key, serial=PUBLIC_KEY_ID),
    ):
        with pytest.raises(InvalidSignature, match="wrong signature"):
            open_notice(headers=headers, body=body, now=now)

    assert not opened


def test_an_expired_certificate_proves_nothing(platform, opened):
    now = datetime.now(tz=UTC)
    expired = certify(platform.certified_key, begins=now - timedelta(days=9), ends=now - timedelta(days=1))
    platform.put(expired)
    body = envelope(PAID)
    headers = platform.headers(body, key=platform.certified_key, serial=serial_of(expired))

    with pytest.raises(InvalidSignature, match="unknown key"):
        open_notice(headers=headers, body=body, now=now)

    assert not opened


@effort(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_byte_of_the_body_may_change(platform, place, flip):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW)
    tampered = bytearray(body)
    tampered[place % len(body)] ^= flip

    with pytest.raises(InvalidSignature, match="wrong signature"):
        open_notice(headers=headers, body=bytes(tampered), now=NOW)


def test_white_space_is_part_of_what_was_signed(platform, opened):
    body = envelope(PAID)
    headers = platform.headers(body, at=NOW)

    for same_json in (body + b"\n", b" " + body, json.dumps(json.loads(body)).encode(), b""):
        with pytest.raises(InvalidSignature):
            open_notice(headers=headers, body=same_json, now=NOW)

    assert not opened


def test_five_megabytes_are_refused_unread(platform, opened):
    body = b"x" * 5_000_000

    with pytest.raises(InvalidSignature, match="longer"):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)

    assert not opened


def sealed(nonce, associated_data="transaction", key="k" * 32, plaintext=PAID):
    return seal(key=key, nonce=nonce, associated_data=associated_data, plaintext=plaintext.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"ciphertext": sealed("abcdefghijkl")[:-24] + "==", "nonce": "abcdefghijkl"},
        {"ciphertext": sealed("abcdefghijkl"), "nonce": "abcdefghijkm"},
        {"ciphertext": sealed("abcdefghijklm"), "nonce": "abcdefghijklm"},
        {"associated_data": "refund"},
        {"associated_data": ""},
        {"associated_data": 7},
        {"algorithm": "AEAD_AES_128_GCM"},
        {"ciphertext": "not base64"},
        {"ciphertext": ""},
        {"ciphertext": None},
        {"original_type": ""},
    ],
    ids=str,
)
def test_what_wechat_signed_but_does_not_open_is_told_apart(platform, changes):
    body = envelope(PAID, **changes)

    with pytest.raises(CannotDecrypt):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)


def test_a_callback_sealed_with_another_key_does_not_open(platform):
    body = envelope(PAID, apiv3_key="x" * 32)

    with pytest.raises(CannotDecrypt):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)


@pytest.mark.parametrize("sealed_with", ["o" * 32, APIV3_KEY])
def test_while_the_apiv3_key_is_being_changed_both_open(platform, settings, sealed_with):
    settings.WECHAT["apiv3_other_key"] = "o" * 32
    body = envelope(PAID, apiv3_key=sealed_with)

    assert open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW).resource == TRANSACTION


def test_half_a_key_is_refused_even_where_it_fits(platform, settings, opened):
    settings.WECHAT["apiv3_key"] = "k" * 16
    body = envelope(PAID, apiv3_key="k" * 16)

    with pytest.raises(CannotDecrypt, match="32 bytes"):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)

    assert not opened


@pytest.mark.parametrize("plaintext", ["", "[]", "null", "1", '"text"', "{", "[" * 5_000, "\x00"])
def test_a_resource_that_is_no_object_is_refused(platform, plaintext):
    body = envelope(plaintext)

    with pytest.raises(CannotDecrypt):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"resource":[]}', b'{"resource":{}}', b"\xff"]
)
def test_a_signed_body_of_another_shape_is_refused(platform, body):
    with pytest.raises(CannotDecrypt):
        open_notice(headers=platform.headers(body, at=NOW), body=body, now=NOW)


def test_a_stored_callback_opens_again_and_has_an_id_even_when_it_does_not(platform):
    body, shut = envelope(PAID), envelope(PAID, ciphertext="")

    assert read_notice(body=body).resource == TRANSACTION
    assert notice_id_of(body) == read_notice(body=body).id
    assert notice_id_of(shut) == json.loads(shut)["id"]
    assert notice_id_of(b"not JSON") == notice_id_of(b"not JSON") != notice_id_of(b"not JSON either")
    assert len(notice_id_of(b"not JSON")) <= 64


def test_a_payment_is_read_to_the_fen():
    paid = transaction_notice(TRANSACTION)

    assert (paid.appid, paid.mchid) == (TRANSACTION["appid"], TRANSACTION["mchid"])
    assert paid.number == TRANSACTION["out_trade_no"]
    assert paid.transaction_id == TRANSACTION["transaction_id"]
    assert paid.state == "SUCCESS"
    assert (paid.total, paid.currency) == (100, "CNY")  # what was ordered, not what was left after coupons
    assert paid.openid == "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
    assert paid.success_time == datetime(2026, 11, 21, 12, 15, 30, tzinfo=UTC)
    assert paid.raw == TRANSACTION


def test_a_refund_is_read_to_the_fen():
    refund = refund_notice(REFUND)

    assert refund.refund_number == REFUND["out_refund_no"]
    assert refund.refund_id == REFUND["refund_id"]
    assert refund.number == REFUND["out_trade_no"]
    assert refund.transaction_id == REFUND["transaction_id"]
    assert refund.mchid == REFUND["mchid"]
    assert refund.state == "SUCCESS"
    assert (refund.amount, refund.total) == (30, 100)
    assert refund.success_time == datetime(2026, 11, 21, 12, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"trade_state": "MAYBE"},
        {"trade_state": None},
        {"transaction_id": None},
        {"transaction_id": 42},
        {"out_trade_no": ""},
        {"amount": None},
        {"amount": {"total": "100", "currency": "CNY"}},
        {"amount": {"total": 100.0, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": -1, "currency": "CNY"}},
        {"amount": {"total": 2**53, "currency": "CNY"}},
        {"amount": {"total": 100}},
        {"payer": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        {"success_time": "yesterday"},
        {"success_time": "2026-11-21T20:15:30"},
    ],
    ids=str,
)
def test_a_payment_with_a_field_missing_or_of_another_type_is_not_read(changes):
    with pytest.raises(UnreadableNotice):
        transaction_notice(TRANSACTION | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"refund_status": "DONE"},
        {"refund_status": None},
        {"refund_id": None},
        {"out_refund_no": 1},
        {"amount": {"total": 100}},
        {"amount": {"refund": "30", "total": 100}},
        {"success_time": "2026-11-21"},
    ],
    ids=str,
)
def test_a_refund_with_a_field_missing_or_of_another_type_is_not_read(changes):
    with pytest.raises(UnreadableNotice):
        refund_notice(REFUND | changes)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@effort(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(TRANSACTION)), junk=JUNK)
def test_whatever_a_field_holds_a_payment_is_read_or_refused_by_name(name, junk):
    try:
        read = transaction_notice(TRANSACTION | {name: junk})
    except UnreadableNotice:
        return

    assert type(read.total) is int or read.state not in {"SUCCESS", "REFUND"}
    assert read.number
