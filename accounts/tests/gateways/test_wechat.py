"""Login and phone codes at the sandbox, and the access token that all processes share."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import transaction
from django.db.transaction import TransactionManagementError

from accounts.gateways.wechat import (
    LoginCodeRefused,
    PhoneCodeRefused,
    WeChatSilent,
    code_to_session,
    phone_number,
)
from wallet_project.kit import mini_program
from wallet_project.kit.testing.cold_cache import forget_everything

TOKEN_PATH = "/cgi-bin/stable_token"
PHONE_PATH = "/wxa/business"


@pytest.fixture
def weixin(sandbox):
    """The sandbox in fair weather, and no token held from earlier."""
    sandbox.clear_faults()
    forget_tokens()
    yield sandbox
    sandbox.clear_faults()
    forget_tokens()


def forget_tokens():
    forget_everything()
    forget_own_memory()


def forget_own_memory():
    """As a new process would be."""
    mini_program.client_of.cache_clear()


def calls(caplog, path):
    return [record for record in caplog.records if getattr(record, "path", "") == path]


def test_a_login_code_names_a_person(weixin):
    minted = weixin.login_code()

    session = code_to_session(minted["code"])

    assert session.openid == minted["openid"]
    assert session.unionid is None
    assert "session_key" not in repr(session)


def test_logging_in_needs_no_access_token(weixin, caplog):
    caplog.set_level(logging.INFO)

    code_to_session(weixin.login_code()["code"])

    assert not calls(caplog, TOKEN_PATH)


def test_a_login_code_works_once(weixin):
    code = weixin.login_code()["code"]
    code_to_session(code)

    with pytest.raises(LoginCodeRefused, match="40163"):
        code_to_session(code)


def test_a_login_code_works_for_five_minutes(weixin):
    code = weixin.login_code()["code"]
    weixin.advance(301)

    with pytest.raises(LoginCodeRefused, match="40029"):
        code_to_session(code)

    weixin.reset_clock()


@pytest.mark.parametrize("code", ["made-up", "0" * 32, "签", "a&openid=b"])
def test_a_made_up_login_code_names_nobody(weixin, code):
    with pytest.raises(LoginCodeRefused):
        code_to_session(code)


def test_a_person_whom_wechat_blocks_is_refused(weixin):
    weixin.fault("errcode", path="/sns", errcode=40226)

    with pytest.raises(LoginCodeRefused, match="40226"):
        code_to_session(weixin.login_code()["code"])


@pytest.mark.parametrize("kind", ["error_before", "error_after", "rate_limited", "reset", "reset_after"])
def test_when_wechat_is_silent_nobody_is_proven(weixin, kind):
    weixin.fault(kind, path="/sns")

    with pytest.raises(WeChatSilent):
        code_to_session(weixin.login_code()["code"])


def test_a_mistake_of_ours_is_told_and_nothing_secret_with_it(weixin, settings, caplog):
    settings.WECHAT = settings.WECHAT | {"app_secret": "not-the-secret"}

    with pytest.raises(WeChatSilent) as silence:
        code_to_session(weixin.login_code()["code"])

    assert "accounts.wechat.alarm" in caplog.text
    assert "not-the-secret" not in f"{silence.value!r} {silence.value.__cause__!r} {caplog.text}"


def test_a_host_that_does_not_answer_keeps_the_secret(weixin, settings, caplog):
    settings.WECHAT = settings.WECHAT | {"app_secret": "the-secret", "api_url": "http://127.0.0.1:9"}

    with pytest.raises(WeChatSilent) as silence:
        code_to_session("code")

    assert silence.value.__cause__ is None
    assert silence.value.__suppress_context__
    assert "the-secret" not in f"{silence.value!r} {caplog.text}"


def test_a_phone_code_gives_the_number(weixin):
    assert phone_number(weixin.phone_code("13800138000")["code"]) == "13800138000"


def test_a_phone_code_works_once(weixin):
    code = weixin.phone_code("13800138000")["code"]
    phone_number(code)

    with pytest.raises(PhoneCodeRefused):
        phone_number(code)


def test_the_token_is_fetched_once_for_many_calls(weixin, caplog):
    caplog.set_level(logging.INFO)
    codes = [weixin.phone_code(f"1380013800{each}")["code"] for each in range(6)]

    with ThreadPoolExecutor(6) as pool:
        phones = list(pool.map(phone_number, codes))

    assert phones == [f"1380013800{each}" for each in range(6)]
    assert len(calls(caplog, TOKEN_PATH)) == 1


def test_the_token_is_shared_with_other_processes(weixin, caplog):
    caplog.set_level(logging.INFO)
    phone_number(weixin.phone_code("13800138000")["code"])
    forget_own_memory()

    phone_number(weixin.phone_code("13800138001")["code"])

    assert len(calls(caplog, TOKEN_PATH)) == 1


def test_without_the_cache_a_process_remembers_the_token_itself(weixin, settings, caplog):
    caplog.set_level(logging.INFO)
    gone = {"BACKEND": "wallet_project.kit.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": gone}

    phones = [phone_number(weixin.phone_code(f"1380013800{each}")["code"]) for each in range(3)]

    assert phones == ["13800138000", "13800138001", "13800138002"]
    assert len(calls(caplog, TOKEN_PATH)) == 1


def test_a_token_replaced_elsewhere_is_fetched_again(weixin, settings):
    phone_number(weixin.phone_code("13800138000")["code"])
    ours = settings.WECHAT
    wish = {"grant_type": "client_credential", "appid": ours["appid"], "secret": ours["app_secret"]}
    requests.post(
        ours["api_url"] + TOKEN_PATH, json={**wish, "force_refresh": True}, timeout=5
    ).raise_for_status()

    assert phone_number(weixin.phone_code("13800138001")["code"]) == "13800138001"


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_replaced_once_and_no_more(weixin, caplog, errcode):
    caplog.set_level(logging.INFO)
    code = weixin.phone_code("13800138000")["code"]
    weixin.fault("errcode", path=PHONE_PATH, errcode=errcode, times=5)

    with pytest.raises(WeChatSilent):
        phone_number(code)

    assert len(calls(caplog, "/wxa/business/getuserphonenumber")) == 2
    assert len(calls(caplog, TOKEN_PATH)) == 2
    weixin.clear_faults()
    assert phone_number(code) == "13800138000"  # the code was not spent


def test_a_refused_token_costs_one_detour(weixin):
    weixin.fault("errcode", path=PHONE_PATH, errcode=40001)

    assert phone_number(weixin.phone_code("13800138000")["code"]) == "13800138000"


def test_when_no_token_is_given_no_phone_is_read(weixin):
    weixin.fault("error_before", path=TOKEN_PATH)
    code = weixin.phone_code("13800138000")["code"]

    with pytest.raises(WeChatSilent):
        phone_number(code)

    assert phone_number(code) == "13800138000"


def test_nobody_waits_for_wechat_in_a_transaction(weixin, db):
    code = weixin.login_code()["code"]

    with transaction.atomic(), pytest.raises(TransactionManagementError):
        code_to_session(code)

    assert code_to_session(code)  # the code was not spent
