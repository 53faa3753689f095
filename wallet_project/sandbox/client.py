"""The small client of the sandbox's control API: whoever holds it is the payer, and WeChat's weather."""

import time
from typing import Any

import requests


class SandboxRefused(Exception):
    """The sandbox said no; `code` and `status` say why (`PAY_SIGN`, `ORDER_PAID`, `ORDER_CLOSED`, …)."""

    def __init__(self, *, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


class Sandbox:
    """Amounts are integer fen. Every method answers the JSON object of the control API."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # it runs on this machine, no proxy is between

    # the mini-program's person

    def login_code(self, openid: str = "") -> dict:
        """`{"code", "openid"}` as `wx.login` would give; without an openid a new person."""
        return self._post("login-codes", {"openid": openid} if openid else {})

    def phone_code(self, phone: str, openid: str = "") -> dict:
        return self._post("phone-codes", {"phone": phone, **({"openid": openid} if openid else {})})

    def risk_rank(self, openid: str, rank: int) -> dict:
        """What WeChat will think of this person, 0 to 4."""
        return self._post("risk-ranks", {"openid": openid, "rank": rank})

    # the phone

    def messages(self, phone: str) -> list[dict]:
        """Text messages that reached a phone, newest first: `template`, `text`, `vendor`."""
        return self._get("sms", {"phone": phone})["items"]

    def sms_code(self, phone: str) -> str:
        """
        The code in the newest text message with one.

        :raises LookupError: no code has reached this phone
        """
        for message in self.messages(phone):
            if message["template"] == "code":
                return message["text"].partition("验证码 ")[2][:6]
        raise LookupError(f"no code has reached {phone}")

    # who people are

    def register(self, id_number: str, answer: str) -> dict:
        """From now on the registry says MATCH, MISMATCH, NO_RECORD or BUSY of this ID number."""
        return self._post("registry", {"id_number": id_number, "answer": answer})

    def registry_questions(self, id_number: str) -> list[dict]:
        """What the registry was asked about somebody, newest first."""
        return self._get("registry", {"id_number": id_number})["items"]

    def show_face(self, token: str, result: str = "PASS") -> dict:
        """What a person does with the token of a face session: PASS or FAIL."""
        return self._post(f"faces/{token}", {"result": result})

    def soter(self, openid: str, device: str, challenge: str, **wish: Any) -> dict:
        """
        `{"resultJSON", "resultJSONSignature"}` of a finger on this phone; wishes: `forged` (another key
        signs), `counter` (what the phone says it has counted to).
        """
        return self._post("soter", {"openid": openid, "device": device, "challenge": challenge, **wish})

    # the payer

    def payments(self, **narrowed: str) -> list[dict]:
        """Orders, newest first; by `state` (NOTPAY, SUCCESS, REFUND, CLOSED) or `out_trade_no`."""
        return self._get("payments", narrowed)["items"]

    def payment(self, out_trade_no: str) -> dict:
        """:raises LookupError: there is no such order"""
        found = self.payments(out_trade_no=out_trade_no)
        if not found:
            raise LookupError(f"WeChat knows no order {out_trade_no}")
        return found[0]

    def confirm(self, prepay_id: str, **wish: Any) -> dict:
        """
        Pay; wishes: `total`, `openid`, `twice`, `late`, `notify`, `pay_sign`.

        :raises SandboxRefused: paid, closed or expired, or the pay_sign is not the merchant's
        """
        return self._post(f"payments/{prepay_id}/confirm", wish)

    def cancel(self, prepay_id: str) -> dict:
        return self._post(f"payments/{prepay_id}/cancel")

    # refunds

    def refunds(self, **narrowed: str) -> list[dict]:
        """Refunds, newest first; by `out_refund_no`."""
        return self._get("refunds", narrowed)["items"]

    def finish_refund(self, out_refund_no: str, status: str = "SUCCESS") -> dict:
        """Bring a refund that stays PROCESSING or ABNORMAL to an end."""
        return self._post(f"refunds/{out_refund_no}/finish", {"status": status})

    # goods, and messages that are pushed

    def shippings(self, transaction_id: str) -> list[dict]:
        """What the merchant has uploaded about a transaction: `told` and how many `times`."""
        return self._get("shippings", {"transaction_id": transaction_id})["items"]

    def push(self, url: str, message: dict | None = None, **wish: Any) -> dict:
        """Send the merchant an encrypted message; wishes: `format`, `echo`, `token`, `timestamp`."""
        return self._post("pushes", {"url": url, "message": message or {}, **wish})

    # subscribe messages

    def choose_template(self, template_id: str, title: str, keywords: dict[str, str], **wish: bool) -> dict:
        """In WeChat's console: another template, or one that is_banned."""
        wishes = {"template_id": template_id, "title": title, "keywords": keywords, **wish}
        return self._post("subscribe-templates", wishes)

    def subscribe(self, openid: str, *template_ids: str, answer: str = "accept") -> dict:
        """What `wx.requestSubscribeMessage` answers when a person accepts or rejects; pushed, too."""
        wish = {"openid": openid, "template_ids": list(template_ids), "answer": answer}
        return self._post("subscriptions", wish)

    def refuse_template(self, openid: str, template_id: str) -> dict:
        """The person refuses it in the settings; pushed, too."""
        return self._post("subscriptions/refuse", {"openid": openid, "template_id": template_id})

    def subscriptions(self, openid: str) -> dict[str, int]:
        """How many messages of each template this person still lets through."""
        return self._get("subscriptions", {"openid": openid})["left"]

    def subscribe_messages(self, openid: str) -> list[dict]:
        """What stands in their 服务通知, newest first: `template_id`, `values`, `page`, `lang`, `msgid`."""
        return self._get("subscribe-messages", {"openid": openid})["items"]

    def push_to(self, url: str) -> dict:
        """Where everything that is pushed goes from now on."""
        return self._post("push-address", {"url": url})

    # merchant transfers

    def transfers(self, **narrowed: str) -> list[dict]:
        """Transfers to people, newest first; by `out_bill_no` or `state`."""
        return self._get("transfers", narrowed)["items"]

    def transfer(self, out_bill_no: str) -> dict:
        """:raises LookupError: there is no such transfer"""
        found = self.transfers(out_bill_no=out_bill_no)
        if not found:
            raise LookupError(f"WeChat knows no transfer {out_bill_no}")
        return found[0]

    def take_transfer(self, package: str, **wish: str) -> dict:
        """
        What a person does in `wx.requestMerchantTransfer`; wishes: `mchId`, `appId`, `openid`.

        :raises SandboxRefused: it is somebody else's, or over
        """
        return self._post("transfers/confirm", {"package": package, **wish})

    def leave_transfer(self, package: str, **wish: str) -> dict:
        """They look at it and go away."""
        return self._post("transfers/deny", {"package": package, **wish})

    def end_transfer(self, out_bill_no: str, state: str = "SUCCESS", reason: str = "") -> dict:
        """Bring one that is stuck to an end, or one that was only accepted to WAIT_USER_CONFIRM."""
        return self._post(f"transfers/{out_bill_no}/end", {"state": state, "reason": reason})

    def wechat_name(self, openid: str, name: str) -> dict:
        """The real name that WeChat knows this person by."""
        return self._post("wechat-names", {"openid": openid, "name": name})

    # complaints

    def complain(self, out_trade_no: str = "", **wish: Any) -> dict:
        """
        The payer of an order complains; wishes: `detail`, `problem_type` (REFUND, SERVICE_NOT_WORK, OTHERS),
        `refund_wanted`, `openid`, `phone`, `urgent`, `images` (base64). Without an order, about no payment.
        """
        return self._post("complaints", {"out_trade_no": out_trade_no, **wish})

    def complaint_goes_on(self, complaint_id: str, deed: str, **wish: Any) -> dict:
        """`continue`, `say`, `escalate`, `withdraw`, `rate`; wishes: `text`, `images`."""
        return self._post(f"complaints/{complaint_id}/{deed}", wish)

    def complaint(self, complaint_id: str) -> dict:
        """:raises LookupError: there is no such complaint"""
        found = self._get("complaints", {"complaint_id": complaint_id})["items"]
        if not found:
            raise LookupError(f"WeChat knows no complaint {complaint_id}")
        return found[0]

    # the biller platform

    def bill_account(self, biller: str, account: str, **owed: Any) -> dict:
        """From now on this account of `power`, `water`, `gas` or `phone` owes `due` until `due_date`."""
        return self._post("bills/accounts", {"biller": biller, "account": account, **owed})

    def bills(self, **narrowed: str) -> list[dict]:
        """Payments of bills, newest first; by `number` or `state`. `unheard`: no query finds it yet."""
        return self._get("bills", narrowed)["items"]

    def bill(self, number: str) -> dict:
        """:raises LookupError: there is no such payment"""
        found = self.bills(number=number)
        if not found:
            raise LookupError(f"the biller platform knows no payment {number}")
        return found[0]

    def end_bill(self, number: str, state: str = "SUCCESS", reason: str = "") -> dict:
        """SUCCESS or FAILED of a payment under way, REVERSED of one that succeeded."""
        return self._post(f"bills/{number}/end", {"state": state, "reason": reason})

    def deliver_bill(self, number: str) -> dict:
        """A payment that was unheard comes in after all."""
        return self._post(f"bills/{number}/deliver")

    def bill_book(self) -> dict:
        """The platform's own book: `paid`, `returned`, `balance`, `under_way`, and `cards` that are bound."""
        return self._get("bills/book", {})

    # callbacks

    def notices(self, **narrowed: str) -> list[dict]:
        """Callbacks, newest first, with every attempt; by `event_type` or `state`."""
        return self._get("notices", narrowed)["items"]

    def misbehave(self, mode: str, **wish: Any) -> dict:
        """The next callback (or `times` of them) is sent wrong: see `scenarios.NOTICE_MODES`."""
        return self._post("notices", {"mode": mode, **wish})

    def behave(self) -> None:
        self._call("DELETE", "notices")

    def resend(self, notice_id: int, **changes: Any) -> dict:
        """Post a callback again, now; changes: `flaw`, `timestamp`, `headers`, `plaintext`, `apiv3_key`, …"""
        return self._post(f"notices/{notice_id}/resend", changes)

    def forge(self, event_type: str, resource: dict, notify_url: str, **changes: Any) -> dict:
        """A genuinely signed callback with any content, posted once; the answer is `["attempts"][0]`."""
        wish = {"event_type": event_type, "resource": resource, "notify_url": notify_url, **changes}
        return self._post("notices/forge", wish)

    def wait_for_notices(self, seconds: float = 10) -> list[dict]:
        """As `wait_until_idle`; the callbacks."""
        self.wait_until_idle(seconds)
        return self.notices()

    def wait_until_idle(self, seconds: float = 10) -> None:
        """
        Until no callback is under way (retries that are planned for later do not count) and no refund is due.

        :raises TimeoutError: something is still being sent
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._get("idle", {})["idle"]:
                return
            time.sleep(0.02)
        raise TimeoutError("callbacks are still under way")

    # the weather

    def fault(self, kind: str, **wish: Any) -> dict:
        """The next answer (or `times` of them, on `path`) goes wrong: see `scenarios`."""
        return self._post("faults", {"kind": kind, **wish})

    def faults(self) -> list[dict]:
        return self._get("faults", {})["items"]

    def clear_faults(self) -> None:
        self._call("DELETE", "faults")

    def advance(self, seconds: float) -> dict:
        """WeChat's business clock goes ahead: expiries and retries come due. Signatures keep true time."""
        return self._post("clock", {"advance": seconds})

    def scale_notices(self, scale: float) -> dict:
        """Retries planned from now on wait `scale` times as long as WeChat's."""
        return self._post("clock", {"notice_scale": scale})

    def reset_clock(self) -> dict:
        return self._post("clock", {"reset": True})

    def use_keys(self, mode: str) -> dict:
        """`public_key`, `certificate` or `mixed`."""
        return self._post("keys", {"mode": mode})

    def rotate_keys(self) -> dict:
        return self._post("keys/rotate")

    # bills

    def plant(self, kind: str, day: str, **wish: Any) -> dict:
        """
        From now on the bills of this day differ from the book in this way: see `plants`. `number` names the
        row that is meant; of what WeChat made up, the answer tells `wechat_no` and `number`.
        """
        return self._post("bill-differences", {"kind": kind, "day": day, **wish})

    def forget_plants(self) -> None:
        self._call("DELETE", "bill-differences")

    # the oracle

    def book(self) -> dict:
        return self._get("book", {})

    def reset(self) -> dict:
        """Forget all trade, faults and time travel; the keys stay."""
        return self._post("reset")

    def _get(self, path: str, query: dict) -> dict:
        return self._call("GET", path, params=query)

    def _post(self, path: str, body: dict | None = None) -> dict:
        return self._call("POST", path, json=body or {})

    def _call(self, method: str, path: str, **given: Any) -> dict:
        response = self._session.request(method, f"{self.base_url}/sandbox/api/{path}", timeout=30, **given)
        content = response.json() if response.content else {}
        if response.status_code != requests.codes.ok:
            raise SandboxRefused(
                status=response.status_code,
                code=content.get("code", ""),
                message=content.get("message", ""),
            )
        return content
