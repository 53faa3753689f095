"""Our own paths for merchant transfers: the person who takes the money, and what is stuck."""

from django.db import transaction

from wallet_project.sandbox.clock import rfc3339
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.transfer_models import MerchantTransfer, TransferState, WeChatName
from wallet_project.sandbox.transfer_reasons import FAIL_REASONS
from wallet_project.sandbox.transfers import (
    ENDS,
    close_if_overdue,
    describe_transfer,
    finish,
    proceed,
    settle_due,
)
from wallet_project.sandbox.transfers import confirm as take

ASKED = {"package", "mchId", "appId", "openid"}


def list_transfers(wish: dict) -> dict:
    """Transfers, newest first; narrowed by `out_bill_no` or `state`."""
    settle_due()
    bills = MerchantTransfer.objects.order_by("-id")
    for name in ("out_bill_no", "state"):
        if wish.get(name):
            bills = bills.filter(**{name: wish[name]})
    return {"items": [_describe(bill) for bill in bills[:200]]}


def confirm(wish: dict) -> dict:
    """
    What `wx.requestMerchantTransfer({mchId, appId, package})` shows, and its person takes the money. With
    `openid` somebody else holds the phone.

    :raises Refused: as `requestMerchantTransfer:fail …`
    """
    with transaction.atomic():
        bill = _shown(wish)
        if bill.state != TransferState.WAIT_USER_CONFIRM:
            raise _fail(f"该笔转账{bill.get_state_display()}", code="NOT_CONFIRMABLE")
        take(bill)
    return _describe(bill) | {"result": "requestMerchantTransfer:ok"}


def deny(wish: dict) -> dict:
    """The person looks at it and goes away; it can still be taken until its day is over."""
    with transaction.atomic():
        bill = _shown(wish)
        bill.looks += 1
        bill.save(update_fields=["looks"])
    return _describe(bill) | {"result": "requestMerchantTransfer:fail cancel"}


def end_transfer(wish: dict, *, out_bill_no: str) -> dict:
    """
    Bring one that is stuck to `state`: SUCCESS, FAIL with a `reason`, CANCELLED; or WAIT_USER_CONFIRM of one
    that was only accepted.
    """
    state, reason = wish.get("state"), wish.get("reason") or ""
    with transaction.atomic():
        bill = MerchantTransfer.objects.filter(out_bill_no=out_bill_no).exclude(state__in=ENDS).first()
        if bill is None:
            raise Refused("没有这笔未结束的转账", status=404, code="NOT_FOUND")
        if state == TransferState.WAIT_USER_CONFIRM and bill.state == TransferState.ACCEPTED:
            proceed(bill)
        elif state in ENDS and (state == TransferState.FAIL) == (reason in FAIL_REASONS):
            finish(bill, state=TransferState(state), reason=reason)
        else:
            raise Refused(
                "state 必须是 SUCCESS、CANCELLED、FAIL（带 reason），或使已受理的变为 WAIT_USER_CONFIRM"
            )
    return _describe(bill)


def set_name(wish: dict) -> dict:
    """From now on WeChat knows this person by this name: `{"openid", "name"}`."""
    openid, name = wish.get("openid"), wish.get("name")
    if not isinstance(openid, str) or not isinstance(name, str) or not openid or not name:
        raise Refused("需要 openid 和 name")
    WeChatName.objects.update_or_create(openid=openid[:64], defaults={"name": name[:64]})
    return {"openid": openid, "name": name}


def forget_transfers() -> None:
    MerchantTransfer.objects.all().delete()
    WeChatName.objects.all().delete()


def _describe(bill: MerchantTransfer) -> dict:
    """What a query tells, and what only WeChat knows."""
    return describe_transfer(bill) | {
        "package_info": bill.package_info,
        "user_name": bill.asked["user_name"],
        "looks": bill.looks,
        "due_at": rfc3339(bill.due_at) if bill.due_at else None,
    }


def _shown(wish: dict) -> MerchantTransfer:
    for name, value in wish.items():
        if name not in ASKED or not isinstance(value, str):
            raise Refused(f"参数只能是 {'、'.join(sorted(ASKED))}，且为字符串")
    bill = MerchantTransfer.objects.filter(package_info=wish.get("package", "")).first()
    ours = {"mchId": keyring.mchid, "appId": keyring.appid, "openid": bill.openid if bill else ""}
    if bill is None or any(wish.get(name, value) != value for name, value in ours.items()):
        raise _fail("转账单据不存在或不属于你", code="PACKAGE")
    close_if_overdue(bill)
    return bill


def _fail(reason: str, *, code: str) -> Refused:
    return Refused(f"requestMerchantTransfer:fail {reason}", code=code)
