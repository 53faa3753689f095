"""What a ticket is sorted by: its tags, and the cause behind it."""

from collections.abc import Collection

from django.db import transaction

from feedback.models import RootCause, Tag, Ticket, TicketTag
from feedback.services.locks import lock_ticket
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import retry_conflicts


@retry_conflicts
def tag_ticket(*, ticket_id: int, tags: Collection[str], by_id: int) -> None:
    """Exactly these tags, by name, are on the ticket from now on; those that nobody agreed upon are not."""
    with transaction.atomic():
        ticket = lock_ticket(ticket_id)
        wanted = Tag.objects.filter(name__in=tags, is_active=True)
        TicketTag.objects.filter(ticket=ticket).exclude(tag__in=wanted).delete()
        TicketTag.objects.bulk_create(
            (TicketTag(ticket=ticket, tag=tag, by_id=by_id) for tag in wanted), ignore_conflicts=True
        )
        _record("tagged", ticket, tags=sorted(tag.name for tag in wanted), by=by_id)


@retry_conflicts
def name_cause(*, ticket_id: int, cause_id: int, by_id: int) -> None:
    """
    Why this customer had to write; the last word counts, also when the ticket is over.

    :raises ObjectDoesNotExist: `RootCause.DoesNotExist`
    """
    with transaction.atomic():
        ticket = lock_ticket(ticket_id)
        ticket.cause = RootCause.objects.get(pk=cause_id)
        ticket.save(update_fields=["cause"])
        _record("cause_named", ticket, cause=ticket.cause.name, by=by_id)


def _record(what: str, ticket: Ticket, **facts: object) -> None:
    record_audit(action=f"feedback.ticket.{what}", subject=f"ticket:{ticket.pk}", facts=facts)
