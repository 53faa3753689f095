"""A merchant of the biller platform, written from docs/biller_api.md alone."""

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlsplit

import requests

from wallet_project.sandbox.testing import LocalSandbox

CREDIT_CARD = "6225750000000006"


class BillerMerchant:
    def __init__(self, sandbox: LocalSandbox) -> None:
        self.base_url = sandbox.base_url
        self.key_id, self.secret = sandbox.credentials["appid"], sandbox.credentials["app_secret"]

    def mac(self, *lines: str, body: bytes) -> str:
        text = "".join(f"{line}\n" for line in lines).encode() + body + b"\n"
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()

    def call(self, method: str, path: str, wish: dict | None = None, **changed: str) -> requests.Response:
        """A signed request; `changed` replaces timestamp and nonce before signing, the signature after."""
        body = b"" if wish is None else json.dumps(wish, ensure_ascii=False).encode()
        timestamp = changed.get("timestamp") or str(int(time.time()))
        nonce = changed.get("nonce") or secrets.token_hex(16)
        target = f"/billers/v1/{path}"
        signature = changed.get("signature") or self.mac(method, target, timestamp, nonce, body=body)
        headers = {
            "Biller-Key": self.key_id,
            "Biller-Timestamp": timestamp,
            "Biller-Nonce": nonce,
            "Biller-Signature": signature,
        }
        answer = requests.request(method, self.base_url + target, data=body, headers=headers, timeout=10)
        self.last_nonce = nonce
        return answer

    def trusts(self, answer: requests.Response) -> bool:
        said = self.mac(
            str(answer.status_code),
            answer.headers.get("Biller-Timestamp", ""),
            self.last_nonce,
            body=answer.content,
        )
        return said == answer.headers.get("Biller-Signature")

    def trusts_callback(self, headers: dict[str, str], body: bytes, url: str) -> bool:
        said = self.mac(
            "POST", urlsplit(url).path, headers["Biller-Timestamp"], headers["Biller-Nonce"], body=body
        )
        return said == headers["Biller-Signature"]

    def bind(self, **changed: str) -> requests.Response:
        wish = {"owner": "u-1", "card_number": CREDIT_CARD, "holder": "张伟"} | changed
        return self.call("POST", "cards", wish)

    def pay(self, **changed) -> requests.Response:
        return self.call("POST", "payments", self.payment(**changed))

    @staticmethod
    def payment(**changed) -> dict:
        return {
            "number": f"B{secrets.token_hex(12)}",
            "biller": "power",
            "account": "30012345",
            "amount": 56_80,
            "notify_url": "http://127.0.0.1:9/callbacks",
        } | changed

    def query(self, number: str) -> requests.Response:
        return self.call("GET", f"payments/{number}")
