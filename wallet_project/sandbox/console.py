"""Our own paths under `/sandbox/api/`: weather, keys, clock and book, for scripts and for the page."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, Sum

from wallet_project.sandbox.bill_console import forget_bills
from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.complaint_console import forget_complaints
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import (
    AccessToken,
    Attempt,
    BillPayment,
    FaceSession,
    LoginCode,
    MerchantTransfer,
    Notice,
    NoticeState,
    Order,
    PhoneCode,
    Refund,
    RefundStatus,
    RegistryAnswer,
    RegistryQuestion,
    RiskRank,
    Shipping,
    TextMessage,
    Transaction,
)
from wallet_project.sandbox.notices import ANSWERED, bell, describe_notice, release_held, send
from wallet_project.sandbox.plants import plants
from wallet_project.sandbox.pushes import pusher
from wallet_project.sandbox.refunds import describe_refund, finish
from wallet_project.sandbox.scenarios import describe, scenarios
from wallet_project.sandbox.serials import new_event_id
from wallet_project.sandbox.subscribe import forget_subscriptions
from wallet_project.sandbox.transfer_console import forget_transfers
from wallet_project.sandbox.transfer_models import TransferState
from wallet_project.sandbox.transfers import transferred, transferring

FORGEABLE = {"event_type", "resource", "notify_url", "original_type", "event_id"}
SENDABLE = {"flaw", "timestamp", "plaintext", "apiv3_key", "resource_changes", "headers"}
FLAWS = {"", "signtest", "wrong_serial", "stale", "tampered", "bad_signature"}


def book(_wish: dict) -> dict:
    """WeChat's own book in fen: the oracle that ours is compared with."""
    refunds = Refund.objects.filter(status=RefundStatus.SUCCESS)
    under_way = Refund.objects.filter(status__in=[RefundStatus.PROCESSING, RefundStatus.ABNORMAL])
    paid = Transaction.objects.aggregate(sum=Sum("total"))["sum"] or 0
    refunded = refunds.aggregate(sum=Sum("amount"))["sum"] or 0
    return {
        "paid": paid,
        "refunded": refunded,
        "transferred": transferred(),
        "balance": paid - refunded - transferred(),
        "payments": Transaction.objects.count(),
        "refunds": refunds.count(),
        "refunding": under_way.aggregate(sum=Sum("amount"))["sum"] or 0,
        "transfers": MerchantTransfer.objects.filter(state=TransferState.SUCCESS).count(),
        "transferring": transferring(),
    }


def list_refunds(wish: dict) -> dict:
    refunds = Refund.objects.select_related("transaction__order").order_by("-id")
    if wish.get("out_refund_no"):
        refunds = refunds.filter(out_refund_no=wish["out_refund_no"])
    return {"items": [describe_refund(refund) for refund in refunds[:200]]}


def finish_refund(wish: dict, *, out_refund_no: str) -> dict:
    """Bring a refund that is stuck to an end: `{"status": "SUCCESS" | "ABNORMAL" | "CLOSED"}`."""
    if wish.get("status") not in ("SUCCESS", "ABNORMAL", "CLOSED"):
        raise Refused("status 必须是 SUCCESS、ABNORMAL 或 CLOSED")
    with transaction.atomic():
        refund = (
            Refund.objects.select_related("transaction__order").filter(out_refund_no=out_refund_no).first()
        )
        if refund is None or refund.status not in {RefundStatus.PROCESSING, RefundStatus.ABNORMAL}:
            raise Refused("没有这笔待处理的退款", status=404, code="NOT_FOUND")
        finish(refund, status=RefundStatus(wish["status"]))
    return describe_refund(refund)


def list_faults(_wish: dict) -> dict:
    return {"items": [describe(fault) for fault in scenarios.faults]}


def plan_fault(wish: dict) -> dict:
    return describe(scenarios.plan_fault(wish))


def forget_faults(_wish: dict) -> dict:
    scenarios.forget_faults()
    return {"items": []}


def list_notices(wish: dict) -> dict:
    """Callbacks, newest first, with attempts and answers; narrowed by `event_type` or `state`."""
    notices = Notice.objects.prefetch_related("attempts").order_by("-id")
    for name in ("event_type", "state"):
        if wish.get(name):
            notices = notices.filter(**{name: wish[name]})
    modes = [describe(mode) for mode in scenarios.notice_modes]
    return {"items": [describe_notice(notice) for notice in notices[:200]], "modes": modes}


def idle(_wish: dict) -> dict:
    """Whether nothing is being sent or due; retries planned for later do not count."""
    soon = clock.now() + timedelta(seconds=1)
    with transaction.atomic():  # one moment: what changes its state between two looks would be missed by both
        under_way = Notice.objects.filter(state=NoticeState.SENDING).exists()
        due = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=soon).exists()
        settling = (
            Refund.objects.filter(due_at__lte=soon).exists()
            or MerchantTransfer.objects.filter(due_at__lte=soon).exists()
            or BillPayment.objects.filter(Q(due_at__lte=soon) | Q(reverse_at__lte=soon)).exists()
        )
    return {"idle": not (under_way or due or settling or pusher.under_way)}


def plan_notices(wish: dict) -> dict:
    return describe(scenarios.plan_notices(wish))


def forget_notice_modes(_wish: dict) -> dict:
    """Callbacks behave again; those held back leave now."""
    scenarios.forget_notice_modes()
    release_held()
    return {"modes": []}


def resend(wish: dict, *, notice_id: int) -> dict:
    """Post a callback once more, now, whatever its state; the answer is the last attempt."""
    notice = Notice.objects.filter(pk=notice_id).first()
    if notice is None:
        raise Refused("没有这个回调", status=404, code="NOT_FOUND")
    return _send_now(notice, wish)


def forge(wish: dict) -> dict:
    """A genuinely signed callback with any content, posted once, now."""
    if not isinstance(wish.get("resource"), dict) or not wish.get("event_type") or not wish.get("notify_url"):
        raise Refused("需要 event_type、resource（对象）和 notify_url")
    now = clock.now()
    original_type = wish.get("original_type") or wish["event_type"].partition(".")[0].lower()
    notice = Notice(
        event_id=wish.get("event_id") or new_event_id(now),
        event_type=wish["event_type"],
        original_type=original_type,
        summary="沙箱自定义",
        resource=wish["resource"],
        notify_url=wish["notify_url"],
        created_at=now,
        state=NoticeState.SENDING,
    )
    changes = {name: value for name, value in wish.items() if name not in FORGEABLE}
    _check_sending(changes)
    notice.save()
    answered = _send_now(notice, changes)["attempts"][-1]["status"] in ANSWERED
    notice.state = NoticeState.DELIVERED if answered else NoticeState.GIVEN_UP
    notice.save(update_fields=["state"])
    return describe_notice(notice)


def move_clock(wish: dict) -> dict:
    """`advance` seconds, set `notice_scale` for retries still to be planned, or `reset` both."""
    for name, value in wish.items():
        if (
            name not in {"advance", "notice_scale", "reset"}
            or not isinstance(value, int | float)
            or value < 0
        ):
            raise Refused("参数只能是 advance、notice_scale（不小于 0 的数）或 reset")
    if wish.get("reset"):
        clock.reset()
    clock.advance(seconds=wish.get("advance", 0))
    clock.notice_scale = wish.get("notice_scale", clock.notice_scale)
    bell.set()
    return show_clock({})


def show_clock(_wish: dict) -> dict:
    return {"now": rfc3339(clock.now()), "ahead": clock.ahead, "notice_scale": clock.notice_scale}


def show_keys(_wish: dict) -> dict:
    """Serials only; a key never leaves through here."""
    return {
        "mode": keyring.mode,
        "serials": list(keyring.signers),
        "signer": keyring.credentials["platform_serial"],
    }


def switch_keys(wish: dict) -> dict:
    if wish.get("mode") not in ("public_key", "certificate", "mixed"):
        raise Refused("mode 必须是 public_key、certificate 或 mixed")
    keyring.mode = wish["mode"]
    return show_keys({})


def rotate_keys(_wish: dict) -> dict:
    keyring.rotate()
    return show_keys({})


def reset(_wish: dict) -> dict:
    """Forget all trade, codes, faults and time travel; the keys and their mode stay."""
    scenarios.forget_faults()
    scenarios.forget_notice_modes()
    plants.forget()
    pusher.forget()
    clock.reset()
    with transaction.atomic():
        forget_complaints()
        for model in (Attempt, Notice, Refund, Transaction, Order):
            model.objects.all().delete()
        for memory in (LoginCode, PhoneCode, TextMessage, RiskRank, AccessToken):
            memory.objects.all().delete()
        forget_bills()
        forget_transfers()
        forget_subscriptions()
        for known in (RegistryAnswer, RegistryQuestion, FaceSession, Shipping):
            known.objects.all().delete()
    return book({})


def _send_now(notice: Notice, changes: dict) -> dict:
    _check_sending(changes)
    attempt = send(notice, **changes)
    attempt.save()
    return describe_notice(notice)


def _check_sending(changes: dict) -> None:
    for name in changes:
        if name not in SENDABLE:
            raise Refused(f"没有参数 {name}")
    if changes.get("flaw", "") not in FLAWS:
        raise Refused(f"flaw 必须是其中之一：{'、'.join(sorted(FLAWS - {''}))}")
