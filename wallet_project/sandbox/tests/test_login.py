"""The mini-program host: codes work once, tokens age, every answer is HTTP 200."""

import pytest
import requests


@pytest.fixture
def ask(sandbox):
    def ask(method, path, **given):
        response = requests.request(method, sandbox.base_url + path, timeout=5, **given)
        assert response.status_code == 200
        return response.json()

    return ask


@pytest.fixture
def session(sandbox, ask):
    def session(code, **changed):
        query = {
            "appid": sandbox.credentials["appid"],
            "secret": sandbox.credentials["app_secret"],
            "js_code": code,
            "grant_type": "authorization_code",
        } | changed
        return ask("GET", "/sns/jscode2session", params=query)

    return session


@pytest.fixture
def token(sandbox, ask):
    def token(**changed):
        wish = {
            "grant_type": "client_credential",
            "appid": sandbox.credentials["appid"],
            "secret": sandbox.credentials["app_secret"],
        } | changed
        return ask("POST", "/cgi-bin/stable_token", json=wish)

    return token


def test_a_login_code_works_once(sandbox, session):
    minted = sandbox.login_code()

    first, second = session(minted["code"]), session(minted["code"])

    assert first["openid"] == minted["openid"]
    assert len(first["session_key"]) == 24
    assert second["errcode"] == 40163


def test_the_same_person_comes_back_with_another_session(sandbox, session):
    first = session(sandbox.login_code("oAlice")["code"])
    second = session(sandbox.login_code("oAlice")["code"])

    assert (first["openid"], second["openid"]) == ("oAlice", "oAlice")
    assert first["session_key"] != second["session_key"]


def test_a_login_code_dies_after_five_minutes(sandbox, session):
    code = sandbox.login_code()["code"]
    sandbox.advance(301)

    assert session(code)["errcode"] == 40029


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "x"}, 40002),
        ({"js_code": "wrong"}, 40029),
        ({"js_code": ""}, 41008),
    ],
)
def test_a_wrong_login_is_refused_and_the_code_survives(sandbox, session, changed, errcode):
    code = sandbox.login_code()["code"]

    assert session(code, **changed)["errcode"] == errcode
    assert "openid" in session(code)


def test_the_stable_token_stays_until_it_nears_its_end(sandbox, token):
    first = token()
    sandbox.advance(6_000)
    same = token()
    sandbox.advance(1_000)
    renewed = token()

    assert first["expires_in"] == 7200
    assert same["access_token"] == first["access_token"]
    assert same["expires_in"] == pytest.approx(1_200, abs=5)
    assert renewed["access_token"] != first["access_token"]


def test_a_forced_refresh_replaces_the_token_and_is_rationed(sandbox, token, ask):
    old = token()["access_token"]
    new = token(force_refresh=True)["access_token"]

    assert token(force_refresh=True)["errcode"] == 45011
    assert phone(ask, old, "x")["errcode"] == 40001
    assert phone(ask, new, "x")["errcode"] == 40029
    for _ in range(19):
        sandbox.advance(31)
        assert "access_token" in token(force_refresh=True)
    sandbox.advance(31)
    assert token(force_refresh=True)["errcode"] == 45009


def test_a_phone_code_works_once_and_only_with_a_living_token(sandbox, token, ask):
    access_token = token()["access_token"]
    code = sandbox.phone_code("13800138000")["code"]

    without, wrong = phone(ask, "", code), phone(ask, "nonsense", code)
    first, second = phone(ask, access_token, code), phone(ask, access_token, code)
    sandbox.advance(7_200)
    late = phone(ask, access_token, code)

    assert (without["errcode"], wrong["errcode"]) == (41001, 40001)
    assert (first["errcode"], first["errmsg"]) == (0, "ok")
    assert first["phone_info"]["purePhoneNumber"] == "13800138000"
    assert first["phone_info"]["watermark"]["appid"] == sandbox.credentials["appid"]
    assert (second["errcode"], late["errcode"]) == (40029, 42001)


def test_the_wrong_method_or_body_is_refused(ask):
    assert ask("GET", "/cgi-bin/stable_token")["errcode"] == 43002
    assert ask("POST", "/cgi-bin/stable_token")["errcode"] == 44002
    assert ask("POST", "/cgi-bin/stable_token", data=b"{")["errcode"] == 47001


def test_faults_of_this_host_are_errcodes(sandbox, session):
    code = sandbox.login_code()["code"]
    sandbox.fault("error_before", path="/sns/")
    sandbox.fault("rate_limited", path="/sns/")
    sandbox.fault("errcode", path="/sns/", errcode=40226)

    assert [session(code)["errcode"] for _ in range(3)] == [-1, 45011, 40226]
    assert "openid" in session(code)


def phone(ask, access_token, code):
    query = {"access_token": access_token} if access_token else {}
    return ask("POST", "/wxa/business/getuserphonenumber", params=query, json={"code": code})
