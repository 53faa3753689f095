"""Make the files of a statement: count its lines, tie them to the ledger, write each form, seal it."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from accounts.services.sealed_files import can_be_sealed_for, seal_file
from wallet.events import StatementReady
from wallet.models import Statement, StatementPart
from wallet.rules.statements import (
    KEPT_FOR,
    RUNNING,
    SEEN_WITHIN,
    STATEMENT_MOVES,
    TRIES,
    Form,
    Line,
    Period,
    StatementState,
    Tally,
    checksum_of,
)
from wallet.selectors.receipts import masked
from wallet.selectors.statements import column_of, holder_of_wallet, lines_of, period_of
from wallet.services.statement_files import Facts, write_file
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import StillAtWork
from wallet_project.kit.states import require_move

logger = logging.getLogger(__name__)

_TELL_EVERY = 2_000


class _Overtaken(Exception):
    """A later try has begun meanwhile: what this one makes is nobody's any more."""


class _Unsettled(Exception):
    """Something was booked into the period while it was read; begin again."""


def make_statement(*, number: str) -> None:
    """
    Make the files of a statement and keep them, sealed for its owner alone. Harmless twice.

    :raises StillAtWork: another worker is making it
    """
    statement = _begin(number)
    if statement is None:
        return
    period = period_of(
        wallet_id=statement.wallet_id, month=statement.month, since=statement.since, until=statement.until
    )
    if period.difference:
        _give_up(statement, period)
        return
    try:
        _finish(statement, _make_files(statement, period))
    except _Overtaken:
        logger.warning("wallet.statement.overtaken", extra={"number": number, "tries": statement.tries})


@retry_conflicts
def _begin(number: str) -> Statement | None:
    """The statement, now being made; None where nothing is left to do."""
    now = clock.now()
    with transaction.atomic(durable=True):
        statement = _locked(number)
        if statement.state not in RUNNING:
            return None
        if statement.state == StatementState.RUNNING and _is_seen(statement, now):
            raise StillAtWork
        if statement.tries >= TRIES or not can_be_sealed_for(statement.wallet.user_id):
            _fail(statement)
            return None
        statement.parts.all().delete()  # of a try that did not come to its end
        statement.tries += 1
        statement.percent = 0
        statement.seen_at = now
        _move(statement, StatementState.RUNNING)
    return statement


def _make_files(statement: Statement, period: Period) -> Facts:
    """Once over the lines to know what they add up to, then once for each form of it."""
    tally = Tally()
    for _line in _told(statement, tally.over(_lines(statement)), begins=0, share=25, of=0):
        pass
    if tally.total != period.lines_total:
        raise _Unsettled
    facts = Facts(
        number=statement.number,
        month=statement.month,
        holder=masked(holder_of_wallet(statement.wallet_id)),
        is_provisional=statement.is_provisional,
        at=statement.requested_at,
        period=period,
        tally=tally,
        checksum=checksum_of(wallet_id=statement.wallet_id, period=period, tally=tally),
    )
    for number, form in enumerate(Form, start=1):
        again = Tally()
        lines = _told(statement, again.over(_lines(statement)), begins=number * 25, share=25, of=tally.count)
        content = write_file(form, facts, lines)
        if again.digest.digest() != tally.digest.digest():
            raise _Unsettled
        _keep(statement, form, content)
    return facts


def _lines(statement: Statement) -> Iterator[Line]:
    return lines_of(wallet_id=statement.wallet_id, month=statement.month, until=statement.until)


def _told(statement: Statement, lines: Iterable[Line], *, begins: int, share: int, of: int) -> Iterator[Line]:
    """The lines; whoever asks for the statement sees how far they are."""
    for count, line in enumerate(lines):
        if count % _TELL_EVERY == 0:
            _tell(statement, min(begins + share * count // of, 99) if of else begins)
        yield line


def _tell(statement: Statement, percent: int) -> None:
    mine = Statement.objects.filter(pk=statement.pk, tries=statement.tries, state=StatementState.RUNNING)
    if not mine.update(percent=percent, seen_at=clock.now()):
        raise _Overtaken


@retry_conflicts
def _keep(statement: Statement, form: Form, content: bytes) -> None:
    owner, column = statement.wallet.user_id, column_of(statement, form)
    with transaction.atomic(durable=True):
        _require_mine(statement)
        for position, piece in enumerate(seal_file(content, user_id=owner, column=column)):
            StatementPart.objects.create(
                statement=statement, form=form, position=position, content_sealed=piece
            )


@retry_conflicts
def _finish(made: Statement, facts: Facts) -> None:
    now = clock.now()
    with transaction.atomic(durable=True):
        statement = _require_mine(made)
        statement.opening, statement.closing = facts.period.opening, facts.period.closing
        statement.lines, statement.checksum = facts.tally.count, facts.checksum
        statement.percent, statement.seen_at = 100, now
        statement.ready_at, statement.expires_at = now, now + KEPT_FOR
        _move(statement, StatementState.READY)
        publish(
            StatementReady(number=statement.number, user_id=statement.wallet.user_id, month=statement.month)
        )
    logger.info("wallet.statement.ready", extra={"number": made.number, "lines": facts.tally.count})


@retry_conflicts
def _give_up(made: Statement, period: Period) -> None:
    """The lines do not explain the balance: nobody gets a paper that is wrong, somebody must look."""
    with transaction.atomic(durable=True):
        statement = _require_mine(made)
        statement.difference = period.difference
        _fail(statement)
    logger.critical(
        "wallet.statement.does_not_tie",
        extra={"number": made.number, "wallet_id": made.wallet_id, "difference": period.difference},
    )


def _require_mine(statement: Statement) -> Statement:
    current = _locked(statement.number)
    if current.state != StatementState.RUNNING or current.tries != statement.tries:
        raise _Overtaken
    return current


def _locked(number: str) -> Statement:
    statements = Statement.objects.select_related("wallet").select_for_update(no_key=True, of=("self",))
    return statements.get(number=number)


def _is_seen(statement: Statement, now: datetime) -> bool:
    return statement.seen_at is not None and statement.seen_at > now - SEEN_WITHIN


def _fail(statement: Statement) -> None:
    statement.parts.all().delete()
    _move(statement, StatementState.FAILED)
    logger.error("wallet.statement.failed", extra={"number": statement.number, "tries": statement.tries})


def _move(statement: Statement, wanted: StatementState) -> None:
    require_move(STATEMENT_MOVES, statement.state, wanted)
    statement.state = wanted
    statement.save()
