"""Whoever does not answer us is reminded once; later their ticket is resolved, until they write again."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.events import CustomerReminded
from feedback.models import Ticket
from feedback.rules.tickets import TicketState
from feedback.services.locks import lock_ticket
from feedback.services.tickets import move_locked, tell
from wallet_project.kit.events import publish
from wallet_project.kit.sweeps import sweep

_DAY = timedelta(days=1)
_IS_REMINDED = Q(reminded_at__gte=F("we_wrote_at"))  # of this answer of ours, not of an earlier one


def remind_the_silent(*, at: datetime, limit: int) -> int:
    """Each once for each answer of ours, in a transaction of its own; returns how many."""
    due = unreminded(at).order_by("we_wrote_at").values_list("pk", flat=True)[:limit]
    return sweep(list(due), partial(_remind, at=at), failed="feedback.silence.not_reminded")


def resolve_the_silent(*, at: datetime, limit: int) -> int:
    """What they were reminded of in vain, each in a transaction of its own; returns how many."""
    due = reminded_in_vain(at).order_by("we_wrote_at").values_list("pk", flat=True)[:limit]
    return sweep(list(due), partial(_resolve, at=at), failed="feedback.silence.not_resolved")


def unreminded(at: datetime) -> QuerySet[Ticket]:
    """Waiting for their customer for as long as the queue says, who was not reminded yet."""
    waiting = Ticket.objects.filter(state=TicketState.WAITING)
    long_ago = waiting.filter(we_wrote_at__lte=at - _days(F("queue__remind_days")))
    return long_ago.filter(Q(reminded_at=None) | ~_IS_REMINDED)


def reminded_in_vain(at: datetime) -> QuerySet[Ticket]:
    """The time between both is given in any case, however late the reminder was."""
    waiting = Ticket.objects.filter(_IS_REMINDED, state=TicketState.WAITING)
    between = F("queue__resolve_days") - F("queue__remind_days")
    return waiting.filter(
        we_wrote_at__lte=at - _days(F("queue__resolve_days")), reminded_at__lte=at - _days(between)
    )


def _days(count: Combinable) -> Any:
    return ExpressionWrapper(count * Value(_DAY), output_field=DurationField())


def _remind(ticket_id: int, *, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        ticket = lock_ticket(ticket_id)
        if not unreminded(at).filter(pk=ticket_id).exists():
            return False  # somebody wrote in this very moment
        ticket.reminded_at = at
        ticket.save(update_fields=["reminded_at"])
        with translation.override(ticket.language):
            tell(ticket, _("我们在等您的回复，以便继续处理。如果问题已经解决，可以关闭工单"), at=at)
        publish(CustomerReminded(ticket_id=ticket_id))
    return True


def _resolve(ticket_id: int, *, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        ticket = lock_ticket(ticket_id)
        if not reminded_in_vain(at).filter(pk=ticket_id).exists():
            return False  # somebody wrote in this very moment
        with translation.override(ticket.language):
            tell(ticket, _("一直没有收到您的回复，工单先按已解决处理"), at=at)
        move_locked(ticket, to=TicketState.RESOLVED, by_id=None, because="顾客逾期未回复")
    return True
