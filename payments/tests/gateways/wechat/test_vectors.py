"""WeChat's own published examples, byte for byte."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from payments.gateways.wechat.signing import answer_message, is_signed, pay_message, request_message, sign

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["vectors"]
}


def private_key(vector):
    return load_pem_private_key(vector["private_key_pem"].encode(), password=None)


def test_a_request_is_signed_as_in_the_documents():
    vector = VECTORS["v3-request-sign-jsapi-post"]

    message = request_message(
        method=vector["method"],
        url=vector["canonical_url"],
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
        body=vector["body"].encode(),
    )

    assert message == vector["message"].encode()
    assert sign(message, key=private_key(vector)) == vector["signature"]


def test_the_mini_program_pays_with_the_sign_of_the_documents():
    vector = VECTORS["v3-paysign-jsapi-miniprogram"]

    message = pay_message(
        appid=vector["appid"],
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
        package=vector["package"],
    )

    assert message == vector["message"].encode()
    assert sign(message, key=private_key(vector)) == vector["signature"]


def test_the_sign_of_an_app_is_another_one():
    ours, app = VECTORS["v3-paysign-jsapi-miniprogram"], VECTORS["v3-paysign-app-contrast"]

    message = pay_message(
        appid=app["appid"], timestamp=app["timestamp"], nonce=app["nonce"], package=app["prepay_id"]
    )

    assert message == app["message"].encode()
    assert sign(message, key=private_key(app)) == app["signature"] != ours["signature"]


@pytest.mark.parametrize(
    ("name", "proven"),
    [
        ("v3-response-verify", True),
        ("v3-response-verify-neg-bitflip", False),
        ("v3-response-verify-neg-signtest", False),
    ],
)
def test_an_answer_is_proven_by_its_signature_alone(name, proven):
    vector = VECTORS[name]
    key = load_pem_public_key(vector["public_key_pem"].encode())

    message = answer_message(
        timestamp=vector["timestamp"], nonce=vector["nonce"], body=vector["body"].encode()
    )

    assert message == vector["message"].encode()
    assert is_signed(message, signature=vector["signature"], key=key) is proven


@pytest.mark.parametrize(
    "spelling",
    [
        lambda good: good.rstrip("="),
        lambda good: good + "=",
        lambda good: good[:10] + "\n" + good[10:],
        lambda good: " " + good,
        lambda good: good.replace("+", "-").replace("/", "_"),
        lambda good: good[:-3] + chr(ord(good[-3]) + 1) + "==",  # the same bytes, with spare bits set
        lambda _good: "签名",
        lambda _good: "",
    ],
)
def test_only_one_spelling_of_a_signature_counts(spelling):
    vector = VECTORS["v3-response-verify"]
    key = load_pem_public_key(vector["public_key_pem"].encode())
    good = base64.b64encode(base64.b64decode(vector["signature"])).decode()

    bent = spelling(good)

    assert is_signed(vector["message"].encode(), signature=good, key=key)
    assert not is_signed(vector["message"].encode(), signature=bent, key=key)
