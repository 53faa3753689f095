"""Both key modes, rotation, and the self-test of a merchant's cryptography."""

import base64
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from wallet_project.sandbox.tests.merchant import Merchant

# Sensitive fields use SHA-1 in both places of OAEP: the published format, not a choice.
FIELD = OAEP(mgf=MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303  see above


def test_a_public_key_merchant_has_no_certificates(merchant):
    refused = merchant.call("GET", "/v3/certificates")

    assert (refused.status_code, refused.json()["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_certificates_are_sealed_with_the_apiv3_key(merchant, sandbox):
    sandbox.use_keys("certificate")

    listed = merchant.call("GET", "/v3/certificates", headers={"Wechatpay-Serial": None})

    newest = listed.json()["data"][0]
    certificate = x509.load_pem_x509_certificate(merchant.open(newest["encrypt_certificate"]))
    assert listed.headers["Wechatpay-Serial"] == newest["serial_no"] == f"{certificate.serial_number:040X}"
    assert merchant.trusts(listed.headers, listed.content)


def test_a_rotated_certificate_signs_and_the_old_one_stays_valid(merchant, sandbox):
    sandbox.use_keys("certificate")
    old = sandbox.credentials["platform_serial"]

    sandbox.rotate_keys()

    new = sandbox.credentials["platform_serial"]
    informed = Merchant(sandbox.base_url, sandbox.credentials)
    unasked = informed.prepay(merchant.order(), headers={"Wechatpay-Serial": None})
    by_old = informed.prepay(merchant.order(), headers={"Wechatpay-Serial": old})
    listed = informed.call("GET", "/v3/certificates").json()["data"]
    assert new != old
    assert (unasked.headers["Wechatpay-Serial"], by_old.headers["Wechatpay-Serial"]) == (new, old)
    assert informed.trusts(unasked.headers, unasked.content)
    assert informed.trusts(by_old.headers, by_old.content)
    assert {new, old} <= {one["serial_no"] for one in listed}


def test_during_a_switch_callbacks_carry_either_serial(merchant, sandbox, receiver):
    sandbox.use_keys("mixed")

    for _ in range(len(sandbox.use_keys("mixed")["serials"])):
        prepay_id = merchant.prepay(merchant.order(notify_url=receiver.url)).json()["prepay_id"]
        sandbox.confirm(prepay_id)
    notices = receiver.wait_for(2)
    sandbox.wait_for_notices()

    serials = {notice.headers["Wechatpay-Serial"] for notice in notices}
    assert len(serials) > 1
    assert all(merchant.trusts(notice.headers, notice.body) for notice in notices)


@pytest.mark.parametrize("named", ["public_key_id", "platform_serial"])
def test_an_echo_comes_back_encrypted_for_the_merchant(merchant, sandbox, receiver, named):
    credentials = sandbox.credentials
    keys = {
        "public_key_id": load_pem_public_key(Path(credentials["public_key"]).read_bytes()),
        "platform_serial": platform_key(credentials),
    }
    body = {
        "echo_message": "你好",
        "encrypted_echo_message": base64.b64encode(keys[named].encrypt("秘密".encode(), FIELD)).decode(),
        "notify_url": receiver.url,
    }

    said = merchant.call("POST", "/v3/security/echo", body, headers={"Wechatpay-Serial": credentials[named]})
    receiver.wait_for(1)

    assert said.json()["echo_message"] == "你好"
    returned = base64.b64decode(said.json()["encrypted_echo_message"])
    assert merchant.key.decrypt(returned, FIELD).decode() == "秘密"
    assert sandbox.wait_for_notices()[0]["event_type"] == "SECURITY_ECHO.SUCCESS"


def test_a_field_encrypted_for_another_key_is_refused(merchant, sandbox):
    key = platform_key(sandbox.credentials)
    body = {
        "echo_message": "x",
        "encrypted_echo_message": base64.b64encode(key.encrypt(b"x", FIELD)).decode(),
    }

    refused = merchant.call("POST", "/v3/security/echo", body)

    assert (refused.status_code, refused.json()["code"]) == (400, "PARAM_ERROR")


def platform_key(credentials):
    return x509.load_pem_x509_certificate(Path(credentials["platform_cert"]).read_bytes()).public_key()
