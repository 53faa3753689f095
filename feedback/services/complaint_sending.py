"""
What WeChat is told of a complaint, on its way.

WeChat has no number for any of it, and would say it twice. So nothing is told again before WeChat's history
was looked at, and what is told goes one after the other.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from feedback.errors import PictureGone
from feedback.models import Complaint, ComplaintTelling, Ticket
from feedback.rules.complaints import (
    STEP_OF,
    UNFIT_TRIES,
    ComplaintState,
    TellingKind,
    TellingState,
    next_try,
)
from feedback.rules.tickets import OPEN_STATES, TicketState, Voice
from feedback.selectors.attachments import of_messages
from feedback.services.attachments import open_picture
from feedback.services.complaints import open_follow_up
from feedback.services.locks import lock_ticket
from feedback.services.tickets import move_ticket, say
from payments.gateways.wechat.client import BUDGET_SECONDS
from payments.gateways.wechat.complaints import (
    MOST_PICTURES,
    complete,
    fetch_complaint,
    fetch_history,
    promise_refund,
    refuse_refund,
    respond,
    upload_picture,
)
from payments.gateways.wechat.errors import WeChatError, WeChatRefused, WeChatUnreachable
from wallet_project.kit import clock
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.rows import lock_row

logger = logging.getLogger(__name__)


def due_tellings(*, at: datetime, limit: int) -> list[int]:
    """Of each complaint the first that waits: those behind it keep nobody else's from being told."""
    waiting = ComplaintTelling.objects.filter(state=TellingState.WAITING)
    before = waiting.filter(complaint=OuterRef("complaint"), pk__lt=OuterRef("pk"))
    due = waiting.filter(~Exists(before), next_try_at__lte=at)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def send_telling(*, telling_id: int) -> None:
    """
    Tell WeChat once; what it may have heard before is looked for first. Refused, an agent hears of it. What
    we fail at ourselves is tried UNFIT_TRIES times; then it waits for a person.
    """
    telling = _begin_try(telling_id, at=clock.now())
    if telling is None:
        return
    try:
        _try(telling)
    except Exception as error:
        logger.exception("feedback.complaint.untold", extra={"telling": telling_id})
        if _note_failure(telling_id, error):
            _wait_for_a_person(telling_id)
    else:
        extra = {"complaint": telling.complaint.complaint_id, "telling": telling_id}
        logger.info("feedback.complaint.told", extra=extra)


def _try(telling: ComplaintTelling) -> None:
    try:
        if telling.tries == 1 or not _is_known(telling):
            _ACTS[TellingKind(telling.kind)](telling)
    except WeChatRefused as refusal:
        if refusal.is_ours:
            _put_off(telling, refusal)
        else:
            verdict = TellingState.NEEDLESS if _is_needless(telling) else TellingState.REFUSED
            _end(telling, verdict, said=refusal.message)
    except WeChatError as error:
        _put_off(telling, error)
    else:
        _end(telling, TellingState.SENT)


@transaction.atomic(durable=True)
def _begin_try(telling_id: int, *, at: datetime) -> ComplaintTelling | None:
    """The try is counted and put off before WeChat is told, so a crash repeats nothing unseen."""
    due = ComplaintTelling.objects.filter(pk=telling_id, state=TellingState.WAITING, next_try_at__lte=at)
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    telling = locked.select_related("complaint__ticket").first()
    if telling is None:
        return None
    earlier = telling.complaint.tellings.filter(state=TellingState.WAITING, pk__lt=telling.pk)
    if earlier.exists():
        return None
    ticket = telling.complaint.ticket
    is_open = ticket is not None and TicketState(ticket.state) in OPEN_STATES
    if telling.kind == TellingKind.COMPLETE and is_open:
        telling.state, telling.next_try_at, telling.ended_at = TellingState.NEEDLESS, None, at
        telling.save()
        return None
    telling.tries += 1
    telling.next_try_at = next_try(at=at, tried=telling.tries)
    telling.save()
    return telling


def _is_known(telling: ComplaintTelling) -> bool:
    """Whether WeChat's history has one more of these than we know to have arrived."""
    same = telling.complaint.tellings.filter(kind=telling.kind, state=TellingState.SENT)
    steps = [
        step
        for step in fetch_history(telling.complaint.complaint_id)
        if step.kind == STEP_OF[TellingKind(telling.kind)]
    ]
    if telling.kind == TellingKind.RESPONSE:
        same = same.filter(text=telling.text)
        steps = [step for step in steps if step.text.strip() == telling.text]
    return len(steps) > same.count()


def _is_needless(telling: ComplaintTelling) -> bool:
    """A refund that arrived has ended the complaint before we said so."""
    if telling.kind not in {TellingKind.COMPLETE, TellingKind.PROMISE}:
        return False
    try:
        return fetch_complaint(telling.complaint.complaint_id).state == ComplaintState.PROCESSED
    except WeChatError:
        return False


def _respond(telling: ComplaintTelling) -> None:
    if telling.media_ids is None:
        telling.media_ids = _uploaded(telling)
        ComplaintTelling.objects.filter(pk=telling.pk).update(media_ids=telling.media_ids)
        _require_time(telling)
    respond(telling.complaint.complaint_id, text=telling.text, media_ids=telling.media_ids)


def _require_time(telling: ComplaintTelling) -> None:
    """:raises WeChatUnreachable: its pictures took so long that the next try could begin beside this one"""
    next_try_at = telling.next_try_at
    if next_try_at is None or clock.now() + timedelta(seconds=BUDGET_SECONDS) >= next_try_at:
        raise WeChatUnreachable("its pictures took the time of this try")


def _uploaded(telling: ComplaintTelling) -> list[str]:
    """The pictures of an answer go with its first part."""
    if telling.message_id is None or telling.part:
        return []
    media_ids = []
    for picture in of_messages([telling.message_id]).get(telling.message_id, [])[:MOST_PICTURES]:
        try:
            content = open_picture(picture.token)
        except PictureGone:
            continue
        media_ids.append(upload_picture(name=f"{picture.token}.jpg", content=content))
    return media_ids


_ACTS: dict[TellingKind, Callable[[ComplaintTelling], None]] = {
    TellingKind.RESPONSE: _respond,
    TellingKind.COMPLETE: lambda telling: complete(telling.complaint.complaint_id),
    TellingKind.PROMISE: lambda telling: promise_refund(telling.complaint.complaint_id, remark=telling.text),
    TellingKind.REFUSAL: lambda telling: refuse_refund(telling.complaint.complaint_id, reason=telling.text),
}


def _put_off(telling: ComplaintTelling, error: WeChatError) -> None:
    waiting = ComplaintTelling.objects.filter(pk=telling.pk, state=TellingState.WAITING)
    waiting.update(last_error=str(error)[:200])


@transaction.atomic(durable=True)
def _note_failure(telling_id: int, error: Exception) -> bool:
    """It was not WeChat's fault; returns whether that was the last try. What waits behind it goes on then."""
    telling = lock_row(ComplaintTelling, pk=telling_id)
    if telling.state != TellingState.WAITING:
        return False
    telling.failures += 1
    telling.last_error = f"写入失败：{type(error).__name__}"  # not its words: they may be the complaint's
    is_over = telling.failures >= UNFIT_TRIES
    if is_over:
        telling.state, telling.next_try_at, telling.ended_at = TellingState.UNFIT, None, clock.now()
        _send_following(telling)
    telling.save(update_fields=["failures", "last_error", "state", "next_try_at", "ended_at"])
    return is_over


@transaction.atomic(durable=True)
def _wait_for_a_person(telling_id: int) -> None:
    """By itself, after the tries have ended: where the ticket is what fails, they end all the same."""
    telling = ComplaintTelling.objects.select_related("complaint").get(pk=telling_id)
    assert telling.complaint.ticket_id is not None  # noqa: S101 - what is told was decided in a ticket
    ticket = lock_ticket(telling.complaint.ticket_id)
    words = (
        f"“{telling.get_kind_display()}”多次未能发给微信或写入，已停止自动尝试，微信可能已经收到。"
        "请到微信支付商户平台核对，排除后点“重新发给微信”。"
    )
    _hand_to_agents(telling, ticket, words=words, because="处理结果未能发给微信")


@transaction.atomic(durable=True)
def _end(telling: ComplaintTelling, state: TellingState, *, said: str = "") -> None:
    """It is over with this one; the next one goes, and what WeChat says now is read."""
    complaint = telling.complaint
    assert complaint.ticket_id is not None  # noqa: S101 - what is told was decided in a ticket
    ticket = lock_ticket(complaint.ticket_id)
    telling = lock_row(ComplaintTelling, pk=telling.pk)
    if telling.state != TellingState.WAITING:
        return
    now = clock.now()
    telling.state, telling.next_try_at, telling.ended_at = state, None, now
    telling.last_error = said[:200]
    telling.save(update_fields=["state", "next_try_at", "ended_at", "last_error"])
    Complaint.objects.filter(pk=complaint.pk).update(look_at=now)
    after_commit("feedback.read_complaint", complaint_id=complaint.complaint_id)
    _send_following(telling)
    if state == TellingState.REFUSED:
        words = f"微信未接受“{telling.get_kind_display()}”：{said}"
        _hand_to_agents(telling, ticket, words=words, because="微信未接受处理结果")


def _send_following(telling: ComplaintTelling) -> None:
    waiting = telling.complaint.tellings.filter(state=TellingState.WAITING).exclude(pk=telling.pk)
    if following := waiting.order_by("pk").first():
        after_commit("feedback.send_telling", telling_id=following.pk)


def _hand_to_agents(telling: ComplaintTelling, ticket: Ticket, *, words: str, because: str) -> None:
    """A note in its ticket, which is open then; what was said twice is one note."""
    if telling.kind == TellingKind.COMPLETE and ticket.state == TicketState.CLOSED:
        ticket = _go_on(telling.complaint, ticket, key=f"refused{telling.pk}")
    key = f"refused:{telling.pk}"
    say(ticket_id=ticket.pk, voice=Voice.NOTE, body=words, client_id=key, author_id=None)
    if ticket.state == TicketState.RESOLVED:
        move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None, because=because)


def _go_on(complaint: Complaint, closed: Ticket, *, key: str) -> Ticket:
    """What is not over in WeChat is not over here, whoever has closed its ticket."""
    words = f"微信支付投诉单 {complaint.complaint_id} 尚未完结，继续处理"
    ticket = open_follow_up(complaint, closed, words=words, key=key)
    Complaint.objects.filter(pk=complaint.pk).update(ticket=ticket)
    return ticket
