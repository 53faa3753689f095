"""
What we decide in a ticket is told to WeChat: an answer, yes or no to a refund, that all is done.

WeChat has no number for any of it, and would say it twice. So nothing is told again before WeChat's history
was looked at, and what is told goes one after the other.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from feedback.errors import ComplaintOver, PictureGone, RefundDecided
from feedback.models import Complaint, ComplaintTelling, Ticket, TicketMessage
from feedback.rules.complaints import (
    STEP_OF,
    ComplaintState,
    TellingKind,
    TellingState,
    next_try,
    parts_of,
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
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen, yuan
from wallet_project.kit.rows import lock_row

logger = logging.getLogger(__name__)

_FROM_WECHAT = "wechat:"  # how the client ids of what WeChat told us begin


def tell_answer(*, message_id: int) -> None:
    """
    What an agent has written in a complaint's ticket goes to WeChat, too, in as many parts as it takes; once.
    Of what is over there it takes no more words: they are read in the mini-program alone.

    Requires a transaction.
    """
    require_transaction()
    message = TicketMessage.objects.get(pk=message_id)
    if message.client_id.startswith(_FROM_WECHAT):
        return
    open_ones = Complaint.objects.filter(ticket=message.ticket_id).exclude(state=ComplaintState.PROCESSED)
    for complaint in open_ones:
        if not complaint.tellings.filter(message=message).exists():
            for part, text in enumerate(parts_of(message.body)):
                _tell(complaint, TellingKind.RESPONSE, text=text, message=message, part=part)


def tell_end(*, ticket_id: int) -> None:
    """A complaint's ticket is resolved or closed: WeChat hears that all is done. Requires a transaction."""
    require_transaction()
    open_ones = Complaint.objects.filter(ticket=ticket_id).exclude(state=ComplaintState.PROCESSED)
    for complaint in open_ones:
        waiting = complaint.tellings.filter(kind=TellingKind.COMPLETE, state=TellingState.WAITING)
        if not waiting.exists():
            _tell(complaint, TellingKind.COMPLETE)


def follow_merge(*, ticket_id: int) -> None:
    """A complaint's conversation goes on in another ticket. Requires a transaction."""
    require_transaction()
    into_id = Ticket.objects.values_list("merged_into", flat=True).get(pk=ticket_id)
    Complaint.objects.filter(ticket=ticket_id).update(ticket=into_id)


def tell_refund(*, about: str, amount: Fen | None = None) -> None:
    """
    An order or a top-up is refunded, by whomever: who asked for that in a complaint hears that we agree.

    Requires a transaction.
    """
    require_transaction()
    sum_of_money = f" {yuan(amount)} 元" if amount else ""
    wanting = Complaint.objects.filter(about=about, refund_wanted__isnull=False)
    for complaint in wanting.exclude(state=ComplaintState.PROCESSED).select_for_update(no_key=True):
        if not _is_decided(complaint):
            _tell(complaint, TellingKind.PROMISE, text=f"同意退款{sum_of_money}，按支付渠道原路退回")


def refuse_what_is_wanted(*, complaint_id: str, reason: str, by_id: int) -> None:
    """
    An agent says no to somebody who asked for their money in a complaint; `reason` is what they read.

    :raises ComplaintOver: WeChat takes nothing about it any more
    :raises RefundDecided: nobody asked, or it was decided before
    """
    with transaction.atomic(durable=True):
        complaint = lock_row(Complaint, complaint_id=complaint_id)
        if complaint.state == ComplaintState.PROCESSED:
            raise ComplaintOver
        if complaint.refund_wanted is None or _is_decided(complaint):
            raise RefundDecided
        _tell(complaint, TellingKind.REFUSAL, text=reason)
        record_audit(
            action="feedback.complaint.refund_refused",
            subject=f"complaint:{complaint.complaint_id}",
            facts={"by": by_id, "reason": reason},
        )


def tell_again(*, complaint_id: str, by_id: int) -> None:
    """
    Somebody has seen to what WeChat did not like: everything that it refused is told once more.

    :raises ComplaintOver: WeChat takes nothing about it any more
    """
    with transaction.atomic(durable=True):
        if lock_row(Complaint, complaint_id=complaint_id).state == ComplaintState.PROCESSED:
            raise ComplaintOver
        now = clock.now()
        refused = ComplaintTelling.objects.filter(
            complaint__complaint_id=complaint_id, state=TellingState.REFUSED
        )
        for telling in refused.select_for_update(no_key=True).order_by("pk"):
            telling.state, telling.next_try_at, telling.ended_at = TellingState.WAITING, now, None
            telling.save(update_fields=["state", "next_try_at", "ended_at"])
            after_commit("feedback.send_telling", telling_id=telling.pk)
        record_audit(
            action="feedback.complaint.told_again",
            subject=f"complaint:{complaint_id}",
            facts={"by": by_id},
        )


def due_tellings(*, at: datetime, limit: int) -> list[int]:
    """Of each complaint the first that waits: those behind it keep nobody else's from being told."""
    waiting = ComplaintTelling.objects.filter(state=TellingState.WAITING)
    before = waiting.filter(complaint=OuterRef("complaint"), pk__lt=OuterRef("pk"))
    due = waiting.filter(~Exists(before), next_try_at__lte=at)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def send_telling(*, telling_id: int) -> None:
    """Tell WeChat once; what it may have heard before is looked for first. Refused, an agent hears of it."""
    telling = _begin_try(telling_id, at=clock.now())
    if telling is None:
        return
    complaint_id = telling.complaint.complaint_id
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
    logger.info("feedback.complaint.told", extra={"complaint": complaint_id, "telling": telling_id})


def _tell(complaint: Complaint, kind: TellingKind, **what: object) -> None:
    now = clock.now()
    telling = ComplaintTelling.objects.create(
        complaint=complaint, kind=kind, made_at=now, next_try_at=now, **what
    )
    after_commit("feedback.send_telling", telling_id=telling.pk)


def _is_decided(complaint: Complaint) -> bool:
    decided = complaint.tellings.filter(kind__in=[TellingKind.PROMISE, TellingKind.REFUSAL])
    return decided.exclude(state__in=[TellingState.REFUSED, TellingState.NEEDLESS]).exists()


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


def _go_on(complaint: Complaint, closed: Ticket, *, key: str) -> Ticket:
    """What is not over in WeChat is not over here, whoever has closed its ticket."""
    words = f"微信支付投诉单 {complaint.complaint_id} 尚未完结，继续处理"
    ticket = open_follow_up(complaint, closed, words=words, key=key)
    Complaint.objects.filter(pk=complaint.pk).update(ticket=ticket)
    return ticket


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
    following = complaint.tellings.filter(state=TellingState.WAITING).order_by("pk").first()
    if following:
        after_commit("feedback.send_telling", telling_id=following.pk)
    if state == TellingState.REFUSED:
        if telling.kind == TellingKind.COMPLETE and ticket.state == TicketState.CLOSED:
            ticket = _go_on(complaint, ticket, key=f"refused{telling.pk}")
        say(
            ticket_id=ticket.pk,
            voice=Voice.NOTE,
            body=f"微信未接受“{telling.get_kind_display()}”：{said}",
            client_id=f"refused:{telling.pk}",
            author_id=None,
        )
        if ticket.state == TicketState.RESOLVED:
            move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None, because="微信未接受处理结果")
