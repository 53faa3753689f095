"""What comes in: strict JSON, whole fen, visible text, and no field that nobody knows."""

import json
from contextlib import suppress

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from wallet_project.kit.api.parsers import MAX_BYTES, MAX_DEPTH, parse_strictly
from wallet_project.kit.errors import MalformedBody
from wallet_project.kit.testing.assertions import assert_error

pytestmark = [pytest.mark.django_db, pytest.mark.urls("wallet_project.kit.tests.doors")]


def post(raw, content_type="application/json", **extra):
    body = raw if isinstance(raw, bytes) else raw.encode()
    return Client().generic("POST", "/api/v1/read", body, content_type=content_type, **extra)


@pytest.mark.parametrize(
    "amount",
    [
        *("-1", "0", "1.5", "1.0", '"100"', '"1e3"', "1e3", "true", "null", '"１００"', '"1_000"', '" 5 "'),
        *(str(2**63), "9" * 19, '"0x10"', '"+1"', "[1]", "{}", '""', "1000001", "-0", "1e400"),
    ],
)
def test_only_a_whole_number_of_fen_within_its_limits_is_an_amount(amount):
    answer = post(f'{{"amount": {amount}}}')

    assert answer.status_code == 400
    assert answer.json()["code"] in {"INVALID_INPUT", "MALFORMED_BODY"}


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-Infinity", "1" + "0" * 5000, "0x10", "+1", "01", "１００"]
)
def test_what_is_no_number_in_json_is_refused_as_such(amount):
    assert_error(post(f'{{"amount": {amount}}}'), 400, "MALFORMED_BODY")


@pytest.mark.parametrize("amount", [1, 1_000_000])
def test_a_proper_amount_is_read_as_it_is(amount):
    assert post(json.dumps({"amount": amount})).json() == {"amount": amount}


@pytest.mark.parametrize(
    "raw",
    [
        *("{", "[1,]", "{'a': 1}", '{"a": 1} {"b": 2}', "\ufeff{}", '{"text": "\t"}'),
        '{"amount": 1, "amount": 2}',
        '{"free": {"a": 1, "a": 1}}',
        '{"free": {"\u00e9": 1, "e\u0301": 2}}',
        '{"text": "a\\u0000b"}',
        '{"free": {"a\\u0000": 1}}',
        '{"free": ["\\ud800"]}',
        '{"free": {"\\udfff": 1}}',
        '{"free": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}",
        '{"free": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"free": 1e999}',
        b'{"text": "\xff"}',
        b"\xff\xfe{\x00}\x00",
        b"\x1f\x8b\x08\x00",
    ],
)
def test_what_is_not_strict_json_is_refused(raw):
    assert assert_error(post(raw), 400, "MALFORMED_BODY")["reason"]


@pytest.mark.parametrize("raw", ["[]", '"text"', "1", "null", "true"])
def test_a_body_that_is_no_object_is_refused(raw):
    assert_error(post(raw), 400, "INVALID_INPUT")


def test_brackets_in_a_text_are_no_nesting():
    text = json.dumps({"free": ['\\"[[[[[[[[{{{{{{{{', "[" * 100]})

    assert post(text).json() == json.loads(text)


def test_a_body_of_the_greatest_size_is_read_and_one_byte_more_is_not():
    padding = MAX_BYTES - len('{"amount": 1}')

    assert post('{"amount": 1}' + " " * padding).status_code == 200
    assert assert_error(post('{"amount": 1}' + " " * (padding + 1)), 413, "BODY_TOO_LARGE") == {
        "limit": MAX_BYTES
    }
    assert_error(post("[" * 10_000_000), 413, "BODY_TOO_LARGE")


def test_a_hundred_thousand_keys_are_refused_at_once():
    raw = json.dumps({"free": {str(number): 1 for number in range(100_000)}})

    assert_error(post(raw), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/xml",
        "x",
    ],
)
def test_anything_but_json_is_refused(content_type):
    assert_error(post('{"amount": 1}', content_type), 415, "UNSUPPORTED_MEDIA_TYPE")


def test_json_may_name_its_charset():
    assert post('{"text": "好"}', "application/json; charset=utf-8").json() == {"text": "好"}


json_like = st.text(alphabet='{}[]",:\\eE+-.0123456789 nulltrefasd', max_size=60)


@given(raw=st.binary(max_size=200) | json_like.map(str.encode))
@limits(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_read_or_refused_and_never_breaks_us(raw):
    with suppress(MalformedBody):
        json.dumps(parse_strictly(raw), allow_nan=False).encode()


def test_a_field_nobody_knows_is_refused_by_name():
    detail = assert_error(post('{"amount": 1, "is_staff": true, "balance": 9}'), 400, "INVALID_INPUT")

    assert set(detail["fields"]) == {"is_staff", "balance"}


@pytest.mark.parametrize("flag", ['"true"', '"yes"', "1", "0", '"on"', "null", "[]"])
def test_only_true_and_false_are_true_and_false(flag):
    detail = assert_error(post(f'{{"flag": {flag}}}'), 400, "INVALID_INPUT")

    assert set(detail["fields"]) == {"flag"}
    assert post('{"flag": false}').json() == {"flag": False}


@pytest.mark.parametrize(
    "text",
    [
        "\u202eabc",
        "a\u200bb",
        "\ufeffa",
        "a\u00adb",
        "a\u0007b",
        "\ue000",
        "a\u2028b",
        "a\nb",
        "\u2066a",
        "a\x7f",
    ],
)
def test_a_text_with_what_nobody_sees_is_refused(text):
    detail = assert_error(post(json.dumps({"text": text})), 400, "INVALID_INPUT")

    assert set(detail["fields"]) == {"text"}


@pytest.mark.parametrize("text", [1, 1.5, True, None, ["a"], {"a": "b"}, "", "字" * 33])
def test_a_text_that_is_none_or_too_long_is_refused(text):
    assert_error(post(json.dumps({"text": text})), 400, "INVALID_INPUT")


@pytest.mark.parametrize(
    "text", ["两杯拿铁 ☕", "😀", "𠮷野家", "naïve — 1/2", "👍🏽", "❤️", "🙋\u200d♀️", "👨\u200d👩\u200d👧"]
)
def test_a_text_that_people_write_is_read(text):
    assert post(json.dumps({"text": text})).json() == {"text": text}


@pytest.mark.parametrize("count", ['"5"', "5.0", "true", "0", "10", "null", '"５"', '"1_0"', "[]"])
def test_only_a_whole_number_within_its_limits_is_a_count(count):
    detail = assert_error(post(f'{{"count": {count}}}'), 400, "INVALID_INPUT")

    assert set(detail["fields"]) == {"count"}
    assert post('{"count": 5}').json() == {"count": 5}


def test_the_same_letters_are_the_same_text():
    assert post(json.dumps({"text": "e\u0301"})).json() == {"text": "\u00e9"}


def get(query):
    return Client().get(f"/api/v1/read?{query}")


def test_a_query_is_read_as_strictly():
    assert get("word=a").json() == {"word": "a"}
    assert_error(get("word=a&word=b"), 400, "INVALID_INPUT")
    assert_error(get("other=a"), 400, "INVALID_INPUT")
    assert_error(get("word=%00"), 400, "INVALID_INPUT")
    assert_error(get("word=" + "a" * 11), 400, "INVALID_INPUT")
    assert_error(get("&".join(f"a{number}=1" for number in range(10_000))), 400, "INVALID_INPUT")
