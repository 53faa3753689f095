"""
One text to everybody of a segment, so many a minute. Locked are the broadcast, then its recipients.

Nobody is told twice: recipients are taken under the lock of the broadcast, and a message has its key. Whom it
fails to tell is tried again a few times, later and later.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.functional import lazy
from django.utils.translation import get_language

from coupons.selectors.segments import members_of
from wallet_project.approvals.agreed import AgreedState
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take
from wallet_project.kit.sweeps import sweep
from wallet_project.notifications.errors import BroadcastNotUnderWay
from wallet_project.notifications.models import Broadcast, Recipient
from wallet_project.notifications.rules.broadcasts import NOTICES, WHOLE, RecipientState
from wallet_project.notifications.rules.deliveries import next_try
from wallet_project.notifications.selectors.broadcasts import (
    broadcasts_observed,
    broadcasts_under_way,
    deeds_of,
)
from wallet_project.notifications.services.sending import notify

_MINUTE = timedelta(minutes=1)
_LATE = timedelta(days=1)  # what was done at the last moment is counted by then
_LOST = timedelta(minutes=5)  # by then whoever took somebody has told them, or is gone

# Drawn by hash, so that nobody can say who is held out, and a second look finds the same.
_BEGIN = """
    INSERT INTO notifications_recipient (broadcast_id, user_id, state, tries, at)
    SELECT %s, drawn.person, CASE WHEN drawn.is_held_out THEN %s ELSE %s END, 0,
           CASE WHEN drawn.is_held_out THEN %s::timestamptz END
    FROM (
        SELECT person, ('x' || substr(encode(sha256(convert_to('broadcast:' || %s || ':' || person, 'UTF8')),
               'hex'), 1, 8))::bit(32)::bigint %% %s < %s AS is_held_out
        FROM ({members}) AS members (person)
    ) AS drawn
    ON CONFLICT (broadcast_id, user_id) DO NOTHING"""


def send_due() -> int:
    """Go on with everything that is under way; how many people were told."""
    return sum(_go_on_with(broadcast.pk) for broadcast in broadcasts_under_way(at=clock.now()))


def pause(*, broadcast_id: int, reason: str) -> None:
    """
    Nobody more is told until it goes on.

    :raises BroadcastNotUnderWay: it is not agreed, has ended, or waits already
    """
    _set_paused(broadcast_id, to=True, reason=reason)


def go_on(*, broadcast_id: int, reason: str) -> None:
    """
    :raises BroadcastNotUnderWay: it is not paused, or has ended
    """
    _set_paused(broadcast_id, to=False, reason=reason)


def try_failed_again(*, broadcast_id: int, reason: str) -> None:
    """
    Whoever was given up waits again, as if nothing had been tried.

    :raises BroadcastNotUnderWay: it was stopped, or there is nobody
    """
    with transaction.atomic():
        broadcast = Broadcast.objects.select_for_update(no_key=True).get(pk=broadcast_id)
        failed = Recipient.objects.filter(broadcast=broadcast, state=RecipientState.FAILED)
        if broadcast.state != AgreedState.LIVE or not (
            number := failed.update(state=RecipientState.WAITING, tries=0, again_at=None, at=None)
        ):
            raise BroadcastNotUnderWay
        broadcast.finished_at = None
        broadcast.save(update_fields=["finished_at"])
        record_audit(
            action="notifications.broadcast.tried_again",
            subject=f"notifications.broadcast:{broadcast_id}",
            facts={"reason": reason, "people": number},
        )


def note_deeds() -> None:
    """Whoever has done by now what they should, told or not."""
    for broadcast in broadcasts_observed(at=clock.now()):
        with transaction.atomic():
            let_statements_take(seconds=100)
            _note_deeds(broadcast, at=clock.now())


def _go_on_with(broadcast_id: int) -> int:
    taken = _take(broadcast_id, at=clock.now())
    return sweep(taken, partial(_try, broadcast_id), failed="notifications.recipient.failed")


@transaction.atomic
def _take(broadcast_id: int, *, at: datetime) -> list[int]:
    """Recipients whom the pace allows now; nobody else takes them for a while."""
    broadcast = Broadcast.objects.select_for_update(no_key=True).get(pk=broadcast_id)
    if broadcast.state != AgreedState.LIVE or broadcast.is_paused or broadcast.finished_at:
        return []
    if broadcast.begun_at is None:
        _begin(broadcast, at=at)
    recipients = Recipient.objects.filter(broadcast=broadcast)
    waiting = recipients.filter(state=RecipientState.WAITING)
    if not waiting.exists():
        broadcast.finished_at = at
        broadcast.save(update_fields=["finished_at"])
        return []
    allowed = broadcast.per_minute - recipients.filter(taken_at__gt=at - _MINUTE).count()
    free = waiting.filter(
        Q(taken_at=None) | Q(taken_at__lte=at - _LOST), Q(again_at=None) | Q(again_at__lte=at)
    ).order_by("pk")
    taken = list(free.values_list("pk", flat=True)[: max(allowed, 0)])
    Recipient.objects.filter(pk__in=taken).update(taken_at=at)
    return taken


def _begin(broadcast: Broadcast, *, at: datetime) -> None:
    let_statements_take(seconds=100)
    members, parameters = members_of(broadcast.segment_id).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGIN.format(members=members),
            [
                broadcast.pk,
                RecipientState.HELD_OUT.value,
                RecipientState.WAITING.value,
                at,
                str(broadcast.pk),
                WHOLE,
                broadcast.held_out,
                *parameters,
            ],
        )
    broadcast.begun_at = at
    broadcast.save(update_fields=["begun_at"])


def _try(broadcast_id: int, recipient_id: int) -> bool:
    try:
        return _tell(broadcast_id, recipient_id)
    except Exception:
        _put_off(recipient_id, at=clock.now())
        raise


@transaction.atomic
def _put_off(recipient_id: int, *, at: datetime) -> None:
    waiting = Recipient.objects.select_for_update(no_key=True, of=("self",))
    recipient = waiting.filter(pk=recipient_id, state=RecipientState.WAITING).first()
    if recipient is None:
        return
    recipient.tries += 1
    recipient.again_at = next_try(at=at, used=recipient.tries)
    if recipient.again_at is None:
        recipient.state, recipient.at = RecipientState.FAILED, at
    recipient.save(update_fields=["tries", "again_at", "state", "at"])


@transaction.atomic
def _tell(broadcast_id: int, recipient_id: int) -> bool:
    """Unless somebody has paused or stopped it since the recipient was taken: then they wait."""
    broadcast = Broadcast.objects.get(pk=broadcast_id)
    waiting = Recipient.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    recipient = waiting.filter(pk=recipient_id, state=RecipientState.WAITING).first()
    if recipient is None or broadcast.state != AgreedState.LIVE or broadcast.is_paused:
        return False
    message = notify(
        user_id=recipient.user_id,
        notice=NOTICES[broadcast.category],
        key=f"broadcast:{broadcast.pk}",
        facts={"title": _word(broadcast, 0), "body": _word(broadcast, 1)},
        about=f"broadcast:{broadcast.pk}",
        link=broadcast.link,
    )
    recipient.state = RecipientState.TOLD if message else RecipientState.UNWANTED
    recipient.message, recipient.at = message, clock.now()
    recipient.save()
    return message is not None


def _word(broadcast: Broadcast, which: int) -> object:
    """In the language of whoever reads it."""
    return lazy(lambda: broadcast.words_in(get_language())[which], str)()


def _note_deeds(broadcast: Broadcast, *, at: datetime) -> None:
    deed = deeds_of(broadcast.goal)
    deadline = timedelta(days=broadcast.goal_days)
    first = deed.rows.filter(
        **{
            deed.who: OuterRef("user"),
            f"{deed.at}__gt": OuterRef("at"),
            f"{deed.at}__lte": OuterRef("at") + deadline,
        }
    ).order_by(deed.at)
    ended = Recipient.objects.filter(broadcast=broadcast, acted_at=None, at__gt=at - deadline - _LATE)
    ended.filter(Exists(first)).update(acted_at=Subquery(first.values(deed.at)[:1]))


def _set_paused(broadcast_id: int, *, to: bool, reason: str) -> None:
    with transaction.atomic():
        broadcast = Broadcast.objects.select_for_update(no_key=True).get(pk=broadcast_id)
        is_under_way = broadcast.state == AgreedState.LIVE and broadcast.finished_at is None
        if not is_under_way or broadcast.is_paused == to:
            raise BroadcastNotUnderWay
        broadcast.is_paused = to
        broadcast.save(update_fields=["is_paused"])
        record_audit(
            action="notifications.broadcast.paused" if to else "notifications.broadcast.goes_on",
            subject=f"notifications.broadcast:{broadcast_id}",
            facts={"reason": reason},
        )
