"""The daily close: fetch WeChat's bills of a day, match them, lock the day when two people have signed."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from payments.errors import DayLocked, DayNotExplained, DayOutOfRange
from payments.events import DailyCloseLate, DayClosed, DifferencesFound
from payments.models import BillFile, DailyClose, Difference
from payments.rules.daily_close import (
    CLOSE_MOVES,
    OLDEST,
    REPAIRED,
    USABLE,
    BillKind,
    Bucket,
    CloseState,
    is_fetched_from,
    is_late,
)
from payments.selectors.daily_closes import balance_at_wechat, outside_of
from payments.services.bill_fetching import drop_bill, fetch_bill
from payments.services.bill_matching import match, note_invalid_bills, open_totals
from wallet.selectors.clearing import clearing_balance
from wallet.services.settlements import book_settlement
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take, require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import StillAtWork, after_commit
from wallet_project.kit.money import yuan
from wallet_project.kit.states import require_move

logger = logging.getLogger(__name__)

_LEASE = timedelta(minutes=10)
_CAUGHT_UP = 7  # days that nobody closed while we were away
_SECONDS = 300  # what a statement over a whole day may take


def due_days(*, at: datetime) -> list[date]:
    """
    The days that wait for their bills, each with its row from now on. Whoever is on call hears at noon,
    once, of a day that still waits. A day that nobody has asked for yet is asked for first.
    """
    now = at.astimezone(clock.SHANGHAI)
    new = {day for day in _ended_days(now) if DailyClose.objects.get_or_create(day=day)[1]}
    waiting = list(DailyClose.objects.filter(state=CloseState.WAITING).order_by("day"))
    for close in waiting:
        if is_late(close.day, now=now) and close.alarmed_at is None and close.day not in new:
            _alarm(close, at)
    return [close.day for close in waiting if is_fetched_from(close.day, now=now)]


def reconcile_day(day: date, *, at: datetime) -> DailyClose:
    """
    Fetch what is missing of a day's bills, then compare it with the ledger. Again and again with the same
    end.

    While a bill is not there the day waits.

    :raises StillAtWork: somebody else is at it
    :raises DayOutOfRange: it is not over yet, or WeChat does not hand its bills out any more
    :raises DayLocked: two people have signed it
    """
    close = _begin(day, now=at)
    try:
        files = [fetch_bill(close, kind) for kind in BillKind]
        if all(bill.state in USABLE for bill in files):
            _match(day, now=at)
            _match_again_before(day, now=at)
        else:
            _wait(day, now=at)
    finally:
        DailyClose.objects.filter(pk=close.pk).exclude(state=CloseState.LOCKED).update(working_until=None)
    return DailyClose.objects.get(day=day)


def forget_bills(day: date) -> None:
    """
    Have the bills of a day fetched anew: WeChat may have made them again.

    :raises DayLocked: two people have signed it
    """
    with transaction.atomic():
        close = _lock(day)
        for bill in BillFile.objects.filter(close=close):
            drop_bill(bill)
        if close.state != CloseState.WAITING:
            _move(close, CloseState.WAITING)
        record_audit(action="payments.close.fetch_again", subject=_subject(day), facts={})


def queue_reconciliation(day: date) -> None:
    """A worker compares the day again."""
    with transaction.atomic():
        after_commit("payments.reconcile_day", day=day.isoformat())


def propose_sign_off(*, day: date, reason: str, maker_id: int) -> None:
    """
    Ask a second person to close a day.

    :raises DayLocked: it is closed
    :raises DayNotExplained: its bills are not here, or something of it is not explained
    :raises AlreadyProposed: somebody has asked already
    """
    with transaction.atomic(durable=True):
        close = _lock(day)
        _require_explained(close)
        ended = Difference.objects.filter(close=close).count()
        propose(
            kind="payments.daily_close",
            subject=_subject(day),
            facts={
                "day": day.isoformat(),
                "closing": close.closing,
                "ended": ended,
                "fees": close.fees,
                "settled": close.settled,
            },
            reason=reason,
            maker_id=maker_id,
        )


def sign_off(*, day: date, fees: int, settled: int, maker_id: int, checker_id: int) -> DailyClose:
    """
    Lock a day, in the transaction that approves it, and book what both have seen that WeChat kept as its fees
    and sent to our bank. Nothing of the day changes any more.

    :raises DayLocked: it is closed
    :raises DayNotExplained: something of it is not explained any more, or says other sums by now
    """
    require_transaction()
    close = _lock(day)
    _require_explained(close)
    if (close.fees, close.settled) != (fees, settled):
        raise DayNotExplained(
            state=close.state, open=0, unexplained=close.fees + close.settled - fees - settled
        )
    require_move(CLOSE_MOVES, close.state, CloseState.LOCKED)
    close.state, close.signed_at = CloseState.LOCKED, clock.now()
    close.proposed_by, close.approved_by = maker_id, checker_id
    close.working_until = None
    close.save()
    record_audit(
        action="payments.close.signed",
        subject=_subject(day),
        facts={"closing": close.closing, "maker": maker_id, "checker": checker_id},
    )
    publish(DayClosed(day=day.isoformat(), closing=close.closing or 0))
    book_settlement(day=day, fees=fees, settled=settled)
    logger.info("payments.close.signed", extra={"day": day.isoformat()})
    return close


def recount(close: DailyClose) -> None:
    """After a difference of a locked day's row has ended: is anything left? Requires a transaction."""
    require_transaction()
    close.open_differences, close.unexplained = open_totals(close)
    wanted = CloseState.DIFFERENT if close.open_differences else CloseState.MATCHED
    if close.state != CloseState.WAITING and close.state != wanted:
        require_move(CLOSE_MOVES, close.state, wanted)
        close.state = wanted
    close.save()


def lock_close(day: date) -> DailyClose:
    """
    The row of a day, locked: whoever changes something of a day has it.

    :raises DayLocked: two people have signed it
    """
    return _lock(day)


def _ended_days(now: datetime) -> Iterable[date]:
    """Yesterday, and what was left out since the last close; the first there is begins with yesterday."""
    yesterday = now.date() - timedelta(days=1)
    last = (
        DailyClose.objects.filter(day__lte=yesterday).order_by("-day").values_list("day", flat=True).first()
    )
    since = max(last + timedelta(days=1), yesterday - timedelta(days=_CAUGHT_UP)) if last else yesterday
    days = [since + timedelta(days=number) for number in range((yesterday - since).days + 1)]
    return [day for day in days if is_fetched_from(day, now=now)]


def _alarm(close: DailyClose, now: datetime) -> None:
    with transaction.atomic():
        told = DailyClose.objects.filter(pk=close.pk, alarmed_at=None).update(alarmed_at=now)
        if told:
            publish(DailyCloseLate(day=close.day.isoformat()))
            logger.error("payments.close.late", extra={"day": close.day.isoformat()})


def _begin(day: date, *, now: datetime) -> DailyClose:
    """The day, ours to work on."""
    today = clock.business_day(now)
    if not today - OLDEST <= day < today:
        raise DayOutOfRange(day=day.isoformat())
    DailyClose.objects.get_or_create(day=day)
    with transaction.atomic():
        close = _lock(day)
        if close.working_until is not None and close.working_until > now:
            raise StillAtWork
        close.working_until = now + _LEASE
        close.save(update_fields=["working_until", "updated_at"])
    return close


def _match(day: date, *, now: datetime) -> None:
    """Compare, say what was found, and have put right what may be."""
    begins = clock.beginning_of(day)
    with transaction.atomic():
        close = _lock(day)
        let_statements_take(seconds=_SECONDS)
        before = close.open_differences
        match(close, now=now)
        close.opening = clearing_balance(before=begins)
        close.closing = clearing_balance(before=begins + timedelta(days=1))
        close.fees, close.settled = outside_of(close)
        close.wechat_balance = balance_at_wechat(close)
        close.matched_at = now
        close.open_differences, close.unexplained = open_totals(close)
        _move(close, CloseState.DIFFERENT if close.open_differences else CloseState.MATCHED)
        record_audit(
            action="payments.close.matched",
            subject=_subject(day),
            facts={"open": close.open_differences, "unexplained": close.unexplained},
        )
        if close.open_differences > before:
            publish(
                DifferencesFound(
                    day=day.isoformat(), count=close.open_differences, unexplained=close.unexplained
                )
            )
        repairable = Difference.objects.filter(close=close, ended="", bucket__in=REPAIRED)
        for difference_id in repairable.values_list("pk", flat=True):
            after_commit("payments.repair_difference", difference_id=difference_id)
    log = logger.error if close.open_differences else logger.info
    log(
        "payments.close.matched",
        extra={
            "day": day.isoformat(),
            "open": close.open_differences,
            "unexplained": yuan(close.unexplained),
        },
    )


def _match_again_before(day: date, *, now: datetime) -> None:
    """What the day before awaited of this one has come, or has not: it is compared once more."""
    yesterday = day - timedelta(days=1)
    awaits = Difference.objects.filter(close__day=yesterday, bucket=Bucket.CROSS_DAY, ended="")
    if awaits.exclude(close__state__in=(CloseState.WAITING, CloseState.LOCKED)).exists():
        _match(yesterday, now=now)


def _wait(day: date, *, now: datetime) -> None:
    with transaction.atomic():
        close = _lock(day)
        note_invalid_bills(close, now=now)
        close.open_differences, close.unexplained = open_totals(close)
        if close.state != CloseState.WAITING:
            require_move(CLOSE_MOVES, close.state, CloseState.WAITING)
            close.state = CloseState.WAITING
        close.save()


def _require_explained(close: DailyClose) -> None:
    if close.state != CloseState.MATCHED or close.open_differences or close.unexplained:
        raise DayNotExplained(state=close.state, open=close.open_differences, unexplained=close.unexplained)


def _lock(day: date) -> DailyClose:
    close = DailyClose.objects.select_for_update(no_key=True).get(day=day)
    if close.state == CloseState.LOCKED:
        raise DayLocked(day=day.isoformat())
    return close


def _move(close: DailyClose, wanted: CloseState) -> None:
    if close.state != wanted:
        require_move(CLOSE_MOVES, close.state, wanted)
    close.state = wanted
    close.save()


def _subject(day: date) -> str:
    return f"daily_close:{day.isoformat()}"
