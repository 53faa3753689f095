"""One line of JSON for each fact, with the request it belongs to, and nothing secret in it."""

import json
import logging

import pytest

from wallet_project.kit import context
from wallet_project.kit.crypto import new_token
from wallet_project.kit.logs import in_short, json_formatter, redact

TOKEN = f"{new_token()}.{new_token()}"
SECRETS = {
    "a phone": ("13800138000", "call 13800138000 now"),
    "a phone with its country": ("13800138000", '{"phoneNumber": "+8613800138000"}'),
    "a phone in groups": ("138 0013 8000", "call 138 0013 8000 now"),
    "an ID number": ("11010519491231002X", "card 11010519491231002X"),
    "a bank card": ("6222021234567891234", "card 6222021234567891234 refused"),
    "a card of another scheme": ("4096650000000009", "card 4096650000000009 refused"),
    "a bearer token": (TOKEN, f"Authorization: Bearer {TOKEN}"),
    "a token by itself": (TOKEN, f"no session for {TOKEN}"),
    "WeChat's access token": ("70_abc-DEF", "POST /cgi-bin/x?access_token=70_abc-DEF&a=1"),
    "a session key in JSON": ("HyVFkGl5F5OQWJZZaNzBBg==", '{"session_key": "HyVFkGl5F5OQWJZZaNzBBg=="}'),
    "an app secret": ("6fe1deadbeef", "GET /sns/jscode2session?secret=6fe1deadbeef&js_code=0a3Xk"),
}


def line_of(message="kit.tested", *, level=logging.INFO, exc_info=None, **extra):
    record = logging.getLogger("kit").makeRecord("kit", level, "", 1, message, (), exc_info, extra=extra)
    return json_formatter().format(record)


@pytest.mark.parametrize(("secret", "text"), SECRETS.values(), ids=SECRETS)
def test_no_secret_reaches_a_line(secret, text):
    try:
        raise ValueError(text)
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)

    lines = [
        line_of(text),
        line_of(reason=text),
        line_of(facts={"deep": [{"inside": (text,)}]}),
        line_of(level=logging.ERROR, exc_info=raised),
    ]

    for line in lines:
        assert secret not in line
        assert json.loads(line)


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refreshToken",
        "SECRET",
        "password",
        "pin",
        "pin_proof",
        "Authorization",
        "phone",
        "sms_code",
        "otp",
        "real_name",
        "id_number",
        "openid",
    ],
)
def test_a_field_named_like_a_secret_is_not_shown(name):
    line = line_of(**{name: "hunter2"}, nested={name: ["hunter2"]})

    assert "hunter2" not in line


@pytest.mark.parametrize(
    "text",
    [
        "P2611212015301237Q4K0M2Z9XWDF",
        "1795263330123",
        "amount 100000000",
        "shipping",
        "2026-11-21",
        "4200002612202611221234567890",
    ],
)
def test_what_is_not_secret_stays_readable(text):
    assert redact(text) == text
    assert json.loads(line_of(number=text))["number"] == text


def test_a_line_names_its_request_and_who_asked():
    with context.acting(request_id="r-123", actor="user:12"):
        line = json.loads(line_of("kit.tested", order_no="O1"))

    assert line["event"] == "kit.tested"
    assert (line["request_id"], line["actor"], line["order_no"]) == ("r-123", "user:12", "O1")
    assert (line["level"], line["logger"]) == ("info", "kit")


@pytest.mark.parametrize("text", ["one\nINFO two", "\r\n\r\n", "\x1b[2J\x1b[31m", "{{7*7}} %n %s"])
def test_a_text_from_outside_cannot_forge_a_line_or_move_a_terminal(text):
    line = line_of(text, remark=text)

    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["remark"] == text


def test_an_error_in_short_can_be_stored_and_tells_no_secret():
    text = in_short(ValueError("no\0good \ud800 13800138000 " + "x" * 5000))

    assert text.startswith("ValueError: no\ufffdgood ? 138****8000 xxx")
    assert len(text) == 2000
