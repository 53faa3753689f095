"""
What we decide in a ticket is told to WeChat: an answer, yes or no to a refund, that all is done.

It is written down with what was decided, and sent afterwards (complaint_sending).
"""

from django.db import transaction

from feedback.errors import ComplaintOver, RefundDecided
from feedback.models import Complaint, ComplaintTelling, Ticket, TicketMessage
from feedback.rules.complaints import REPEATABLE, ComplaintState, TellingKind, TellingState, parts_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen, yuan
from wallet_project.kit.rows import lock_row

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
    Somebody has seen to what WeChat did not like, or we failed at: all of it is told once more.

    :raises ComplaintOver: WeChat takes nothing about it any more
    """
    with transaction.atomic(durable=True):
        if lock_row(Complaint, complaint_id=complaint_id).state == ComplaintState.PROCESSED:
            raise ComplaintOver
        now = clock.now()
        untold = ComplaintTelling.objects.filter(complaint__complaint_id=complaint_id, state__in=REPEATABLE)
        for telling in untold.select_for_update(no_key=True).order_by("pk"):
            telling.state, telling.next_try_at, telling.ended_at = TellingState.WAITING, now, None
            telling.failures = 0
            telling.save(update_fields=["state", "next_try_at", "ended_at", "failures"])
            after_commit("feedback.send_telling", telling_id=telling.pk)
        record_audit(
            action="feedback.complaint.told_again",
            subject=f"complaint:{complaint_id}",
            facts={"by": by_id},
        )


def _tell(complaint: Complaint, kind: TellingKind, **what: object) -> None:
    now = clock.now()
    telling = ComplaintTelling.objects.create(
        complaint=complaint, kind=kind, made_at=now, next_try_at=now, **what
    )
    after_commit("feedback.send_telling", telling_id=telling.pk)


def _is_decided(complaint: Complaint) -> bool:
    decided = complaint.tellings.filter(kind__in=[TellingKind.PROMISE, TellingKind.REFUSAL])
    return decided.exclude(state__in=[TellingState.REFUSED, TellingState.NEEDLESS]).exists()
