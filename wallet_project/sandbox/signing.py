"""The sandbox's own signatures and ciphers, so that it can disagree with ours. Bytes in, text out."""

import base64
import binascii
import secrets
import string

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

ALPHANUMERIC = string.ascii_letters + string.digits
# Sensitive fields use SHA-1 in both places of OAEP: the published format, not a choice.
FIELD_PADDING = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)  # noqa: S303  see above


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHANUMERIC) for _ in range(length))


def request_message(*, method: str, url: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What a merchant signs for a request (WeChat Pay v3 doc 4012365336)."""
    return f"{method}\n{url}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def answer_message(*, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What WeChat signs for an answer or a callback (doc 4013053249); the body is empty for a 204."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def pay_message(*, appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What a merchant signs for `wx.requestPayment` (doc 4012365341)."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def sign(*, key: RSAPrivateKey, message: bytes) -> str:
    """SHA256 with RSA (PKCS#1 v1.5), base64 on one line."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(*, key: RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def seal(*, key: str, nonce: str, associated_data: str, plaintext: bytes) -> str:
    """AES-256-GCM as in callbacks and /v3/certificates: base64 of ciphertext and tag."""
    return base64.b64encode(
        AESGCM(key.encode()).encrypt(nonce.encode(), plaintext, associated_data.encode())
    ).decode()


def encrypt_field(*, key: RSAPublicKey, plaintext: bytes) -> str:
    return base64.b64encode(key.encrypt(plaintext, FIELD_PADDING)).decode()


def decrypt_field(*, key: RSAPrivateKey, ciphertext: str) -> bytes:
    """:raises ValueError: it was not encrypted for this key"""
    return key.decrypt(base64.b64decode(ciphertext, validate=True), FIELD_PADDING)
