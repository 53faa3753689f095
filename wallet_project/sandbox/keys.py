"""
Throw-away identities: the merchant's key, WeChat's public key, and platform certificates that rotate.

Everything lives in files under SANDBOX_DIR. What a merchant may hold is listed in `credentials.json`;
WeChat's private halves stay in `wechat_private/`.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from wallet_project.sandbox.signing import random_text

KeyMode = Literal["public_key", "certificate", "mixed"]
FIVE_YEARS = timedelta(days=5 * 365)


@dataclass(frozen=True, kw_only=True)
class Signer:
    """One of WeChat's signing keys, by the name it goes by in `Wechatpay-Serial`."""

    serial: str
    key: rsa.RSAPrivateKey


class Keyring:
    """
    The keys of one sandbox, read from its folder.

    `mode` says what signs callbacks and the answers to requests that name no key: WeChat's public key,
    the newest platform certificate, or every key in turn, as during a switch (doc 4012925289).
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.mode: KeyMode = "public_key"
        self._turn = count()
        self.reload()

    def reload(self) -> None:
        self.credentials = json.loads((self.directory / "credentials.json").read_text())
        private = self.directory / "wechat_private"
        public_key_id = self.credentials["public_key_id"]
        newest = self.credentials["platform_serial"]
        platform = sorted(path.stem for path in (private / "platform").glob("*.pem") if path.stem != newest)
        self.signers = {
            public_key_id: Signer(serial=public_key_id, key=_read_private(private / "public_key.pem")),
            newest: Signer(serial=newest, key=_read_private(private / "platform" / f"{newest}.pem")),
        }
        for serial in platform:
            key = _read_private(private / "platform" / f"{serial}.pem")
            self.signers[serial] = Signer(serial=serial, key=key)

    @property
    def appid(self) -> str:
        return self.credentials["appid"]

    @property
    def mchid(self) -> str:
        return self.credentials["mchid"]

    @property
    def apiv3_key(self) -> str:
        return self.credentials["apiv3_key"]

    @cached_property
    def merchant_public_key(self) -> rsa.RSAPublicKey:
        return _read_private(Path(self.credentials["merchant_private_key"])).public_key()

    def certificates(self) -> list[x509.Certificate]:
        """The platform certificates a merchant may download, newest first."""
        paths = Path(self.credentials["platform_certs_dir"]).glob("*.pem")
        certificates = [x509.load_pem_x509_certificate(path.read_bytes()) for path in paths]
        return sorted(certificates, key=lambda one: one.not_valid_before_utc, reverse=True)

    def signer(self) -> Signer:
        """Who signs now, when nobody asked for a particular key."""
        if self.mode == "public_key":
            return self.signers[self.credentials["public_key_id"]]
        if self.mode == "certificate":
            return self.signers[self.credentials["platform_serial"]]
        everyone = list(self.signers.values())
        return everyone[next(self._turn) % len(everyone)]

    def rotate(self) -> str:
        """A new platform certificate becomes the newest; the older ones stay valid. Returns its serial."""
        serial, certificate_path = _new_platform_certificate(self.directory)
        _write_credentials(
            self.directory,
            self.credentials | {"platform_serial": serial, "platform_cert": str(certificate_path)},
        )
        self.reload()
        return serial


def prepare_keys(directory: Path) -> None:
    """Make the identities of a new sandbox; an existing one keeps its own."""
    if (known := directory / "credentials.json").exists():
        credentials = json.loads(known.read_text())
        if "push_token" not in credentials:  # made before messages were pushed
            _write_credentials(directory, credentials | _push_secrets())
        return
    merchant = directory / "merchant"
    wechat = directory / "wechat"
    private = directory / "wechat_private"
    for folder in (merchant, wechat / "platform", private / "platform"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    mchid = "16" + "".join(secrets.choice("0123456789") for _ in range(8))
    merchant_key = _new_key()
    merchant_certificate = _certify(merchant_key, name=f"sandbox merchant {mchid}")
    _write(merchant / "apiclient_key.pem", _private_pem(merchant_key))
    _write(merchant / "apiclient_cert.pem", merchant_certificate.public_bytes(Encoding.PEM))

    public_key = _new_key()
    _write(private / "public_key.pem", _private_pem(public_key))
    _write(
        wechat / "pub_key.pem",
        public_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )
    platform_serial, platform_path = _new_platform_certificate(directory)
    _write_credentials(
        directory,
        {
            "appid": "wx" + secrets.token_hex(8),
            "app_secret": secrets.token_hex(16),
            "mchid": mchid,
            "merchant_serial": serial_of(merchant_certificate),
            "merchant_private_key": str(merchant / "apiclient_key.pem"),
            "apiv3_key": random_text(32),
            **_push_secrets(),
            "public_key_id": "PUB_KEY_ID_01" + "".join(secrets.choice("0123456789") for _ in range(26)),
            "public_key": str(wechat / "pub_key.pem"),
            "platform_serial": platform_serial,
            "platform_cert": str(platform_path),
            "platform_certs_dir": str(wechat / "platform"),
        },
    )


def _push_secrets() -> dict[str, str]:
    """Of the message push: a token, and an EncodingAESKey, which is 32 bytes without their last `=`."""
    key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return {"push_token": random_text(24), "push_aes_key": key}


def serial_of(certificate: x509.Certificate) -> str:
    """As WeChat writes it: forty upper-case hexadecimal digits, leading zeros kept."""
    return f"{certificate.serial_number:040X}"


def _new_platform_certificate(directory: Path) -> tuple[str, Path]:
    key = _new_key()
    certificate = _certify(key, name="sandbox platform certificate")
    serial = serial_of(certificate)
    path = directory / "wechat" / "platform" / f"{serial}.pem"
    _write(directory / "wechat_private" / "platform" / f"{serial}.pem", _private_pem(key))
    _write(path, certificate.public_bytes(Encoding.PEM))
    return serial, path


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certify(key: rsa.RSAPrivateKey, *, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + FIVE_YEARS)
        .sign(key, SHA256())
    )


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_private(path: Path) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is not an RSA key")
    return key


def _write_credentials(directory: Path, credentials: dict[str, str]) -> None:
    _write(directory / "credentials.json", json.dumps(credentials, indent=2).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner only: readers may look while a key rotates."""
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
