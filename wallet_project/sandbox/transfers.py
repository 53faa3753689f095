"""
Merchant transfers: money of the merchant to a person, who confirms that they take it.

The mode of 2025, with confirmation (WeChat Pay v3 docs 4012716434 and 4012712115).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from wallet_project.sandbox.checks import Items, Part, Shape, Text, Whole, check_body, notify_url
from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Refund, RefundStatus, Transaction
from wallet_project.sandbox.notices import Event, announce, bell
from wallet_project.sandbox.scenarios import scenarios
from wallet_project.sandbox.serials import new_transfer_bill_no
from wallet_project.sandbox.signing import decrypt_field, encrypt_field
from wallet_project.sandbox.transfer_models import MerchantTransfer, TransferState, WeChatName
from wallet_project.sandbox.v3 import Call, ParamError, V3Error

CONFIRMABLE_FOR = timedelta(hours=24)
QUERYABLE_FOR = timedelta(days=30)
NAMED_FROM, NAMELESS_BELOW, LEAST = 2_000_00, 30, 10
# The scenes that this merchant was granted: what must be reported of each, and what its person may be shown.
SCENES = {
    "1000": (["活动名称", "奖励说明"], {"活动奖励", "现金奖励"}),
    "1005": (["岗位类型", "报酬说明"], {"劳务报酬", "报销款", "企业补贴", "开工利是"}),
}
UNCONFIRMED = {TransferState.ACCEPTED, TransferState.PROCESSING, TransferState.WAIT_USER_CONFIRM}
ENDS = {TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED}

TRANSFER: Shape = {
    "appid": Text(longest=32, required=True),
    "out_bill_no": Text(longest=32, required=True, shape="[0-9A-Za-z]+"),
    "transfer_scene_id": Text(longest=36, required=True),
    "openid": Text(longest=64, required=True, shape="o[0-9A-Za-z_-]+"),
    "user_name": Text(longest=1024),
    "transfer_amount": Whole(least=LEAST, required=True),
    "transfer_remark": Text(longest=32 * 3, required=True),
    "notify_url": notify_url(longest=256, required=False),
    "user_recv_perception": Text(longest=64),
    "transfer_scene_report_infos": Items(
        of={
            "info_type": Text(longest=15, required=True),
            "info_content": Text(longest=32 * 3, required=True),
        },
        required=True,
    ),
    "user_recv_style": Part(of={"type": Text(longest=32, shape="CONFIRM_PAGE|RED_PACKET", required=True)}),
}


def create_transfer(call: Call) -> dict:
    """POST /v3/fund-app/mch-transfer/transfer-bills: the same number again tells how the first one is."""
    asked = dict(call.body)
    check_body(asked, TRANSFER)
    _check_scene(asked)
    asked["user_name"] = _read_name(asked, serial=call.wechatpay_serial)
    with transaction.atomic():
        known = MerchantTransfer.objects.filter(out_bill_no=asked["out_bill_no"]).first()
        if known is not None:
            if known.asked != asked:
                raise V3Error(400, "ALREADY_EXISTS", "商户单号已存在，且请求参数与首次请求不一致")
            return _accepted(known)
        fault = scenarios.transfer_fault(call.path)
        kind = fault.kind if fault else ""
        if kind == "transfer_not_enough" or asked["transfer_amount"] > balance():
            raise V3Error(403, "NOT_ENOUGH", "运营账户余额不足，请充值后重新发起")
        now = clock.now()
        bill = MerchantTransfer(
            transfer_bill_no=new_transfer_bill_no(now),
            out_bill_no=asked["out_bill_no"],
            asked=asked,
            openid=asked["openid"],
            amount=asked["transfer_amount"],
            remark=asked["transfer_remark"],
            notify_url=asked.get("notify_url") or "",
            package_info=f"{secrets.token_urlsafe(60)}==",
            is_stuck=kind in {"transfer_stuck", "transfer_canceling"},
            due_at=now + CONFIRMABLE_FOR,
            created_at=now,
            updated_at=now,
        )
        if kind == "transfer_fail" and fault:
            bill.fails_with = fault.reason
        elif _is_somebody_else(asked):
            bill.fails_with = "NAME_NOT_CORRECT"
        if kind == "transfer_accepted":
            bill.state, bill.due_at = TransferState.ACCEPTED, None
        bill.save()
        if kind == "transfer_fail_at_once" and fault:
            finish(bill, state=TransferState.FAIL, reason=fault.reason)
    return _accepted(bill)


def query_by_number(call: Call, *, out_bill_no: str) -> dict:
    """GET …/transfer-bills/out-bill-no/{out_bill_no}"""
    return _tell(out_bill_no=out_bill_no)


def query_by_bill(call: Call, *, transfer_bill_no: str) -> dict:
    """GET …/transfer-bills/transfer-bill-no/{transfer_bill_no}"""
    return _tell(transfer_bill_no=transfer_bill_no)


def cancel(call: Call, *, out_bill_no: str) -> dict:
    """POST …/out-bill-no/{out_bill_no}/cancel: until its person has confirmed; twice is once."""
    if call.body:
        raise ParamError("参数中含有非法的额外参数", field="/" + next(iter(call.body)))
    with transaction.atomic():
        bill = MerchantTransfer.objects.filter(out_bill_no=out_bill_no).first()
        if bill is None:
            raise _not_found()
        close_if_overdue(bill)
        if bill.state in UNCONFIRMED:
            _move(bill, TransferState.CANCELING)
        elif bill.state not in {TransferState.CANCELING, TransferState.CANCELLED}:
            raise V3Error(400, "INVALID_REQUEST", "当前单据状态不允许撤销")
    return {
        "out_bill_no": bill.out_bill_no,
        "transfer_bill_no": bill.transfer_bill_no,
        "state": bill.state,
        "update_time": rfc3339(bill.updated_at),
    }


def confirm(bill: MerchantTransfer) -> None:
    """Its person takes the money: it is on its way."""
    _move(bill, TransferState.TRANSFERING)


def settle_due() -> None:
    """Transfers whose time has come move on: confirmed ones arrive or fail, others go back."""
    due = MerchantTransfer.objects.filter(due_at__lte=clock.now())
    if not due.exists():
        return
    with transaction.atomic():
        for bill in MerchantTransfer.objects.filter(due_at__lte=clock.now()).order_by("due_at", "id"):
            match bill.state:
                case TransferState.TRANSFERING if bill.fails_with:
                    finish(bill, state=TransferState.FAIL, reason=bill.fails_with)
                case TransferState.TRANSFERING:
                    finish(bill, state=TransferState.SUCCESS)
                case TransferState.CANCELING:
                    finish(bill, state=TransferState.CANCELLED)
                case _:
                    close_if_overdue(bill)


def close_if_overdue(bill: MerchantTransfer) -> None:
    """What nobody has confirmed for a day fails, whoever looks first."""
    waits = bill.state == TransferState.WAIT_USER_CONFIRM
    if waits and bill.due_at is not None and bill.due_at <= clock.now():
        finish(bill, state=TransferState.FAIL, reason="OVERDUE_CLOSE")


def finish(bill: MerchantTransfer, *, state: TransferState, reason: str = "") -> None:
    """The transfer reaches an end, and the callback for it leaves."""
    bill.state, bill.fail_reason, bill.due_at, bill.updated_at = state, reason, None, clock.now()
    bill.save(update_fields=["state", "fail_reason", "due_at", "updated_at"])
    if bill.notify_url:
        announce(Event.TRANSFER_FINISHED, resource=_resource(bill), notify_url=bill.notify_url)


def proceed(bill: MerchantTransfer) -> None:
    """What was only accepted now waits for its person."""
    _move(bill, TransferState.WAIT_USER_CONFIRM)


def balance() -> int:
    """
    What the merchant has left to give away, in fen: what is on its way is not there any more. The operating
    account is filled from the basic one by itself.
    """
    paid = Transaction.objects.aggregate(sum=Sum("total", default=0))["sum"]
    back = Refund.objects.exclude(status=RefundStatus.CLOSED).aggregate(sum=Sum("amount", default=0))["sum"]
    return paid - back - transferred() - transferring()


def transferred() -> int:
    done = MerchantTransfer.objects.filter(state=TransferState.SUCCESS)
    return done.aggregate(sum=Sum("amount", default=0))["sum"]


def transferring() -> int:
    return MerchantTransfer.objects.exclude(state__in=ENDS).aggregate(sum=Sum("amount", default=0))["sum"]


def describe_transfer(bill: MerchantTransfer) -> dict:
    """The answer of a query, but for the name, which is encrypted anew for each. No package_info."""
    return {
        "mch_id": keyring.mchid,
        "out_bill_no": bill.out_bill_no,
        "transfer_bill_no": bill.transfer_bill_no,
        "appid": keyring.appid,
        "state": bill.state,
        "transfer_amount": bill.amount,
        "transfer_remark": bill.remark,
        **({"fail_reason": bill.fail_reason} if bill.fail_reason else {}),
        "openid": bill.openid,
        "create_time": rfc3339(bill.created_at),
        "update_time": rfc3339(bill.updated_at),
    }


def _tell(**number: str) -> dict:
    with transaction.atomic():
        bill = MerchantTransfer.objects.filter(**number).first()
        if bill is None or clock.now() - bill.created_at > QUERYABLE_FOR:
            raise _not_found()
        close_if_overdue(bill)
    name = bill.asked["user_name"]
    told = {"user_name": encrypt_field(key=keyring.merchant_public_key, plaintext=name.encode())}
    return describe_transfer(bill) | (told if name else {})


def _accepted(bill: MerchantTransfer) -> dict:
    waits = bill.state == TransferState.WAIT_USER_CONFIRM
    return {
        "out_bill_no": bill.out_bill_no,
        "transfer_bill_no": bill.transfer_bill_no,
        "create_time": rfc3339(bill.created_at),
        "state": bill.state,
        **({"fail_reason": bill.fail_reason} if bill.fail_reason else {}),
        **({"package_info": bill.package_info} if waits else {}),
    }


def _resource(bill: MerchantTransfer) -> dict:
    """The plaintext of MCHTRANSFER.BILL.FINISHED: here the merchant is called mch_id."""
    said = describe_transfer(bill)
    return {name: value for name, value in said.items() if name not in {"appid", "transfer_remark"}}


def _move(bill: MerchantTransfer, state: TransferState) -> None:
    now = clock.now()
    bill.state, bill.updated_at = state, now
    wait = CONFIRMABLE_FOR if state == TransferState.WAIT_USER_CONFIRM else settings.ENDS_AFTER
    bill.due_at = None if bill.is_stuck else now + wait
    bill.save(update_fields=["state", "due_at", "updated_at"])
    transaction.on_commit(bell.set)


def _check_scene(asked: dict) -> None:
    if asked["appid"] != keyring.appid:
        raise V3Error(400, "INVALID_REQUEST", "APPID不存在")
    scene = SCENES.get(asked["transfer_scene_id"])
    if scene is None:
        raise V3Error(400, "INVALID_REQUEST", "你尚未获取该转账场景")
    wanted, perceptions = scene
    reported = [info["info_type"] for info in asked["transfer_scene_report_infos"]]
    if not reported:
        raise V3Error(400, "PARAM_ERROR", "需传入转账场景报备信息，请检查")
    if sorted(reported) != sorted(wanted):
        raise V3Error(400, "PARAM_ERROR", "未传入完整且对应的转账场景报备信息，请根据接口文档检查")
    if asked.get("user_recv_perception") and asked["user_recv_perception"] not in perceptions:
        raise V3Error(400, "INVALID_REQUEST", "暂不支持展示当前传入的用户收款感知")


def _read_name(asked: dict, *, serial: str) -> str:
    """The name in clear, empty where none is given; from 2,000 yuan on it must be, below 0.30 it must not."""
    sealed, amount = asked.get("user_name") or "", asked["transfer_amount"]
    if not sealed:
        if amount >= NAMED_FROM:
            raise ParamError("转账金额不低于2000元时，收款用户姓名必填", field="/user_name")
        return ""
    if amount < NAMELESS_BELOW:
        raise ParamError("转账金额低于0.3元时，不支持传入收款用户姓名", field="/user_name")
    try:
        return decrypt_field(key=keyring.signers[serial].key, ciphertext=sealed).decode()
    except ValueError as error:
        raise ParamError("收款用户姓名解密失败，请检查加密所用的微信支付公钥", field="/user_name") from error


def _is_somebody_else(asked: dict) -> bool:
    known = WeChatName.objects.filter(openid=asked["openid"]).first()
    return bool(asked["user_name"] and known and known.name != asked["user_name"])


def _not_found() -> V3Error:
    return V3Error(404, "NOT_FOUND", "记录不存在")
