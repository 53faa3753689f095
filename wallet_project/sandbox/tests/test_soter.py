"""Fingerprints: signed by a key of this person and phone, verified for real."""

import pytest
import requests


@pytest.fixture
def verify(sandbox):
    wish = {
        "grant_type": "client_credential",
        "appid": sandbox.credentials["appid"],
        "secret": sandbox.credentials["app_secret"],
    }
    asked = requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=wish, timeout=5)
    token = asked.json()["access_token"]

    def verify(openid, result, **changed):
        body = {
            "openid": openid,
            "json_string": result["resultJSON"],
            "json_signature": result["resultJSONSignature"],
        } | changed
        address = f"{sandbox.base_url}/cgi-bin/soter/verify_signature"
        return requests.post(address, params={"access_token": token}, json=body, timeout=5).json()

    return verify


def test_what_the_phone_signed_is_genuine(sandbox, verify):
    result = sandbox.soter("oAlice", "phone-1", "a-challenge")

    assert verify("oAlice", result) == {"errcode": 0, "errmsg": "ok", "is_ok": True}
    assert '"raw":"a-challenge"' in result["resultJSON"]


def test_what_was_altered_or_forged_or_of_somebody_else_is_not(sandbox, verify):
    sandbox.soter("oBob", "phone-2", "x")
    result = sandbox.soter("oAlice", "phone-1", "a-challenge")
    altered = result["resultJSON"].replace("a-challenge", "b-challenge")

    assert verify("oAlice", result, json_string=altered)["is_ok"] is False
    assert verify("oAlice", result, json_signature="bm9uZQ==")["is_ok"] is False
    assert verify("oBob", result)["is_ok"] is False
    assert verify("oAlice", sandbox.soter("oAlice", "phone-1", "c", forged=True))["is_ok"] is False


def test_the_counter_of_a_phone_rises(sandbox):
    counts = [sandbox.soter("oCarol", "phone-3", "x")["resultJSON"] for _ in range(2)]

    assert '"counter":1' in counts[0]
    assert '"counter":2' in counts[1]


def test_a_bad_question_is_refused(verify):
    result = {"resultJSON": "", "resultJSONSignature": ""}

    assert verify("oAlice", result)["errcode"] == 47001
