"""Differences: put right what may be put right by itself, and give the others to people."""

import logging

from django.db import transaction

from payments.errors import DifferenceEnded
from payments.gateways.wechat.errors import WeChatError
from payments.gateways.wechat.transactions import query_by_transaction_id
from payments.models import CloseItem, Difference, Refund
from payments.rules.daily_close import LEDGER_KEYS, REPAIRED, Bucket, CloseState, Ending, ItemKind
from payments.services.daily_closes import lock_close, recount
from payments.services.refunds import push_refund
from payments.services.settlement import settle_payment
from wallet.selectors.clearing import clearing_move_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)

_TRIES = 8  # with a quarter of an hour between them
_PREFIXES = {kind: prefix for prefix, kind in LEDGER_KEYS.items()}


def repair_difference(*, difference_id: int) -> None:
    """
    Ask WeChat about what it says happened and we do not have; the ordinary services act on the answer. Money
    that they book closes the difference, if it is the amount of the bill. Nothing else is ever put right so,
    and nothing while callbacks are paused: this books what one of them would have.
    """
    difference = Difference.objects.select_related("close").get(pk=difference_id)
    bucket = Bucket(difference.bucket)
    if not difference.is_open or bucket not in REPAIRED or difference.close.state == CloseState.LOCKED:
        return
    if is_paused(Flow.CALLBACKS):
        return
    kind, _, external_id = difference.subject.partition(":")
    try:
        if bucket is Bucket.PAID_OURS_MISSING:
            notice = query_by_transaction_id(external_id)
            with transaction.atomic(durable=True):
                settle_payment(notice=notice, via="bill")
        elif Refund.objects.filter(number=difference.number).exists():
            push_refund(number=difference.number)
    except WeChatError as error:
        logger.warning(
            "payments.close.not_repaired", extra={"difference": difference_id, "reason": str(error)}
        )
    _end_if_booked(difference, kind=ItemKind(kind), external_id=external_id)


def due_repairs(*, limit: int) -> list[int]:
    """Differences to ask WeChat about once more: it did not answer, or has not decided yet."""
    open_ones = Difference.objects.filter(ended="", bucket__in=REPAIRED, repairs__lt=_TRIES)
    waiting = open_ones.filter(close__state=CloseState.DIFFERENT).order_by("repairs", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


@retry_conflicts
def assign(*, difference_id: int, assignee_id: int) -> None:
    """
    Somebody on the staff answers for it from now on.

    :raises DifferenceEnded: there is nothing to answer for any more
    :raises DayLocked: two people have signed the day
    """
    with transaction.atomic(durable=True):
        difference = _lock(difference_id)
        difference.assignee_id = assignee_id
        difference.save(update_fields=["assignee_id", "updated_at"])
        _record("assigned", difference, assignee=assignee_id)


@retry_conflicts
def note(*, difference_id: int, text: str) -> None:
    """
    Write down what was found out.

    :raises DifferenceEnded: there is nothing to find out any more
    :raises DayLocked: two people have signed the day
    """
    with transaction.atomic(durable=True):
        _record("noted", _lock(difference_id), reason=text)


@retry_conflicts
def resolve(*, difference_id: int, reason: str, staff_id: int) -> None:
    """
    Somebody has found out why, and says it. It moves no money; whoever signs the day reads the reason.

    :raises DifferenceEnded: it has ended already
    :raises DayLocked: two people have signed the day
    """
    with transaction.atomic(durable=True):
        difference = _lock(difference_id)
        difference.ended_by = staff_id
        _end(difference, Ending.RESOLVED, resolution=reason)


@retry_conflicts
def _end_if_booked(seen: Difference, *, kind: ItemKind, external_id: str) -> None:
    with transaction.atomic(durable=True):
        close = lock_close(seen.close.day)
        difference = Difference.objects.select_for_update(no_key=True).get(pk=seen.pk)
        difference.close = close
        if not difference.is_open:
            return
        difference.repairs += 1
        difference.save(update_fields=["repairs", "updated_at"])
        item = CloseItem.objects.get(close=close, kind=kind, external_id=external_id)
        move = clearing_move_of(_PREFIXES[kind] + external_id)
        said = item.fund_amount if item.trade_amount is None else item.trade_amount
        if move is None or abs(move.amount) != said or item.state == "FAIL":
            return
        item.journal_id, item.booked_at, item.ledger_amount = move.journal_id, move.at, abs(move.amount)
        booked_on = clock.business_day(move.at)
        item.outcome = "" if booked_on == close.day else Bucket.CROSS_DAY
        item.other_day = None if booked_on == close.day else booked_on
        item.save()
        _end(difference, Ending.REPAIRED, resolution=f"已按正常流程补记，凭证 {move.journal_id}")


def _lock(difference_id: int) -> Difference:
    """The day first, as everybody who changes something of it."""
    day = Difference.objects.values_list("close__day", flat=True).get(pk=difference_id)
    close = lock_close(day)
    difference = Difference.objects.select_for_update(no_key=True).get(pk=difference_id)
    difference.close = close
    if not difference.is_open:
        raise DifferenceEnded
    return difference


def _end(difference: Difference, how: Ending, *, resolution: str) -> None:
    difference.ended, difference.ended_at = how, clock.now()
    difference.resolution = resolution[:200]
    difference.save()
    recount(difference.close)
    _record(how.lower(), difference, reason=resolution)


def _record(what: str, difference: Difference, **facts: object) -> None:
    record_audit(
        action=f"payments.difference.{what}",
        subject=f"difference:{difference.pk}",
        facts={"day": difference.close.day.isoformat(), "bucket": difference.bucket, **facts},
    )
