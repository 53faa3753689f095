"""Platform certificates, and the official self-test of a merchant's cryptography."""

import secrets

from cryptography.hazmat.primitives.serialization import Encoding

from wallet_project.sandbox.checks import Shape, Text, check_body, notify_url
from wallet_project.sandbox.clock import rfc3339
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.keys import serial_of
from wallet_project.sandbox.notices import Event, announce
from wallet_project.sandbox.signing import decrypt_field, encrypt_field, seal
from wallet_project.sandbox.v3 import Call, ParamError, V3Error

ECHO: Shape = {
    "notify_url": notify_url(longest=255, required=False),
    "echo_message": Text(longest=512, required=True),
    "encrypted_echo_message": Text(longest=1024),
}


def certificates(call: Call) -> dict:
    """GET /v3/certificates: every valid platform certificate, encrypted with the APIv3 key."""
    if call.query.get("algorithm_type", "RSA") not in {"RSA", "ALL"}:
        raise ParamError("algorithm_type不支持")
    if keyring.mode == "public_key":
        raise V3Error(
            404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。"
        )
    listed = []
    for certificate in keyring.certificates():
        nonce = secrets.token_hex(6)
        listed.append(
            {
                "serial_no": serial_of(certificate),
                "effective_time": rfc3339(certificate.not_valid_before_utc),
                "expire_time": rfc3339(certificate.not_valid_after_utc),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "nonce": nonce,
                    "associated_data": "certificate",
                    "ciphertext": seal(
                        key=keyring.apiv3_key,
                        nonce=nonce,
                        associated_data="certificate",
                        plaintext=certificate.public_bytes(Encoding.PEM),
                    ),
                },
            }
        )
    return {"data": listed}


def echo(call: Call) -> dict:
    """
    POST /v3/security/echo (doc 4014551946): the message again; an encrypted one encrypted for the merchant.

    It must have been encrypted with the key that `Wechatpay-Serial` names.
    """
    check_body(call.body, ECHO)
    said = {"echo_message": call.body["echo_message"]}
    if encrypted := call.body.get("encrypted_echo_message"):
        try:
            plaintext = decrypt_field(key=keyring.signers[call.wechatpay_serial].key, ciphertext=encrypted)
        except ValueError as error:
            raise ParamError("平台证书序列号Wechatpay-Serial错误") from error
        said["encrypted_echo_message"] = encrypt_field(key=keyring.merchant_public_key, plaintext=plaintext)
    if url := call.body.get("notify_url"):
        announce(Event.SECURITY_ECHO, resource={"mchid": call.mchid, **said}, notify_url=url)
    return said
