"""WeChat's side of the wire, made by hand: keys, signatures and seals that share no code with ours."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from wallet_project.sandbox.signing import answer_message, random_text, seal, sign

PUBLIC_KEY_ID = "PUB_KEY_ID_0100000000000000000000000001"
APIV3_KEY = "k" * 32


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certify(key, *, begins=None, ends=None):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform certificate")])
    now = datetime.now(tz=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now - timedelta(days=1))
        .not_valid_after(ends or now + timedelta(days=1))
        .sign(key, SHA256())
    )


def serial_of(certificate):
    return f"{certificate.serial_number:040X}"


class Platform:
    """Holds WeChat's private halves; the folder holds what a merchant has."""

    def __init__(self, folder: Path) -> None:
        self.public_key, self.certified_key, self.merchant_key = new_key(), new_key(), new_key()
        self.certificate = certify(self.certified_key)
        self.certs = folder / "platform"
        self.certs.mkdir()
        self.put(self.certificate)
        merchant_pem = self.merchant_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "merchant.pem").write_bytes(merchant_pem)
        public_pem = self.public_key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        (folder / "public.pem").write_bytes(public_pem)
        self.settings = {
            "appid": "wx2421b1c4370ec43b",
            "app_secret": "s" * 32,
            "mchid": "1900007291",
            "merchant_serial": "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB",
            "merchant_private_key": folder / "merchant.pem",
            "apiv3_key": APIV3_KEY,
            "apiv3_other_key": "",
            "public_key_id": PUBLIC_KEY_ID,
            "public_key": folder / "public.pem",
            "platform_certs": self.certs,
            "pay_url": "http://127.0.0.1:9",
            "api_url": "http://127.0.0.1:9",
        }

    def put(self, certificate) -> None:
        path = self.certs / f"{serial_of(certificate)}.pem"
        path.write_bytes(certificate.public_bytes(Encoding.PEM))

    def headers(self, body: bytes, *, key=None, serial=PUBLIC_KEY_ID, at=None) -> dict[str, str]:
        timestamp, nonce = str(int((at or datetime.now(tz=UTC)).timestamp())), random_text(32)
        message = answer_message(timestamp=timestamp, nonce=nonce, body=body)
        return {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": sign(key=key or self.public_key, message=message),
            "Wechatpay-Serial": serial,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }


def envelope(plaintext: str, *, original_type="transaction", apiv3_key=APIV3_KEY, **changes) -> bytes:
    """A callback's body; `changes` bend what it says about its resource."""
    nonce = random_text(12)
    resource = {
        "original_type": original_type,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": seal(
            key=apiv3_key, nonce=nonce, associated_data=original_type, plaintext=plaintext.encode()
        ),
        "associated_data": original_type,
        "nonce": nonce,
    }
    notice = {
        "id": f"EV-{secrets.token_hex(8)}",
        "create_time": "2026-11-21T20:15:30+08:00",
        "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS",
        "summary": "支付成功",
        "resource": resource | changes,
    }
    return json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode()


TRANSACTION = {
    "mchid": "1900007291",
    "appid": "wx2421b1c4370ec43b",
    "out_trade_no": "P2611212015301237Q4K0M2Z9XWDF",
    "transaction_id": "4200000263201902167700134212",
    "trade_type": "JSAPI",
    "trade_state": "SUCCESS",
    "trade_state_desc": "支付成功",
    "bank_type": "OTHERS",
    "attach": "",
    "success_time": "2026-11-21T20:15:30+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "amount": {"total": 100, "payer_total": 90, "currency": "CNY", "payer_currency": "CNY"},
}
REFUND = {
    "mchid": "1900007291",
    "transaction_id": "4200000263201902167700134212",
    "out_trade_no": "P2611212015301237Q4K0M2Z9XWDF",
    "refund_id": "50001307732021032607480019805",
    "out_refund_no": "R2611212015301237Q4K0M2Z9XWDF",
    "refund_status": "SUCCESS",
    "success_time": "2026-11-21T20:15:30+08:00",
    "user_received_account": "支付用户零钱",
    "amount": {"total": 100, "refund": 30, "payer_total": 90, "payer_refund": 27},
}


def proven(platform: Platform, content, status=200) -> tuple[int, dict[str, str], bytes]:
    """An answer that WeChat signed."""
    body = b"" if content is None else json.dumps(content).encode()
    return status, platform.headers(body), body


@dataclass
class Stranger:
    """A server that says what it is told, and remembers what it was asked."""

    url: str = ""
    answers: list = field(default_factory=list)  # (status, headers, body); the last one is repeated
    asked: list = field(default_factory=list)  # (path, headers, body)


@contextmanager
def running_stranger() -> Iterator[Stranger]:
    stranger = Stranger()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stranger.asked.append((self.path, dict(self.headers), body))
            status, headers, body = (
                stranger.answers.pop(0) if len(stranger.answers) > 1 else stranger.answers[0]
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name is the library's

        def log_message(self, *_args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_about: None  # we hang up on endless answers
    stranger.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stranger
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
