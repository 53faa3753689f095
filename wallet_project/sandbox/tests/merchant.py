"""A merchant written from the documents alone: signs requests, checks answers, receives callbacks."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TRANSFERS = "/v3/fund-app/mch-transfer/transfer-bills"


class Merchant:
    def __init__(self, base_url: str, credentials: dict[str, str]) -> None:
        self.base_url, self.credentials = base_url, credentials
        self.key = serialization.load_pem_private_key(
            Path(credentials["merchant_private_key"]).read_bytes(), password=None
        )

    def sign(self, message: str) -> str:
        return base64.b64encode(self.key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()

    def authorization(self, method: str, url: str, body: str, **changed: str) -> str:
        timestamp = changed.pop("timestamp", str(int(time.time())))
        nonce = secrets.token_hex(16)
        parts = {
            "mchid": self.credentials["mchid"],
            "nonce_str": nonce,
            "signature": self.sign(f"{method}\n{url}\n{timestamp}\n{nonce}\n{body}\n"),
            "timestamp": timestamp,
            "serial_no": self.credentials["merchant_serial"],
        } | changed
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in parts.items())

    def call(self, method: str, url: str, body: dict | None = None, **given) -> requests.Response:
        text = "" if body is None else json.dumps(body, ensure_ascii=False)
        headers = {
            "Accept": "application/json",
            "User-Agent": "merchant",
            "Wechatpay-Serial": self.credentials["public_key_id"],
            "Authorization": self.authorization(method, url, text),
            "Content-Type": "application/json",
        } | given.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        with requests.Session() as session:
            session.trust_env = False
            session.headers.clear()
            return session.request(
                method,
                self.base_url + url,
                data=text.encode(),
                headers=headers,
                timeout=given.pop("timeout", 10),
            )

    def order(self, **changed) -> dict:
        return {
            "appid": self.credentials["appid"],
            "mchid": self.credentials["mchid"],
            "description": "一杯咖啡",
            "out_trade_no": new_number(),
            "notify_url": "http://127.0.0.1:9/callbacks",
            "amount": {"total": 1_250, "currency": "CNY"},
            "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        } | changed

    def prepay(self, order: dict, **given) -> requests.Response:
        return self.call("POST", "/v3/pay/transactions/jsapi", order, **given)

    def query(self, out_trade_no: str) -> requests.Response:
        mchid = self.credentials["mchid"]
        return self.call("GET", f"/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={mchid}")

    def query_transaction(self, transaction_id: str) -> requests.Response:
        mchid = self.credentials["mchid"]
        return self.call("GET", f"/v3/pay/transactions/id/{transaction_id}?mchid={mchid}")

    def close(self, out_trade_no: str) -> requests.Response:
        body = {"mchid": self.credentials["mchid"]}
        return self.call("POST", f"/v3/pay/transactions/out-trade-no/{out_trade_no}/close", body)

    def refund(self, **asked) -> requests.Response:
        return self.call("POST", "/v3/refund/domestic/refunds", asked)

    def query_refund(self, out_refund_no: str) -> requests.Response:
        return self.call("GET", f"/v3/refund/domestic/refunds/{out_refund_no}")

    def help_refund(self, refund_id: str, **asked) -> requests.Response:
        return self.call("POST", f"/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund", asked)

    def transfer_order(self, **changed) -> dict:
        return {
            "appid": self.credentials["appid"],
            "out_bill_no": new_number(),
            "transfer_scene_id": "1000",
            "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
            "transfer_amount": 1_000,
            "transfer_remark": "钱包提现",
            "notify_url": "http://127.0.0.1:9/callbacks",
            "transfer_scene_report_infos": [
                {"info_type": "活动名称", "info_content": "余额提现"},
                {"info_type": "奖励说明", "info_content": "本人余额"},
            ],
        } | changed

    def transfer(self, asked: dict, **given) -> requests.Response:
        return self.call("POST", TRANSFERS, asked, **given)

    def query_transfer(self, out_bill_no: str) -> requests.Response:
        return self.call("GET", f"{TRANSFERS}/out-bill-no/{out_bill_no}")

    def cancel_transfer(self, out_bill_no: str, body: dict | None = None) -> requests.Response:
        return self.call("POST", f"{TRANSFERS}/out-bill-no/{out_bill_no}/cancel", body)

    def seal(self, text: str) -> str:
        """A sensitive field, for WeChat's eyes only."""
        key = serialization.load_pem_public_key(Path(self.credentials["public_key"]).read_bytes())
        sha1 = hashes.SHA1()  # noqa: S303  the published format
        sealed = key.encrypt(text.encode(), padding.OAEP(padding.MGF1(sha1), sha1, None))
        return base64.b64encode(sealed).decode()

    def unseal(self, sealed: str) -> str:
        """A sensitive field of an answer, for our eyes only."""
        sha1 = hashes.SHA1()  # noqa: S303  the published format
        return self.key.decrypt(
            base64.b64decode(sealed), padding.OAEP(padding.MGF1(sha1), sha1, None)
        ).decode()

    def pay_sign(self, prepay_id: str) -> dict:
        """The parameters of wx.requestPayment."""
        timestamp, nonce, package = str(int(time.time())), secrets.token_hex(16), f"prepay_id={prepay_id}"
        message = f"{self.credentials['appid']}\n{timestamp}\n{nonce}\n{package}\n"
        return {
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self.sign(message),
        }

    def trusts(self, headers, body: bytes) -> bool:
        """Whether WeChat said this, by the key that the headers name."""
        serial = headers["Wechatpay-Serial"]
        certificate = Path(self.credentials["platform_certs_dir"]) / f"{serial}.pem"
        if serial == self.credentials["public_key_id"]:
            key = serialization.load_pem_public_key(Path(self.credentials["public_key"]).read_bytes())
        elif certificate.exists():
            key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
        else:
            return False
        message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
        try:
            signature = base64.b64decode(headers["Wechatpay-Signature"], validate=True)
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def open(self, resource: dict) -> bytes:
        """The plaintext of an encrypted resource."""
        return AESGCM(self.credentials["apiv3_key"].encode()).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"]),
            resource["associated_data"].encode(),
        )


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)


class Receiver:
    """Where callbacks arrive. It answers what `answers` says, one by one, and 204 when the list is over."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int] = []
        self.slowness = 0.0
        self.url = ""

    def wait_for(self, number: int, *, seconds: float = 8) -> list[Received]:
        deadline = time.monotonic() + seconds
        while len(self.received) < number and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.received) >= number, f"{len(self.received)} of {number} callbacks came"
        return self.received


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received(headers=dict(self.headers), body=body))
            time.sleep(receiver.slowness)
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/callbacks"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def new_number() -> str:
    return f"T{secrets.token_hex(12)}"
