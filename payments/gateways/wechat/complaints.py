"""
Consumer complaints 2.0: read, answer, end (WeChat Pay v3 docs 4012533431, 4012467255, 4012289719).

A payer complains inside WeChat; we read what they say there and answer there. An answer has no number of
ours: sent twice it is read twice. So what writes is sent once, and whoever is unsure reads the history first.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from payments.gateways.wechat.client import ask, ask_once, download, upload
from payments.gateways.wechat.errors import UnreadableNotice, WeChatRefused, WeChatUnknown
from payments.gateways.wechat.keys import merchant_key
from payments.gateways.wechat.messages import checked_fen, moment, one_of, optional, required
from payments.gateways.wechat.signing import decrypt_field
from wallet_project.kit.money import ZERO, Fen

_COMPLAINTS = "/v3/merchant-service/complaints-v2"
_IMAGES = "/v3/merchant-service/images"
_ADDRESS = "/v3/merchant-service/complaint-notifications"
NOTIFY_PATH = "/api/v1/callbacks/wechat/complaints"
LONGEST_ANSWER = 200
MOST_PICTURES = 4
MOST_PICTURE_BYTES = 10 * 1024 * 1024
MISSING = {"RESOURCE_NOT_EXISTS", "NOT_FOUND"}
_PAGE = 50
_LONGEST_TEXT = 2_000


class ComplaintState(StrEnum):
    """PENDING until we first answer; PROCESSED when we, the payer or a full refund say that it is over."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    PROCESSED = "PROCESSED"


@dataclass(frozen=True, kw_only=True)
class ListedComplaint:
    """What tells whether we know the newest of one complaint."""

    complaint_id: str
    state: str
    times: int
    is_unanswered: bool


@dataclass(frozen=True, kw_only=True)
class ToldComplaint:
    """
    A complaint as WeChat sees it. `number` and `transaction_id` name the payment, "" where it names none;
    `paid` and `refund_wanted` are fen. `phone` is "" where it does not open.
    """

    complaint_id: str
    state: ComplaintState
    at: datetime
    detail: str
    problem_type: str
    problem: str
    openid: str
    phone: str
    number: str
    transaction_id: str
    paid: Fen
    refund_wanted: Fen | None
    times: int
    is_unanswered: bool
    is_refunded: bool
    with_platform: bool
    is_urgent: bool
    pictures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ComplaintStep:
    """One line of the history; `kind` is WeChat's operate_type, whether we know it or not."""

    log_id: str
    kind: str
    operator: str
    text: str
    at: datetime
    pictures: tuple[str, ...]


def list_complaints(*, begin: date, end: date) -> Iterator[ListedComplaint]:
    """
    Those filed from `begin` to `end`, thirty days apart at most. What has no id is left out.

    :raises WeChatError: as `client.ask`
    """
    offset, total = 0, 1
    while offset < total:
        said = ask("GET", f"{_COMPLAINTS}?limit={_PAGE}&offset={offset}&begin_date={begin}&end_date={end}")
        rows, total = _rows(said), _count(said)
        for row in rows:
            complaint_id = row.get("complaint_id")
            if isinstance(complaint_id, str) and complaint_id:
                times = row.get("user_complaint_times")
                yield ListedComplaint(
                    complaint_id=complaint_id,
                    state=str(row.get("complaint_state")),
                    times=times if isinstance(times, int) else 0,
                    is_unanswered=row.get("incoming_user_response") is True,
                )
        offset += _PAGE


def fetch_complaint(complaint_id: str) -> ToldComplaint:
    """
    :raises WeChatRefused: MISSING, there is none of this id
    :raises UnreadableNotice: it says something that the documents do not know
    :raises WeChatError: as `client.ask`
    """
    said = ask("GET", _path(complaint_id))
    order = next(iter(_objects(said, "complaint_order_info")), {})
    wanted = optional(said, "apply_refund_amount", int)
    told = ToldComplaint(
        complaint_id=required(said, "complaint_id", str),
        state=one_of(ComplaintState, required(said, "complaint_state", str)),
        at=_required_moment(said, "complaint_time"),
        detail=_words(said, "complaint_detail"),
        problem_type=optional(said, "problem_type", str) or "",
        problem=_words(said, "problem_description"),
        openid=optional(said, "payer_openid", str) or "",
        phone=_phone(said),
        number=optional(order, "out_trade_no", str) or "",
        transaction_id=optional(order, "transaction_id", str) or "",
        paid=checked_fen(optional(order, "amount", int) or ZERO),
        refund_wanted=None if wanted is None else checked_fen(wanted),
        times=optional(said, "user_complaint_times", int) or 1,
        is_unanswered=said.get("incoming_user_response") is True,
        is_refunded=said.get("complaint_full_refunded") is True,
        with_platform=said.get("in_platform_service") is True,
        is_urgent=said.get("need_immediate_service") is True,
        pictures=_pictures(said),
    )
    if told.complaint_id != complaint_id:
        raise WeChatUnknown("an answer about another complaint")  # signatures do not cover the question
    return told


def fetch_history(complaint_id: str) -> list[ComplaintStep]:
    """
    Everything that was said and done, the oldest first. What has no id or time is left out.

    :raises WeChatError: as `client.ask`
    """
    steps: list[ComplaintStep] = []
    offset, total = 0, 1
    while offset < total:
        said = ask("GET", f"{_path(complaint_id)}/negotiation-historys?limit={_PAGE}&offset={offset}")
        total = _count(said)
        steps += [step for row in _rows(said) if (step := _step(row))]
        offset += _PAGE
    # WeChat sends the newest first; a second has more than one step, and a stable sort keeps their order.
    steps.reverse()
    return sorted(steps, key=lambda step: step.at)


def respond(complaint_id: str, *, text: str, media_ids: list[str]) -> None:
    """
    What the payer reads: LONGEST_ANSWER characters and MOST_PICTURES at most.

    :raises WeChatRefused: for example, it is over
    :raises WeChatUnknown: they may have read it: look at the history
    :raises WeChatError: as `client.ask`
    """
    payload: dict[str, Any] = {"complainted_mchid": settings.WECHAT["mchid"], "response_content": text}
    if media_ids:
        payload["response_images"] = media_ids
    ask_once("POST", f"{_path(complaint_id)}/response", payload)


def complete(complaint_id: str) -> None:
    """
    It is dealt with; WeChat asks the payer whether they are content.

    :raises WeChatRefused: nobody has answered it yet, or it is over already
    :raises WeChatError: as `client.ask`
    """
    ask_once("POST", f"{_path(complaint_id)}/complete", {"complainted_mchid": settings.WECHAT["mchid"]})


def promise_refund(complaint_id: str, *, remark: str) -> None:
    """
    Who asked for their money gets it, today. The refund itself is another call; when it arrives it is over.

    :raises WeChatRefused: nobody asked for it, or it is decided
    :raises WeChatError: as `client.ask`
    """
    said = {"action": "APPROVE", "launch_refund_day": 0, "remark": remark}
    ask_once("POST", f"{_path(complaint_id)}/update-refund-progress", said)


def refuse_refund(complaint_id: str, *, reason: str) -> None:
    """
    Who asked for their money does not get it; `reason` is what they read.

    :raises WeChatRefused: nobody asked for it, or it is decided
    :raises WeChatError: as `client.ask`
    """
    said = {"action": "REJECT", "reject_reason": reason}
    ask_once("POST", f"{_path(complaint_id)}/update-refund-progress", said)


def upload_picture(*, name: str, content: bytes) -> str:
    """
    The media_id by which `respond` may show it.

    :raises WeChatError: as `client.ask`
    """
    meta = {"filename": name, "sha256": hashlib.sha256(content).hexdigest()}
    said = upload(f"{_IMAGES}/upload", meta=meta, name=name, content=content)
    media_id = said.get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise WeChatUnknown("an answer without a media_id")
    return media_id


def download_picture(url: str) -> bytes:
    """
    A picture of the payer's. Not signed and not looked at: whoever keeps it must make it harmless.

    :raises WeChatRefused: there is none, or it is no picture of a complaint, or a monstrous one
    :raises WeChatUnreachable: WeChat did not answer, or broke off
    """
    # Where WeChat lives is our settings' word: of the link we take what comes after the host.
    path = unquote(urlsplit(url).path)
    if not path.startswith(f"{_IMAGES}/") or ".." in path:
        raise WeChatRefused(code="NO_PICTURE", message="not among the pictures", status=0)
    content = bytearray()
    with download(quote(path)) as pieces:
        for piece in pieces:
            content += piece
            if len(content) > MOST_PICTURE_BYTES:
                raise WeChatRefused(code="NO_PICTURE", message="longer than any picture", status=0)
    return bytes(content)


def listen_to_complaints() -> bool:
    """
    See to it that WeChat tells our address of complaints; whether it did not before.

    :raises WeChatError: as `client.ask`
    """
    ours = {"url": settings.PUBLIC_URL + NOTIFY_PATH}
    try:
        known = ask("GET", _ADDRESS).get("url")
    except WeChatRefused as refusal:
        if refusal.code not in MISSING:
            raise
        ask("POST", _ADDRESS, ours)
        return True
    if known == ours["url"]:
        return False
    ask("PUT", _ADDRESS, ours)
    return True


def _path(complaint_id: str) -> str:
    return f"{_COMPLAINTS}/{quote(complaint_id, safe='')}"


def _step(row: Mapping[str, Any]) -> ComplaintStep | None:
    try:
        return ComplaintStep(
            log_id=required(row, "log_id", str),
            kind=required(row, "operate_type", str),
            operator=_words(row, "operator"),
            text=_words(row, "operate_details"),
            at=_required_moment(row, "operate_time"),
            pictures=_pictures(row),
        )
    except UnreadableNotice:
        return None


def _pictures(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The documents show one object here and a list there, and older ones `image_list`."""
    media = said.get("complaint_media_list")
    groups = [media] if isinstance(media, dict) else _objects(said, "complaint_media_list")
    lists = [group.get("media_url") for group in groups] + [said.get("image_list")]
    urls = [url for some in lists if isinstance(some, list) for url in some if isinstance(url, str)]
    return tuple(dict.fromkeys(urls))


def _phone(said: Mapping[str, Any]) -> str:
    """WeChat encrypts it for our merchant certificate; one that does not open must not keep the rest away."""
    sealed = said.get("payer_phone")
    if not isinstance(sealed, str) or not sealed:
        return ""
    try:
        return decrypt_field(sealed, key=merchant_key())[:20]
    except ValueError:
        return ""


def _words(said: Mapping[str, Any], name: str) -> str:
    """What a person wrote, lines and all."""
    text = said.get(name)
    return text[:_LONGEST_TEXT] if isinstance(text, str) else ""


def _required_moment(said: Mapping[str, Any], name: str) -> datetime:
    at = moment(required(said, name, str))
    assert at is not None  # noqa: S101 - only an empty text has none
    return at


def _rows(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _objects(said, "data")


def _objects(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = said.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _count(said: Mapping[str, Any]) -> int:
    total = said.get("total_count")
    return total if isinstance(total, int) else 0
