"""Our own paths for complaints: the payer files one, goes on with it, calls WeChat for help, lets it be."""

import base64
import binascii
from dataclasses import dataclass

from django.db import transaction

from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.complaint_models import (
    Complaint,
    ComplaintAddress,
    ComplaintImage,
    ComplaintState,
    ComplaintStep,
)
from wallet_project.sandbox.complaints import keep_image, note
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.models import Transaction
from wallet_project.sandbox.serials import new_complaint_id

FILED: dict[str, type] = {
    "out_trade_no": str,
    "detail": str,
    "problem_type": str,
    "refund_wanted": int,
    "openid": str,
    "phone": str,
    "urgent": bool,
    "images": list,
}
PROBLEM_TYPES = {"REFUND", "SERVICE_NOT_WORK", "OTHERS"}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What the payer does, as the history calls it, and what it changes."""

    step: str
    text: str
    changes: dict
    again: bool = False


DEEDS = {
    "continue": Deed(
        step="USER_CONTINUE_COMPLAINT",
        text="问题没有解决，我要继续投诉",
        changes={"state": ComplaintState.PROCESSING, "is_unanswered": True},
        again=True,
    ),
    "say": Deed(step="USER_RESPONSE", text="请问处理得怎么样了？", changes={"is_unanswered": True}),
    "escalate": Deed(
        step="USER_APPLY_PLATFORM_SERVICE", text="申请微信支付客服介入", changes={"with_platform": True}
    ),
    "withdraw": Deed(
        step="USER_REVOKE_COMPLAINT",
        text="撤销投诉",
        changes={"state": ComplaintState.PROCESSED, "is_unanswered": False},
    ),
    "rate": Deed(step="USER_SUBMIT_SATISFACTION", text="满意", changes={}),
}


def list_complaints(wish: dict) -> dict:
    """Complaints, newest first, with every step; narrowed by `complaint_id`."""
    found = Complaint.objects.select_related("transaction__order").prefetch_related("steps").order_by("-id")
    if wish.get("complaint_id"):
        found = found.filter(complaint_id=wish["complaint_id"])
    return {"items": [_describe(complaint) for complaint in found[:200]]}


def file_complaint(wish: dict) -> dict:
    """The payer of `out_trade_no` complains; see FILED for the wishes."""
    for name, value in wish.items():
        if name not in FILED or type(value) is not FILED[name]:
            raise Refused(f"参数只能是 {'、'.join(FILED)}，且类型正确")
    problem = wish.get("problem_type") or "OTHERS"
    if problem not in PROBLEM_TYPES:
        raise Refused(f"problem_type 必须是其中之一：{'、'.join(sorted(PROBLEM_TYPES))}")
    with transaction.atomic():
        paid = _payment(wish.get("out_trade_no") or "")
        now = clock.now()
        images = [_image(text) for text in wish.get("images") or []]
        wanted = wish.get("refund_wanted") or (paid.total if paid else 0)
        complaint = Complaint.objects.create(
            complaint_id=new_complaint_id(now),
            transaction=paid,
            openid=wish.get("openid") or (paid.openid if paid else "oSomebodyWhoComplains"),
            phone=wish.get("phone") or "13800138001",
            detail=(wish.get("detail") or "付款后没有收到商品，联系不上商家")[:300],
            problem_type=problem,
            refund_wanted=wanted if problem == "REFUND" else None,
            is_urgent=wish.get("urgent", False),
            images=images,
            at=now,
        )
        note(complaint, "USER_CREATE_COMPLAINT", complaint.detail, images=images)
    return _describe(complaint)


def go_on(wish: dict, *, complaint_id: str, deed: str) -> dict:
    """One of DEEDS, with `text` of the payer's own and `images`."""
    if deed not in DEEDS:
        raise Refused(f"只能是其中之一：{'、'.join(DEEDS)}", status=404, code="NOT_FOUND")
    done = DEEDS[deed]
    with transaction.atomic():
        complaint = Complaint.objects.filter(complaint_id=complaint_id).first()
        if complaint is None:
            raise Refused("没有这个投诉单", status=404, code="NOT_FOUND")
        for name, value in done.changes.items():
            setattr(complaint, name, value)
        complaint.times += done.again
        complaint.save()
        images = [_image(text) for text in wish.get("images") or []]
        note(complaint, done.step, str(wish.get("text") or done.text), images=images)
    return _describe(complaint)


def forget_complaints() -> None:
    for model in (ComplaintStep, Complaint, ComplaintImage, ComplaintAddress):
        model.objects.all().delete()


def _describe(complaint: Complaint) -> dict:
    paid = complaint.transaction
    return {
        "complaint_id": complaint.complaint_id,
        "out_trade_no": paid.order.out_trade_no if paid else "",
        "state": complaint.state,
        "times": complaint.times,
        "refund_decision": complaint.refund_decision,
        "with_platform": complaint.with_platform,
        "steps": [
            {
                "kind": step.kind,
                "details": step.details,
                "images": len(step.images),
                "at": rfc3339(step.at),
            }
            for step in complaint.steps.order_by("id")
        ],
    }


def _payment(out_trade_no: str) -> Transaction | None:
    if not out_trade_no:
        return None
    found = Transaction.objects.select_related("order").filter(order__out_trade_no=out_trade_no)
    paid = found.order_by("id").first()
    if paid is None:
        raise Refused("没有这笔已支付的订单", status=404, code="NOT_FOUND")
    return paid


def _image(text: str) -> str:
    try:
        return keep_image(base64.b64decode(text, validate=True))
    except (TypeError, binascii.Error) as error:
        raise Refused("images 必须是 base64 的列表") from error
