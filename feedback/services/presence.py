"""Who is there, and who looks at what: told by the pages that agents have open."""

from django.db import transaction
from django.db.models import Q

from feedback.models import Agent, TicketLook
from feedback.rules.presence import LOOKS_ARE_KEPT, SIGN_EVERY
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock


def be_there(*, user_id: int) -> None:
    """A sign of life; written down no more than every half minute. For whoever is no agent, nothing."""
    now = clock.now()
    long_ago = Q(seen_at=None) | Q(seen_at__lt=now - SIGN_EVERY)
    Agent.objects.filter(long_ago, user=user_id).update(seen_at=now)


def start_taking(*, user_id: int) -> None:
    """New tickets come to this agent by themselves from now on."""
    _take_new(user_id, takes=True)


def stop_taking(*, user_id: int) -> None:
    """No new tickets come to this agent; what they have they keep."""
    _take_new(user_id, takes=False)


def look_at(*, ticket_id: int, user_id: int, is_writing: bool) -> None:
    """They have it open now."""
    TicketLook.objects.update_or_create(
        ticket_id=ticket_id, user_id=user_id, defaults={"at": clock.now(), "is_writing": is_writing}
    )


def forget_looks() -> None:
    """Who looked when is nobody's business the next day."""
    TicketLook.objects.filter(at__lt=clock.now() - LOOKS_ARE_KEPT).delete()


def _take_new(user_id: int, *, takes: bool) -> None:
    with transaction.atomic():
        changed = Agent.objects.filter(user=user_id).exclude(takes_new=takes)
        if changed.update(takes_new=takes, seen_at=clock.now()):
            what = "began" if takes else "stopped"
            record_audit(action=f"feedback.agent.{what}", subject=f"staff:{user_id}", facts={})
