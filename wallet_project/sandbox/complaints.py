"""
Complaints of payers, 2.0: what the merchant reads, answers and ends (WeChat Pay v3 docs 4012533431,
4012467255, 4012289719). Every step is told to the address it has named, by number alone.

Not in the documents, so the stricter reading: one that nobody has answered cannot be ended.
"""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from wallet_project.sandbox.checks import Part, Shape, Text, Texts, Whole, check_body, notify_url
from wallet_project.sandbox.clock import SHANGHAI, clock, rfc3339
from wallet_project.sandbox.complaint_models import (
    Complaint,
    ComplaintAddress,
    ComplaintImage,
    ComplaintState,
    ComplaintStep,
)
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import RefundStatus, Transaction
from wallet_project.sandbox.notices import Event, announce
from wallet_project.sandbox.serials import new_log_id
from wallet_project.sandbox.signing import encrypt_field
from wallet_project.sandbox.v3 import Call, ParamError, V3Error

IMAGES = "/v3/merchant-service/images"
LONGEST_SPAN = timedelta(days=30)
MOST_IMAGE_BYTES = 2 * 1024 * 1024

MCHID = Text(longest=64, required=True)
RESPONSE: Shape = {
    "complainted_mchid": MCHID,
    "response_content": Text(longest=800, required=True, shape=r".{1,200}"),
    "response_images": Texts(most=4),
    "jump_url": Text(longest=512),
    "jump_url_text": Text(longest=10),
    "mini_program_jump_info": Part(
        of={
            "appid": Text(longest=32, required=True),
            "path": Text(longest=512, required=True),
            "text": Text(longest=40, required=True),
        }
    ),
}
REFUND_PROGRESS: Shape = {
    "action": Text(longest=8, required=True, shape="APPROVE|REJECT"),
    "launch_refund_day": Whole(),
    "reject_reason": Text(longest=800, shape=r".{1,200}"),
    "reject_media_list": Texts(most=4),
    "remark": Text(longest=800, shape=r".{1,200}"),
}
# What a step of the history is called in a callback; of the others nobody is told.
ACTIONS = {
    "USER_CREATE_COMPLAINT": "CREATE_COMPLAINT",
    "USER_CONTINUE_COMPLAINT": "CONTINUE_COMPLAINT",
    "USER_RESPONSE": "USER_RESPONSE",
    "PLATFORM_RESPONSE": "RESPONSE_BY_PLATFORM",
    "MERCHANT_RESPONSE": "MERCHANT_RESPONSE",
    "MERCHANT_CONFIRM_COMPLETE": "MERCHANT_CONFIRM_COMPLETE",
    "MERCHANT_APPROVE_REFUND": "MERCHANT_APPROVE_REFUND",
    "MERCHANT_REFUSE_RERUND": "MERCHANT_REJECT_REFUND",
    "USER_APPLY_PLATFORM_SERVICE": "USER_APPLY_PLATFORM_SERVICE",
    "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE": "REFUND_SUCCESS",
    "COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE": "REFUND_SUCCESS",
}


def list_complaints(call: Call) -> dict:
    """GET /v3/merchant-service/complaints-v2: those of some days, thirty at most."""
    begin, end = _day(call, "begin_date"), _day(call, "end_date")
    if not timedelta() <= end - begin <= LONGEST_SPAN:
        raise ParamError("查询日期跨度不超过30天", field="/end_date")
    if call.query.get("complainted_mchid", call.mchid) != call.mchid:
        raise V3Error(403, "NO_AUTH", "无权查询该商户的投诉单")
    rows = Complaint.objects.filter(at__gte=_midnight(begin), at__lt=_midnight(end + timedelta(days=1)))
    return _paged(call, rows.order_by("-at", "-id"), _described(call), limit=10, most=50)


def show_complaint(call: Call, *, complaint_id: str) -> dict:
    """GET …/complaints-v2/{complaint_id}"""
    return _described(call)(_find(complaint_id))


def history(call: Call, *, complaint_id: str) -> dict:
    """GET …/{complaint_id}/negotiation-historys (sic), the newest step first."""

    def describe(step: ComplaintStep) -> dict:
        urls = [f"{call.origin}{IMAGES}/{media_id}" for media_id in step.images]
        media = {"media_type": "USER_COMPLAINT_IMAGE", "media_url": urls}
        return {
            "log_id": step.log_id,
            "operator": step.operator,
            "operate_time": rfc3339(step.at),
            "operate_type": step.kind,
            "operate_details": step.details,
            "image_list": [],
            **({"complaint_media_list": media} if urls else {}),
        }

    return _paged(call, _find(complaint_id).steps.order_by("-id"), describe, limit=100, most=300)


def respond(call: Call, *, complaint_id: str) -> None:
    """POST …/{complaint_id}/response: what the payer reads. The first one makes it PROCESSING."""
    check_body(call.body, RESPONSE)
    images = call.body.get("response_images") or []
    with transaction.atomic():
        complaint = _of(call, complaint_id)
        if complaint.state == ComplaintState.PROCESSED:
            raise V3Error(400, "INVALID_REQUEST", "投诉单已处理完成，不可回复")
        if ComplaintImage.objects.filter(media_id__in=images).count() != len(set(images)):
            raise ParamError("图片不存在", field="/response_images", value=images)
        complaint.state, complaint.is_unanswered = ComplaintState.PROCESSING, False
        complaint.save(update_fields=["state", "is_unanswered"])
        note(complaint, "MERCHANT_RESPONSE", call.body["response_content"], images=images)


def complete(call: Call, *, complaint_id: str) -> None:
    """POST …/{complaint_id}/complete"""
    check_body(call.body, {"complainted_mchid": MCHID})
    with transaction.atomic():
        complaint = _of(call, complaint_id)
        if complaint.state != ComplaintState.PROCESSING:
            raise V3Error(400, "INVALID_REQUEST", f"投诉单{complaint.get_state_display()}，不可反馈处理完成")
        _end(complaint)
        note(complaint, "MERCHANT_CONFIRM_COMPLETE")


def refund_progress(call: Call, *, complaint_id: str) -> None:
    """POST …/{complaint_id}/update-refund-progress: yes or no to who asked for their money."""
    asked = call.body
    check_body(asked, REFUND_PROGRESS)
    needed = "launch_refund_day" if asked["action"] == "APPROVE" else "reject_reason"
    if asked.get(needed) is None:
        raise ParamError(f"参数缺失：{needed}必填", field=f"/{needed}", issue="required")
    with transaction.atomic():
        complaint = _find(complaint_id)
        if complaint.refund_wanted is None or complaint.state == ComplaintState.PROCESSED:
            raise V3Error(400, "INVALID_REQUEST", "投诉单没有待审批的退款申请")
        if complaint.refund_decision == "APPROVE":
            raise V3Error(400, "INVALID_REQUEST", "退款申请已审批")
        complaint.refund_decision, complaint.state = asked["action"], ComplaintState.PROCESSING
        complaint.is_unanswered = False
        complaint.save(update_fields=["refund_decision", "state", "is_unanswered"])
        if asked["action"] == "APPROVE":
            note(complaint, "MERCHANT_APPROVE_REFUND", asked.get("remark") or "")
            if _is_full_refunded(complaint):
                _end(complaint)
        else:
            note(complaint, "MERCHANT_REFUSE_RERUND", asked["reject_reason"])


def heard_of_refund(paid: Transaction) -> None:
    """Money of a payment has gone back: whoever complained about it is told, and has what they asked for."""
    for complaint in Complaint.objects.filter(transaction=paid):
        if _is_full_refunded(complaint):
            note(complaint, "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE", "已全额退款")
        else:
            note(complaint, "COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE", "已部分退款")
        if complaint.refund_decision == "APPROVE":
            _end(complaint)


def upload_image(call: Call) -> dict:
    """POST /v3/merchant-service/images/upload: a form of `meta`, which is what was signed, and `file`."""
    check_body(call.body, {"filename": Text(longest=128, required=True), "sha256": Text(longest=64)})
    if not call.file or len(call.file) > MOST_IMAGE_BYTES:
        raise ParamError("图片为空或超过2M", field="/file")
    if hashlib.sha256(call.file).hexdigest() != call.body.get("sha256"):
        raise ParamError("图片sha256校验失败", field="/meta/sha256")
    return {"media_id": keep_image(call.file)}


def download_image(_call: Call, *, media_id: str) -> bytes:
    """GET /v3/merchant-service/images/{media_id}: its bytes, unsigned."""
    image = ComplaintImage.objects.filter(media_id=media_id).first()
    if image is None:
        raise V3Error(404, "RESOURCE_NOT_EXISTS", "图片不存在")
    return bytes(image.content)


def keep_image(content: bytes) -> str:
    media_id = f"file_{secrets.token_urlsafe(30)}"
    ComplaintImage.objects.create(media_id=media_id, content=content)
    return media_id


def create_address(call: Call) -> dict:
    """POST /v3/merchant-service/complaint-notifications"""
    check_body(call.body, {"url": notify_url(longest=255, required=True)})
    if ComplaintAddress.objects.exists():
        raise V3Error(400, "INVALID_REQUEST", "投诉通知回调地址已存在，请使用更新接口")
    ComplaintAddress.objects.create(url=call.body["url"])
    return show_address(call)


def show_address(call: Call) -> dict:
    return {"mchid": call.mchid, "url": _address().url}


def change_address(call: Call) -> dict:
    check_body(call.body, {"url": notify_url(longest=255, required=True)})
    address = _address()
    address.url = call.body["url"]
    address.save(update_fields=["url"])
    return show_address(call)


def remove_address(_call: Call) -> None:
    ComplaintAddress.objects.all().delete()


def note(complaint: Complaint, kind: str, details: str = "", *, images: list[str] | None = None) -> None:
    """A step is in the history, and told to the merchant where it has an action."""
    now = clock.now()
    ComplaintStep.objects.create(
        log_id=new_log_id(now),
        complaint=complaint,
        operator=_OPERATORS.get(kind.partition("_")[0], "系统"),
        kind=kind,
        details=details[:500],
        images=images or [],
        at=now,
    )
    address = ComplaintAddress.objects.first()
    if kind not in ACTIONS or address is None:
        return
    is_new = kind == "USER_CREATE_COMPLAINT"
    announce(
        Event.COMPLAINT_CREATE if is_new else Event.COMPLAINT_STATE_CHANGE,
        resource={"complaint_id": complaint.complaint_id, "action_type": ACTIONS[kind]},
        notify_url=address.url,
    )


_OPERATORS = {"USER": "投诉人", "MERCHANT": "商户", "PLATFORM": "微信支付客服"}


def _described(call: Call):
    def describe(complaint: Complaint) -> dict:
        paid = complaint.transaction
        order = {}
        if paid is not None:
            order = {
                "transaction_id": paid.transaction_id,
                "out_trade_no": paid.order.out_trade_no,
                "amount": paid.total,
            }
        urls = [f"{call.origin}{IMAGES}/{media_id}" for media_id in complaint.images]
        told: dict[str, Any] = {
            "complaint_id": complaint.complaint_id,
            "complaint_time": complaint.at.astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
            "complaint_detail": complaint.detail,
            "complaint_state": complaint.state,
            "complainted_mchid": keyring.mchid,
            "payer_phone": encrypt_field(key=keyring.merchant_public_key, plaintext=complaint.phone.encode()),
            "payer_openid": complaint.openid,
            "complaint_media_list": [{"media_type": "USER_COMPLAINT_IMAGE", "media_url": urls}]
            if urls
            else [],
            "complaint_order_info": [order] if order else [],
            "service_order_info": [],
            "complaint_full_refunded": _is_full_refunded(complaint),
            "incoming_user_response": complaint.is_unanswered,
            "problem_description": _PROBLEMS[complaint.problem_type],
            "user_complaint_times": complaint.times,
            "problem_type": complaint.problem_type,
            "user_tag_list": ["TRUSTED"],
            "additional_info": {},
            "in_platform_service": complaint.with_platform,
            "need_immediate_service": complaint.is_urgent,
            "is_agent_mode": False,
        }
        if complaint.refund_wanted is not None:
            told["apply_refund_amount"] = complaint.refund_wanted
        return told

    return describe


_PROBLEMS = {"REFUND": "申请退款", "SERVICE_NOT_WORK": "服务权益未生效", "OTHERS": "其他类型"}


def _is_full_refunded(complaint: Complaint) -> bool:
    paid = complaint.transaction
    if paid is None:
        return False
    back = paid.refunds.filter(status=RefundStatus.SUCCESS).aggregate(sum=Sum("amount"))["sum"] or 0
    return back >= paid.total


def _end(complaint: Complaint) -> None:
    complaint.state, complaint.is_unanswered = ComplaintState.PROCESSED, False
    complaint.save(update_fields=["state", "is_unanswered"])


def _find(complaint_id: str) -> Complaint:
    found = Complaint.objects.select_related("transaction__order").filter(complaint_id=complaint_id).first()
    if found is None:
        raise V3Error(404, "RESOURCE_NOT_EXISTS", "投诉单不存在")
    return found


def _of(call: Call, complaint_id: str) -> Complaint:
    if call.body["complainted_mchid"] != call.mchid:
        raise V3Error(403, "NO_AUTH", "无权处理该商户的投诉单")
    return _find(complaint_id)


def _address() -> ComplaintAddress:
    address = ComplaintAddress.objects.first()
    if address is None:
        raise V3Error(404, "RESOURCE_NOT_EXISTS", "投诉通知回调地址不存在")
    return address


def _paged(call: Call, rows, describe, *, limit: int, most: int) -> dict:
    limit = _whole(call, "limit", limit)
    offset = _whole(call, "offset", 0)
    if not 1 <= limit <= most:
        raise ParamError(f"limit取值范围为[1,{most}]", field="/limit", value=limit)
    page = [describe(row) for row in rows[offset : offset + limit]]
    return {"data": page, "limit": limit, "offset": offset, "total_count": rows.count()}


def _whole(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isdecimal():
        raise ParamError("参数类型错误，应为整数", field=f"/{name}", value=text)
    return int(text)


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.query.get(name, ""))
    except ValueError as error:
        raise ParamError("日期格式错误，应为YYYY-MM-DD", field=f"/{name}") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
