"""A payer complains in WeChat: it is heard of, read, and talked about in a ticket like any other."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from accounts.models import KeyDestroyed
from accounts.selectors.users import known_by_wechat
from accounts.services.reveals import note_reveal
from feedback.errors import NothingSaid, PictureQuotaUsed, PictureRefused, TicketClosed
from feedback.models import Attachment, Complaint, ComplaintTelling, Ticket, TicketMessage
from feedback.rules.complaints import (
    FIRST_STEP,
    UNFIT_TRIES,
    UNREAD_TRIES,
    ComplaintState,
    TellingKind,
    next_try,
    words_of_step,
)
from feedback.rules.tickets import OPEN_STATES, Priority, TicketChannel, TicketKind, TicketState, Voice
from feedback.selectors.complaints import waits_for_a_person
from feedback.services.attachments import attach, keep_picture
from feedback.services.locks import lock_ticket
from feedback.services.tickets import move_ticket, open_ticket, reclassify, say
from payments.gateways.wechat.complaints import (
    ComplaintStep,
    ToldComplaint,
    download_picture,
    fetch_complaint,
    fetch_history,
    list_complaints,
    listen_to_complaints,
)
from payments.gateways.wechat.errors import UnreadableNotice, WeChatError, WeChatRefused
from payments.selectors.payments import payment_named
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import lock_row

logger = logging.getLogger(__name__)

_SAYS_NOTHING = "（没有文字内容）"


def notice_complaint(complaint_id: str) -> None:
    """
    WeChat has news of a complaint, old or new. It is written down here and now, and read by a worker: what
    cannot be read is not forgotten.

    Requires a transaction.
    """
    require_transaction()
    now = clock.now()
    complaint, is_new = Complaint.objects.get_or_create(
        complaint_id=complaint_id, defaults={"noticed_at": now, "look_at": now}
    )
    if not is_new:
        Complaint.objects.filter(pk=complaint.pk).update(look_at=now)
    after_commit("feedback.read_complaint", complaint_id=complaint_id)


def find_complaints(*, at: datetime, days: int) -> int:
    """
    Ask WeChat for the complaints of so many days, in case a callback was lost; how many had news.

    :raises WeChatError: as the gateway's
    """
    today = clock.business_day(at)
    listen_to_complaints()
    found = 0
    for listed in list_complaints(begin=today - timedelta(days=days), end=today):
        as_we_know_it = (
            Q(state=listed.state, times=listed.times, is_unanswered=listed.is_unanswered)
            | waits_for_a_person()
        )
        if not Complaint.objects.filter(as_we_know_it, complaint_id=listed.complaint_id).exists():
            with transaction.atomic(durable=True):
                notice_complaint(listed.complaint_id)
            found += 1
    return found


def look_again(*, complaint_id: str) -> None:
    """Somebody wants to know how it is now."""
    with transaction.atomic(durable=True):
        notice_complaint(complaint_id)


def reveal_phone(*, complaint_id: str, staff_id: int, reason: str) -> str:
    """
    The number to call whoever complains; the look is in the trail before they see it.

    :raises RevealsUsedUp: they have seen enough for one day
    """
    complaint = Complaint.objects.select_related("ticket").get(complaint_id=complaint_id)
    subject = f"complaint:{complaint_id}"
    whose = complaint.ticket.user_id if complaint.ticket else None
    note_reveal(staff_id=staff_id, user_id=whose, what="投诉联系电话", reason=reason, left_in=subject)
    record_audit(action="feedback.complaint.phone_seen", subject=subject, facts={"reason": reason})
    return complaint.phone


def due_complaints(*, at: datetime, limit: int) -> list[str]:
    """Those with news that nobody has read, each put off by its back-off first."""
    with transaction.atomic(durable=True):
        due = list(
            Complaint.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(look_at__lte=at)
            .order_by("look_at")[:limit]
        )
        for complaint in due:
            complaint.look_at = next_try(at=at, tried=complaint.failures)
        Complaint.objects.bulk_update(due, ["look_at"])
    return [complaint.complaint_id for complaint in due]


def read_complaint(*, complaint_id: str) -> None:
    """
    Read what WeChat says of a complaint and take it into its ticket; twice does no harm.

    One that does not open is tried again for as long as it takes, and a person soon has a ticket that says
    so: their time runs whether we can read it or not. What WeChat says and we fail to keep is tried
    UNFIT_TRIES times; then it waits in its ticket for a person, and for news.
    """
    began = clock.now()
    try:
        told, steps = fetch_complaint(complaint_id), fetch_history(complaint_id)
    except WeChatError as error:
        is_final = isinstance(error, UnreadableNotice) or (
            isinstance(error, WeChatRefused) and not error.is_ours
        )
        _note_failure(complaint_id, str(error), tells_at_once=is_final)
        return
    try:
        complaint = Complaint.objects.get(complaint_id=complaint_id)
        fresh = [step for step in steps if step.log_id not in complaint.heard]
        pictures = _kept_pictures(_payer_of(told), fresh)
        _take_in(told, fresh, pictures, began=began)
    except Exception as error:
        logger.exception("feedback.complaint.unfit", extra={"complaint": complaint_id})
        # Not its words: they may be the complaint's.
        if _note_failure(complaint_id, f"写入失败：{type(error).__name__}") >= UNFIT_TRIES:
            wait_for_a_person(complaint_id)


@retry_conflicts
def _take_in(
    told: ToldComplaint, steps: list[ComplaintStep], pictures: dict[str, Attachment], *, began: datetime
) -> None:
    with transaction.atomic(durable=True):
        ticket = _ticket_of(told)
        complaint = lock_row(Complaint, complaint_id=told.complaint_id)
        if complaint.read_at and complaint.read_at > began:
            return  # what another worker has read is newer
        was = complaint.state
        complaint.ticket = complaint.ticket or ticket  # it may have gone on in another one meanwhile
        complaint.about = _about_of(told) or ticket.about
        _describe(complaint, told, read_at=began)
        _say_steps(complaint, steps, pictures)
        complaint.save()
        if told.state == ComplaintState.PROCESSED != was:
            _end(complaint)
        elif told.with_platform or told.is_urgent:
            _hurry(complaint)


def _ticket_of(told: ToldComplaint) -> Ticket:
    """Its ticket, locked; it is opened where there is none, and made known where it could not be read."""
    known = Complaint.objects.get(complaint_id=told.complaint_id)
    user_id, about = _payer_of(told), _about_of(told)
    subject = f"微信支付投诉：{told.problem or told.detail or told.complaint_id}"
    if known.ticket_id is None:
        ticket = open_ticket(
            user_id=user_id,
            kind=TicketKind.COMPLAINT,
            channel=TicketChannel.WECHAT,
            subject=subject,
            body=told.detail.strip() or _SAYS_NOTHING,
            source=_source(told.complaint_id),
            about=about,
            amount=told.paid,
        )
        return lock_ticket(ticket.pk)
    ticket = lock_ticket(known.ticket_id)
    if known.read_at is None:
        ticket.user_id, ticket.about = user_id or ticket.user_id, about or ticket.about
        ticket.amount, ticket.subject = told.paid, subject[:120]
        ticket.save(update_fields=["user", "about", "amount", "subject"])
        _say(ticket.pk, Voice.CUSTOMER, told.detail, client_id="wechat:first")
    return ticket


def _describe(complaint: Complaint, told: ToldComplaint, *, read_at: datetime) -> None:
    complaint.state = ComplaintState(told.state)
    complaint.problem_type, complaint.problem = told.problem_type[:32], told.problem[:200]
    complaint.payment_no, complaint.transaction_id = told.number, told.transaction_id
    complaint.paid, complaint.refund_wanted = told.paid, told.refund_wanted
    complaint.phone = told.phone
    complaint.times = told.times
    complaint.is_unanswered, complaint.is_refunded = told.is_unanswered, told.is_refunded
    complaint.with_platform, complaint.is_urgent = told.with_platform, told.is_urgent
    complaint.complained_at, complaint.read_at = told.at, read_at
    complaint.look_at, complaint.failures, complaint.last_error = None, 0, ""
    is_over = told.state == ComplaintState.PROCESSED
    complaint.processed_at = (complaint.processed_at or read_at) if is_over else None


def _say_steps(complaint: Complaint, steps: list[ComplaintStep], pictures: dict[str, Attachment]) -> None:
    """What is new in WeChat's history is in the conversation; our own answers are in it already."""
    unshown = dict(pictures)
    ours = set(
        ComplaintTelling.objects.filter(complaint=complaint, kind=TellingKind.RESPONSE).values_list(
            "text", flat=True
        )
    )
    for step in steps:
        if step.log_id in complaint.heard:
            continue  # another worker was faster
        complaint.heard.append(step.log_id)
        voice, words = words_of_step(step.kind, step.text)
        if voice == Voice.AGENT:
            complaint.answered_at = complaint.answered_at or step.at
            if step.text.strip() in ours:
                continue
        if step.kind == FIRST_STEP:
            message = TicketMessage.objects.filter(ticket__source=_source(complaint.complaint_id)).earliest(
                "id"
            )
        else:
            message = _say_or_follow_up(complaint, step, voice, words)
        shown = [unshown.pop(url) for url in step.pictures if url in unshown]
        _show_pictures(complaint, message, shown, left=sum(url not in pictures for url in step.pictures))


def _say_or_follow_up(complaint: Complaint, step: ComplaintStep, voice: Voice, words: str) -> TicketMessage:
    """What is closed is followed up by a new ticket, which then is the complaint's."""
    client_id = f"wechat:{step.log_id}"
    before = _locked_ticket(complaint)
    try:
        return _say(before.pk, voice, words, client_id=client_id)
    except TicketClosed:
        complaint.ticket = open_follow_up(complaint, before, words=words, key=step.log_id)
        return complaint.ticket.messages.earliest("id")


def open_follow_up(complaint: Complaint, before: Ticket, *, words: str, key: str) -> Ticket:
    """The ticket in which a complaint goes on whose own is closed; once for each key."""
    return open_ticket(
        user_id=before.user_id,
        kind=TicketKind.COMPLAINT,
        channel=TicketChannel.WECHAT,
        subject=before.subject,
        body=words,
        source=f"{_source(complaint.complaint_id)}:{key}",
        about=before.about,
        amount=Fen(before.amount),
        follows_id=before.pk,
    )


def _say(ticket_id: int, voice: Voice, words: str, *, client_id: str) -> TicketMessage:
    speak = partial(say, ticket_id=ticket_id, voice=voice, client_id=client_id, author_id=None)
    try:
        return speak(body=words)
    except NothingSaid:
        return speak(body=_SAYS_NOTHING)


def _payer_of(told: ToldComplaint) -> int | None:
    """Who paid what it is about, or who is known by this openid; None: nobody we know."""
    payment = payment_named(number=told.number, transaction_id=told.transaction_id)
    return payment.payer_id if payment else known_by_wechat(told.openid)


def _about_of(told: ToldComplaint) -> str:
    """What was paid for; "" where it is no payment of ours."""
    payment = payment_named(number=told.number, transaction_id=told.transaction_id)
    if payment and payment.order:
        return f"order:{payment.order.number}"
    return f"top_up:{payment.top_up.number}" if payment and payment.top_up else ""


def _kept_pictures(owner_id: int | None, steps: Iterable[ComplaintStep]) -> dict[str, Attachment]:
    """
    The pictures that come with these steps, by their links. They are sealed with their payer's key, so those
    of somebody we do not know, or who has left, stay where they are; so does what is no picture.
    """
    kept: dict[str, Attachment] = {}
    if owner_id is None:
        return kept
    for url in dict.fromkeys(url for step in steps for url in step.pictures):
        try:
            kept[url] = keep_picture(owner_id=owner_id, content=download_picture(url))
        except (WeChatError, PictureRefused, PictureQuotaUsed, KeyDestroyed) as error:
            logger.warning("feedback.complaint.picture_left", extra={"reason": type(error).__name__})
    return kept


def _show_pictures(
    complaint: Complaint, message: TicketMessage, shown: list[Attachment], *, left: int
) -> None:
    if shown:
        tokens = [picture.token for picture in shown]
        attach(message_id=message.pk, owner_id=shown[0].owner_id, tokens=tokens)
    if left:
        note = f"【图片】还有 {left} 张图片未能取回，请在微信支付商户平台查看投诉单 {complaint.complaint_id}"
        _say(message.ticket_id, Voice.NOTE, note, client_id=f"wechat:left:{message.pk}")


def _end(complaint: Complaint) -> None:
    """WeChat says that it is over, whoever has ended it."""
    ticket = _locked_ticket(complaint)
    if ticket.state in OPEN_STATES:
        move_ticket(
            ticket_id=ticket.pk, to=TicketState.RESOLVED, by_id=None, because="微信支付投诉单已处理完成"
        )


def _hurry(complaint: Complaint) -> None:
    ticket = _locked_ticket(complaint)
    if ticket.state in OPEN_STATES and ticket.priority != Priority.EMERGENCY:
        reclassify(ticket_id=ticket.pk, by_id=None, priority=Priority.EMERGENCY)


def _locked_ticket(complaint: Complaint) -> Ticket:
    assert complaint.ticket_id is not None  # noqa: S101 - the table says so of what was read
    return lock_ticket(complaint.ticket_id)


def _note_failure(complaint_id: str, reason: str, *, tells_at_once: bool = False) -> int:
    """It is tried again, and soon a ticket says that it cannot be read; returns how often it has failed."""
    now = clock.now()
    logger.warning("feedback.complaint.unread", extra={"complaint": complaint_id, "reason": reason})
    with transaction.atomic(durable=True):
        complaint = lock_row(Complaint, complaint_id=complaint_id)
        complaint.failures += 1
        complaint.last_error = reason[:200]
        complaint.look_at = next_try(at=now, tried=complaint.failures)
        needs_ticket = complaint.ticket_id is None and (tells_at_once or complaint.failures >= UNREAD_TRIES)
        complaint.save(update_fields=["failures", "last_error", "look_at"])
    if needs_ticket:
        _open_unread(complaint_id)
    return complaint.failures


def wait_for_a_person(complaint_id: str) -> None:
    """It is not tried by itself any more. Whoever has its ticket, which is open, hears so once a day."""
    words = (
        f"投诉单 {complaint_id} 的新内容多次未能写入，已停止自动读取。"
        "请到微信支付商户平台查看并答复，排除后点“重新读取”。"
    )
    key = f"unfit{clock.business_day(clock.now()):%Y%m%d}"
    with transaction.atomic(durable=True):
        complaint = Complaint.objects.get(complaint_id=complaint_id)
        ticket = _locked_ticket(complaint)
        if ticket.state == TicketState.CLOSED:
            ticket = open_follow_up(complaint, ticket, words=words, key=key)
        else:
            _say(ticket.pk, Voice.NOTE, words, client_id=f"wechat:{key}")
            if ticket.state in {TicketState.WAITING, TicketState.RESOLVED}:
                move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None, because="投诉内容未能写入")
        Complaint.objects.filter(pk=complaint.pk).update(ticket=ticket, look_at=None)


def _open_unread(complaint_id: str) -> None:
    with transaction.atomic(durable=True):
        ticket = open_ticket(
            user_id=None,
            kind=TicketKind.COMPLAINT,
            channel=TicketChannel.WECHAT,
            subject="微信支付投诉（暂时无法读取）",
            body=f"微信支付投诉单 {complaint_id} 暂时无法读取。请先到微信支付商户平台查看并答复。",
            source=_source(complaint_id),
        )
        Complaint.objects.filter(complaint_id=complaint_id, ticket=None).update(ticket=ticket)


def _source(complaint_id: str) -> str:
    return f"wechat:{complaint_id}"
