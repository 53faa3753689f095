"""Sign, verify, decrypt: bytes in, bytes out. No settings, no clock, no network."""

import base64
import secrets
import string

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

_NONCE_ALPHABET = string.ascii_uppercase + string.digits
# WeChat's choice, not ours: SHA-1 in both places (doc 4013053257).
_FIELD_PADDING = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - see above


def new_nonce() -> str:
    return "".join(secrets.choice(_NONCE_ALPHABET) for _ in range(32))


def request_message(*, method: str, url: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What we sign for a request; `url` is path and query exactly as sent (WeChat Pay v3 doc 4012365336)."""
    return f"{method}\n{url}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def answer_message(*, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What WeChat signs for an answer or a callback; `body` as it came over the wire (doc 4013053249)."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def pay_message(*, appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What we sign for `wx.requestPayment` (doc 4012365341)."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def sign(message: bytes, *, key: RSAPrivateKey) -> str:
    """SHA256 with RSA (PKCS#1 v1.5), in base64 on one line."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(message: bytes, *, signature: str, key: RSAPublicKey) -> bool:
    """Whether the holder of `key` signed exactly these bytes."""
    try:
        key.verify(strict_base64(signature), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def open_resource(*, key: bytes, nonce: str, associated_data: str, ciphertext: str) -> bytes:
    """
    Open an AEAD_AES_256_GCM resource: base64 of ciphertext and 16-byte tag (doc 4012791861).

    :raises ValueError: another key, nonce or associated data, a cut tag, or anything but 256 bits of key
    """
    if len(key) != 32:
        raise ValueError("the APIv3 key is 32 bytes")  # AESGCM would take 16, and then AES-128
    if len(nonce.encode()) != 12:
        raise ValueError("the nonce is 12 bytes")
    try:
        return AESGCM(key).decrypt(nonce.encode(), strict_base64(ciphertext), associated_data.encode())
    except InvalidTag:
        raise ValueError("sealed with another key, or changed on the way") from None


def encrypt_field(text: str, *, key: RSAPublicKey) -> str:
    """
    A sensitive field of a request, for the platform key that its `Wechatpay-Serial` names.

    :raises ValueError: longer than 214 bytes
    """
    return base64.b64encode(key.encrypt(text.encode(), _FIELD_PADDING)).decode()


def decrypt_field(text: str, *, key: RSAPrivateKey) -> str:
    """
    A sensitive field of an answer, encrypted for our merchant certificate.

    :raises ValueError: encrypted for another key
    """
    return key.decrypt(strict_base64(text), _FIELD_PADDING).decode()


def strict_base64(text: str) -> bytes:
    """
    Only the one spelling that encoding gives back.

    :raises ValueError: stray characters, missing padding, or spare bits that are not zero
    """
    decoded = base64.b64decode(text, validate=True)
    if base64.b64encode(decoded).decode() != text:
        raise ValueError("not canonical base64")
    return decoded
