"""
The two suites of algorithms that a merchant may choose from (FIELD_CIPHER).

`aes-256-gcm` with HMAC-SHA-256 is the default; `sm4-gcm` with HMAC-SM3 is the national one (GB/T 32907,
GB/T 32905). What is stored begins with its suite's mark, so both are read, whichever is written.
"""

import hashlib
import hmac
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG = 16  # bytes of authentication at the end of every ciphertext


class Suite(Protocol):
    """Keys are 32 bytes, nonces 12. `decrypt` raises InvalidTag for whatever was not encrypted just so."""

    mark: bytes

    def encrypt(self, *, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes: ...

    def decrypt(self, *, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes: ...

    def digest(self, *, key: bytes, message: bytes) -> bytes: ...


class _Aes:
    mark = b"\x01"

    def encrypt(self, *, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, plain, bound_to)

    def decrypt(self, *, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, sealed, bound_to)

    def digest(self, *, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, hashlib.sha256)


class _ShangMi:
    """SM4's keys have 128 bits: each use derives its own from the key it is given."""

    mark = b"\x02"

    def encrypt(self, *, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(_derive(key)), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, *, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        mode = modes.GCM(nonce, sealed[-TAG:])
        decryptor = Cipher(algorithms.SM4(_derive(key)), mode).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(sealed[:-TAG]) + decryptor.finalize()

    def digest(self, *, key: bytes, message: bytes) -> bytes:
        keyed = HMAC(key, hashes.SM3())
        keyed.update(message)
        return keyed.finalize()


def _derive(key: bytes) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=b"wallet field sm4-gcm").derive(key)


AES, SHANG_MI = _Aes(), _ShangMi()
SUITES: dict[str, Suite] = {"aes-256-gcm": AES, "sm4-gcm": SHANG_MI}
BY_MARK = {suite.mark: suite for suite in SUITES.values()}
