"""Merchant transfer: create, query, cancel. The mode of 2025, in which its person confirms."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings

from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import TransferMissing, UnreadableNotice, WeChatRefused, WeChatUnknown
from payments.gateways.wechat.keys import preferred_key
from payments.gateways.wechat.messages import TransferNotice, transfer_notice
from payments.gateways.wechat.signing import encrypt_field
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_TRANSFERS = "/v3/fund-app/mch-transfer/transfer-bills"
_MISSING = {"NOT_FOUND", "RESOURCE_NOT_EXISTS"}
NOTIFY_PATH = "/api/v1/callbacks/wechat/transfers"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """
    What a transfer is for, in WeChat's terms: a scene that our merchant was granted, what is reported of it
    (info_type → info_content), and what its person reads.
    """

    code: str
    reports: dict[str, str]
    remark: str
    perception: str = ""


def create_transfer(
    *, number: str, appid: str, openid: str, amount: Fen, scene: Scene, name: str = ""
) -> TransferNotice:
    """
    Ask for a transfer; it moves nothing before its person has confirmed (WeChat Pay v3 doc 4012716434).

    The same number with the same contents gives the same transfer and its package_info again, a new number
    pays twice: so after any doubt repeat or query with this one.

    :raises WeChatRefused: for example NOT_ENOUGH, our merchant account is empty
    :raises WeChatError: as `client.ask`
    """
    payload: dict[str, Any] = {
        "appid": appid,
        "out_bill_no": number,
        "transfer_scene_id": scene.code,
        "openid": openid,
        "transfer_amount": amount,
        "transfer_remark": scene.remark,
        "notify_url": settings.PUBLIC_URL + NOTIFY_PATH,
        "transfer_scene_report_infos": [
            {"info_type": kind, "info_content": content} for kind, content in scene.reports.items()
        ],
    }
    if scene.perception:
        payload["user_recv_perception"] = scene.perception
    if not name:
        return _read(ask("POST", _TRANSFERS, payload), number)
    key = preferred_key(now=clock.now())
    if key is None:
        raise WeChatRefused(
            code="NO_KEY", message="no key of WeChat's to encrypt for", status=0, is_ours=True
        )
    payload["user_name"] = encrypt_field(name, key=key.key)
    return _read(ask("POST", _TRANSFERS, payload, serial=key.serial), number)


def query_transfer(number: str) -> TransferNotice:
    """
    What became of a transfer; WeChat answers for thirty days.

    :raises TransferMissing: WeChat has none under this number now
    :raises WeChatError: as `client.ask`
    """
    try:
        answer = ask("GET", f"{_TRANSFERS}/out-bill-no/{quote(number, safe='')}")
    except WeChatRefused as refusal:
        if refusal.code in _MISSING:
            raise TransferMissing(number) from refusal
        raise
    return _read(answer, number)


def cancel_transfer(number: str) -> TransferNotice:
    """
    Take back what nobody has confirmed yet: CANCELING at first, CANCELLED later, unless confirmed before.

    :raises TransferMissing: WeChat has none under this number now
    :raises WeChatRefused: it is confirmed, or over: query it
    :raises WeChatError: as `client.ask`
    """
    try:
        answer = ask("POST", f"{_TRANSFERS}/out-bill-no/{quote(number, safe='')}/cancel", {})
    except WeChatRefused as refusal:
        if refusal.code in _MISSING:
            raise TransferMissing(number) from refusal
        raise
    return _read(answer, number)


def _read(answer: dict[str, Any], number: str) -> TransferNotice:
    try:
        found = transfer_notice(answer)
    except UnreadableNotice as error:
        raise WeChatUnknown(f"unreadable answer: {error}") from error
    if found.number != number:
        raise WeChatUnknown("an answer about another transfer")  # signatures do not cover the question
    return found
