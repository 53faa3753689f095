"""Logging in and out, as a mini-program sees it."""

import io
import logging

import pytest
import requests

from accounts.models import RevokeReason, Session, User, UserStatus
from accounts.selectors.users import user_by_openid
from wallet_project.kit.errors import NotFound
from wallet_project.kit.logs import json_formatter
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api

pytestmark = pytest.mark.committed


@pytest.fixture
def stranger(web_server, sandbox, committed_db):
    """A mini-program that has not logged in."""
    api = Api(web_server, sandbox)
    api.openid = sandbox.login_code()["openid"]
    return api


def test_a_login_answers_tokens_and_who_i_am(stranger, sandbox):
    answer = stranger.post(
        "auth/login",
        {
            "code": sandbox.login_code(stranger.openid)["code"],
            "device_id": stranger.device_id,
            "device_name": "小明的 iPhone",
            "platform": "ios",
        },
    )

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "expires_in", "refresh_token", "user"}
    assert body["expires_in"] == 7200
    user = user_by_openid(stranger.openid)
    assert body["user"] == {
        "uid": str(user.uid),
        "nickname": user.nickname,
        "phone_masked": None,
        "is_new": True,
        "closes_at": None,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    device = user.devices.get()
    assert (device.name, device.platform) == ("小明的 iPhone", "ios")
    assert user.sessions.get().created_ip == "127.0.0.1"


def test_a_code_works_once_and_the_refusal_moves_nothing(stranger, sandbox):
    code = sandbox.login_code(stranger.openid)["code"]
    stranger.log_in(code)

    answer = stranger.post("auth/login", {"code": code, "device_id": "another"})

    assert_error(answer, 401, "WECHAT_CODE_REFUSED")
    assert user_by_openid(stranger.openid).sessions.count() == 1
    assert stranger.get("me").status_code == 200  # the session it made goes on


def test_a_made_up_code_is_refused_in_the_same_words_as_a_used_one(stranger, sandbox):
    used = sandbox.login_code(stranger.openid)["code"]
    stranger.log_in(used)

    refusals = [
        assert_error(answer, 401, "WECHAT_CODE_REFUSED") or answer.json()["message"]
        for answer in (
            stranger.post("auth/login", {"code": code, "device_id": "d"}) for code in (used, "made-up-code")
        )
    ]

    assert refusals[0] == refusals[1]


def test_nobody_is_registered_when_wechat_does_not_answer(stranger, sandbox):
    code = sandbox.login_code(stranger.openid)["code"]
    sandbox.fault("reset", path="/sns/", times=1)

    answer = stranger.post("auth/login", {"code": code, "device_id": stranger.device_id})

    assert_error(answer, 503, "WECHAT_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
    with pytest.raises(NotFound):
        user_by_openid(stranger.openid)


@pytest.mark.parametrize(
    "change",
    [
        {"is_staff": True},
        {"user_id": 1},
        {"code": ""},
        {"code": None},
        {"code": 12345678},
        {"code": ["a"]},
        {"code": "x" * 129},
        {"code": "a\u200bb"},
        {"code": "a\u202eb"},
        {"device_id": None},
        {"device_id": "x" * 65},
        {"device_id": "设备"},
        {"device_id": "a b"},
        {"device_id": "a\nbc"},
        {"device_name": "x" * 65},
        {"device_name": "\u202eenohPi"},
        {"platform": 7},
    ],
)
def test_a_login_that_is_not_as_described_is_refused_before_wechat_is_asked(stranger, sandbox, change):
    code = sandbox.login_code(stranger.openid)["code"]

    answer = stranger.post("auth/login", {"code": code, "device_id": stranger.device_id} | change)

    assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == set(change)
    stranger.log_in(code)  # still good: nobody has spent it


@pytest.mark.parametrize("text", ['"a\\u0000b"', '"a\\ud800b"'])
def test_text_that_no_database_can_hold_is_refused(stranger, text):
    answer = requests.post(
        f"{stranger.base_url}auth/login",
        data=f'{{"code": {text}, "device_id": "d"}}',
        headers={"Content-Type": "application/json"},
        timeout=10,
    )

    assert_error(answer, 400, "MALFORMED_BODY")


@pytest.mark.parametrize(
    ("status", "code"), [(UserStatus.FROZEN, "ACCOUNT_FROZEN"), (UserStatus.CLOSED, "ACCOUNT_CLOSED")]
)
def test_who_may_not_act_is_told_so_at_login(stranger, sandbox, status, code):
    stranger.log_in(sandbox.login_code(stranger.openid)["code"])
    User.objects.filter(pk=user_by_openid(stranger.openid).pk).update(status=status)

    answer = stranger.post(
        "auth/login", {"code": sandbox.login_code(stranger.openid)["code"], "device_id": "other"}
    )

    assert_error(answer, 403, code)
    assert user_by_openid(stranger.openid).sessions.count() == 1


def test_an_old_token_does_not_keep_anybody_from_logging_in(stranger, sandbox):
    stranger.session.headers["Authorization"] = "Bearer old.token"

    assert stranger.log_in(sandbox.login_code(stranger.openid)["code"])["user"]["is_new"]


def test_logging_in_again_on_a_device_ends_its_session_before(customer, sandbox):
    first = customer.session.headers["Authorization"]
    customer.get("me")  # remembered

    customer.log_in(sandbox.login_code(customer.openid)["code"])

    assert customer.get("me").status_code == 200
    assert customer.session.headers["Authorization"] != first
    customer.session.headers["Authorization"] = first
    assert_error(customer.get("me"), 401, "TOKEN_INVALID")


def test_a_logout_kills_at_once(customer):
    assert customer.get("me").status_code == 200

    assert customer.post("auth/logout").status_code == 204

    assert_error(customer.get("me"), 401, "TOKEN_INVALID")
    assert_error(customer.post("auth/logout"), 401, "TOKEN_INVALID")


def test_refreshing_over_http(stranger, sandbox):
    tokens = stranger.log_in(sandbox.login_code(stranger.openid)["code"])
    wish = {"refresh_token": tokens["refresh_token"], "device_id": stranger.device_id}

    answers = [stranger.post("auth/refresh", wish).json() for _ in range(2)]

    assert answers[0]["access_token"] == answers[1]["access_token"] != tokens["access_token"]
    assert_error(stranger.get("me"), 401, "TOKEN_EXPIRED")
    stranger.session.headers["Authorization"] = f"Bearer {answers[0]['access_token']}"
    assert stranger.get("me").status_code == 200


def test_refreshes_at_the_same_moment_get_the_same_answer(stranger, sandbox, in_parallel):
    tokens = stranger.log_in(sandbox.login_code(stranger.openid)["code"])
    wish = {"refresh_token": tokens["refresh_token"], "device_id": stranger.device_id}

    answers = in_parallel([lambda: stranger.post("auth/refresh", wish).json()] * 8)

    assert len({answer["access_token"] for answer in answers}) == 1
    stranger.session.headers["Authorization"] = f"Bearer {answers[0]['access_token']}"
    assert stranger.get("me").status_code == 200


def test_a_stolen_refresh_token_ends_the_session_over_http(stranger, sandbox):
    token = stranger.log_in(sandbox.login_code(stranger.openid)["code"])["refresh_token"]
    stolen = token
    for _ in range(2):
        wish = {"refresh_token": token, "device_id": stranger.device_id}
        token = stranger.post("auth/refresh", wish).json()["refresh_token"]

    answer = stranger.post("auth/refresh", {"refresh_token": stolen, "device_id": stranger.device_id})

    assert_error(answer, 401, "TOKEN_INVALID")
    session = Session.objects.get(user=user_by_openid(stranger.openid))
    assert session.revoke_reason == RevokeReason.TOKEN_REUSED


def test_nothing_secret_reaches_an_answer_or_the_log(stranger, sandbox, new_phone):
    written, root, phone = io.StringIO(), logging.getLogger(), new_phone()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    root.addHandler(handler)
    login_code = sandbox.login_code(stranger.openid)["code"]
    phone_code = sandbox.phone_code(phone)["code"]
    try:
        tokens = stranger.log_in(login_code)
        answers = [
            stranger.post("me/phone", {"code": phone_code}),
            stranger.get("me"),
            stranger.post("me/phone", {"code": phone_code}),
            stranger.post(
                "auth/refresh",
                {"refresh_token": tokens["refresh_token"], "device_id": stranger.device_id},
            ),
        ]
    finally:
        root.removeHandler(handler)

    secrets = [
        stranger.openid,
        phone,
        login_code,
        phone_code,
        tokens["access_token"],
        tokens["refresh_token"],
    ]
    assert written.getvalue().count('"path": "/api/v1/me/phone"') == 2
    assert [secret for secret in secrets if secret in written.getvalue()] == []
    told = "".join(answer.text for answer in answers) + str(tokens["user"])
    assert [secret for secret in secrets if secret in told] == []
    assert "session_key" not in told
