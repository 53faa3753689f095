"""
Callbacks: composed, encrypted, signed and posted as WeChat does, and repeated until answered; the biller
platform's, which are not encrypted, go the same way.

Success is a 200 or 204 within five seconds; after anything else the same event is sent again, newly signed,
15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h later (WeChat Pay v3 doc 4012791861).
"""

import json
import secrets
import threading
import time
from datetime import timedelta
from enum import Enum

import requests
from django.db import transaction

from wallet_project.sandbox.bill_signing import letter as bill_letter
from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Attempt, Notice, NoticeState
from wallet_project.sandbox.scenarios import scenarios
from wallet_project.sandbox.serials import new_event_id
from wallet_project.sandbox.signing import seal
from wallet_project.sandbox.v3 import wechatpay_headers

RETRY_SECONDS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
ANSWER_SECONDS = 5
ANSWERED = {200, 204}
HELD_AT_MOST = timedelta(minutes=1)
BILL = "bill"  # the original_type of what the biller platform sends, in its own envelope

bell = threading.Event()  # rung when the courier has something new to look at


class Event(Enum):
    """event_type, summary, original_type (which is also the associated data)."""

    TRANSACTION_SUCCESS = ("TRANSACTION.SUCCESS", "支付成功", "transaction")
    REFUND_SUCCESS = ("REFUND.SUCCESS", "退款成功", "refund")
    REFUND_ABNORMAL = ("REFUND.ABNORMAL", "退款异常", "refund")
    REFUND_CLOSED = ("REFUND.CLOSED", "退款关闭", "refund")
    TRANSFER_FINISHED = ("MCHTRANSFER.BILL.FINISHED", "商家转账单据终态通知", "mch_payment")
    COMPLAINT_CREATE = ("COMPLAINT.CREATE", "产生新投诉", "complaint")
    COMPLAINT_STATE_CHANGE = ("COMPLAINT.STATE_CHANGE", "投诉单状态变化", "complaint")
    BILL_SUCCESS = ("payment.succeeded", "缴费成功", BILL)
    BILL_FAILED = ("payment.failed", "缴费失败", BILL)
    BILL_REVERSED = ("payment.reversed", "缴费退回", BILL)
    SECURITY_ECHO = ("SECURITY_ECHO.SUCCESS", "安全探测成功", "security")


def announce(event: Event, *, resource: dict, notify_url: str) -> Notice:
    """Put an event on its way, misbehaving if that was asked for. It leaves when the transaction commits."""
    event_type, summary, original_type = event.value
    now = clock.now()
    notice = Notice(
        event_id=new_event_id(now),
        event_type=event_type,
        original_type=original_type,
        summary=summary,
        resource=resource,
        notify_url=notify_url,
        created_at=now,
        due_at=now,
    )
    if mode := scenarios.notice_mode():
        _misbehave(notice, mode.mode, count=mode.count, delay=timedelta(seconds=mode.seconds))
    notice.save()
    transaction.on_commit(bell.set)
    return notice


def claim_due() -> list[Notice]:
    """The notices whose time has come, marked so that nobody else sends them."""
    due = Notice.objects.filter(state__in=[NoticeState.WAITING, NoticeState.HELD], due_at__lte=clock.now())
    if not due.exists():
        return []
    with transaction.atomic():
        claimed = list(due.order_by("due_at", "id"))
        Notice.objects.filter(pk__in=[one.pk for one in claimed]).update(state=NoticeState.SENDING)
    return claimed


def deliver(notice: Notice) -> None:
    """One scheduled sending, and what follows from the answer."""
    attempt = send(notice, flaw=notice.flaw)
    now = clock.now()
    with transaction.atomic():
        if not Notice.objects.filter(pk=notice.pk).exists():
            return  # everything was forgotten meanwhile
        attempt.save()
        if notice.repeats:
            notice.repeats -= 1
            notice.state, notice.due_at = NoticeState.WAITING, now
        elif attempt.status in ANSWERED and not attempt.flaw:
            notice.state, notice.due_at = NoticeState.DELIVERED, None
        elif notice.retries == len(RETRY_SECONDS):
            notice.state, notice.due_at = NoticeState.GIVEN_UP, None
        else:
            pause = RETRY_SECONDS[notice.retries] * clock.notice_scale
            notice.retries += 1
            notice.state, notice.due_at = NoticeState.WAITING, now + timedelta(seconds=pause)
        notice.flaw = ""
        notice.save(update_fields=["state", "due_at", "retries", "repeats", "flaw"])
        transaction.on_commit(bell.set)
    release_held()


def release_held() -> None:
    """Held callbacks go out after a later one did, newest first."""
    for place, notice in enumerate(Notice.objects.filter(state=NoticeState.HELD).order_by("-id")):
        notice.state = NoticeState.WAITING
        notice.due_at = clock.now() + timedelta(seconds=0.2 * place)
        notice.save(update_fields=["state", "due_at"])
        bell.set()


def send(
    notice: Notice,
    *,
    flaw: str = "",
    timestamp: str = "",
    plaintext: str | None = None,
    apiv3_key: str = "",
    resource_changes: dict | None = None,
    headers: dict[str, str | None] | None = None,
) -> Attempt:
    """
    Post a notice once, now. What it says about itself can be bent before signing (`timestamp`; WeChat's also
    by `plaintext`, `apiv3_key`, `resource_changes`) and its headers after signing (None leaves one out).
    """
    if notice.original_type == BILL:
        body, sent = bill_letter(notice, flaw=flaw, timestamp=timestamp)
    else:
        text = json.dumps(notice.resource, ensure_ascii=False) if plaintext is None else plaintext
        body = _envelope(
            notice, plaintext=text, apiv3_key=apiv3_key or keyring.apiv3_key, changes=resource_changes or {}
        )
        signer = keyring.signer()
        sent = wechatpay_headers(signer=signer, body=body, timestamp=timestamp, flaw=flaw)
    sent |= {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "User-Agent": "Mozilla/4.0",
    }
    sent = {name: value for name, value in (sent | (headers or {})).items() if value is not None}
    if flaw == "tampered":
        body = body.replace(notice.summary.encode(), notice.summary.encode() + b"!")
    started = time.monotonic()
    status, answer = _post(notice.notify_url, body=body, headers=sent)
    return Attempt(
        notice=notice,
        sent_at=clock.now(),
        flaw=flaw,
        serial=sent.get("Wechatpay-Serial", ""),
        status=status,
        answer=answer,
        milliseconds=int((time.monotonic() - started) * 1000),
    )


def recover() -> None:
    """After a restart: what was being sent is sent again, as a crash of WeChat's would."""
    Notice.objects.filter(state=NoticeState.SENDING).update(state=NoticeState.WAITING)


def describe_notice(notice: Notice) -> dict:
    return {
        "id": notice.pk,
        "event_id": notice.event_id,
        "event_type": notice.event_type,
        "notify_url": notice.notify_url,
        "state": notice.state,
        "due_at": rfc3339(notice.due_at) if notice.due_at else None,
        "resource": notice.resource,
        "attempts": [
            {
                "sent_at": rfc3339(attempt.sent_at),
                "flaw": attempt.flaw,
                "serial": attempt.serial,
                "status": attempt.status,
                "answer": attempt.answer,
                "milliseconds": attempt.milliseconds,
            }
            for attempt in notice.attempts.all()
        ],
    }


def _misbehave(notice: Notice, mode: str, *, count: int, delay: timedelta) -> None:
    match mode:
        case "drop":
            notice.state, notice.due_at = NoticeState.DROPPED, None
        case "reorder":
            notice.state, notice.due_at = NoticeState.HELD, notice.created_at + HELD_AT_MOST
        case "delay":
            notice.due_at = notice.created_at + delay
        case "duplicate":
            notice.repeats = count
        case _:
            notice.flaw = mode


def _envelope(notice: Notice, *, plaintext: str, apiv3_key: str, changes: dict) -> bytes:
    nonce = secrets.token_hex(6)
    resource = {
        "original_type": notice.original_type,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": seal(
            key=apiv3_key, nonce=nonce, associated_data=notice.original_type, plaintext=plaintext.encode()
        ),
        "associated_data": notice.original_type,
        "nonce": nonce,
    }
    envelope = {
        "id": notice.event_id,
        "create_time": rfc3339(notice.created_at),
        "resource_type": "encrypt-resource",
        "event_type": notice.event_type,
        "summary": notice.summary,
        "resource": resource | changes,
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def _post(url: str, *, body: bytes, headers: dict[str, str]) -> tuple[int | None, str]:
    with requests.Session() as session:
        session.trust_env = False  # a proxy of this machine is not between WeChat and the merchant
        try:
            response = session.post(
                url, data=body, headers=headers, timeout=ANSWER_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            return None, type(error).__name__
    return response.status_code, response.text[:500]
