"""The registry of persons: signed questions only, and the answers that were agreed on."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

import pytest
import requests

NUMBER = "11010519491231002X"


def ask(sandbox, action, body, **changed):
    """A request as the documents (签名方法 v3) tell a merchant to sign it."""
    known = sandbox.credentials
    host = sandbox.base_url.removeprefix("http://")
    payload = json.dumps(body)
    at = changed.get("at", time.time())
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    kind = "application/json"
    canonical = (
        f"POST\n/\n\ncontent-type:{kind}\nhost:{host}\n\ncontent-type;host\n"
        + hashlib.sha256(payload.encode()).hexdigest()
    )
    scope = f"{day}/faceid/tc3_request"
    text = f"TC3-HMAC-SHA256\n{int(at)}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("TC3" + changed.get("secret", known["app_secret"])).encode()
    for part in (day, "faceid", "tc3_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    headers = {
        "Content-Type": kind,
        "X-TC-Action": action,
        "X-TC-Version": "2018-03-01",
        "X-TC-Timestamp": str(int(at)),
        "Authorization": (
            f"TC3-HMAC-SHA256 Credential={known['appid']}/{scope}, SignedHeaders=content-type;host, "
            f"Signature={signature}"
        ),
    }
    sent = changed.get("payload", payload)
    answer = requests.post(f"{sandbox.base_url}/faceid/", data=sent, headers=headers, timeout=10)
    assert answer.status_code == 200
    return answer.json()["Response"]


def person(**changed):
    return {"Name": "张伟", "IdCard": NUMBER, "Phone": "13800138000", **changed}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": "x"}, "AuthFailure.SignatureFailure"),
        ({"at": time.time() - 400}, "AuthFailure.SignatureExpire"),
        ({"payload": json.dumps(person(Name="李娜"))}, "AuthFailure.SignatureFailure"),
    ],
)
def test_a_question_that_is_not_signed_as_it_is_gets_no_answer(sandbox, changed, code):
    before = len(sandbox.registry_questions(NUMBER))

    assert ask(sandbox, "PhoneVerification", person(), **changed)["Error"]["Code"] == code

    assert len(sandbox.registry_questions(NUMBER)) == before


def test_everybody_matches_unless_told_otherwise(sandbox):
    assert ask(sandbox, "PhoneVerification", person())["Result"] == "0"

    for word, three, two in (("MISMATCH", "-4", "-1"), ("NO_RECORD", "-9", "-5"), ("BUSY", "-11", "-4")):
        sandbox.register(NUMBER, word)
        assert ask(sandbox, "PhoneVerification", person())["Result"] == three
        assert ask(sandbox, "IdCardVerification", person())["Result"] == two
    assert sandbox.registry_questions(NUMBER)[0]["action"] == "IdCardVerification"
    sandbox.register(NUMBER, "MATCH")


@pytest.mark.parametrize(
    ("changed", "code"), [({"Phone": "10086"}, "-6"), ({"IdCard": "110105194912310021"}, "-7")]
)
def test_what_cannot_exist_is_said_to_be_wrong(sandbox, changed, code):
    assert ask(sandbox, "PhoneVerification", person(**changed))["Result"] == code


def test_what_is_missing_or_unknown_is_an_error(sandbox):
    assert ask(sandbox, "PhoneVerification", {"Name": "张伟"})["Error"]["Code"] == "MissingParameter"
    assert ask(sandbox, "BankCardVerification", person())["Error"]["Code"] == "InvalidAction"


def test_a_face_is_shown_once(sandbox):
    token = ask(sandbox, "DetectAuth", {"RuleId": "1", "Name": "张伟", "IdCard": NUMBER})["BizToken"]
    wish = {"BizToken": token, "RuleId": "1"}
    assert ask(sandbox, "GetDetectInfoEnhanced", wish)["Text"]["ErrCode"] is None

    sandbox.show_face(token, "PASS")

    assert ask(sandbox, "GetDetectInfoEnhanced", wish)["Text"]["ErrCode"] == 0
    with pytest.raises(Exception, match="404"):
        sandbox.show_face(token, "FAIL")
