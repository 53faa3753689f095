"""Ask for the statement of a month, hand out its files."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import KeyDestroyed
from accounts.services.locks import lock_user
from accounts.services.sealed_files import open_file
from wallet.errors import StatementExpired, StatementNotReady, StatementOutOfRange, StatementQuotaUsed
from wallet.models import Statement, Wallet
from wallet.rules.statements import PER_DAY, RUNNING, StatementState, is_settled
from wallet.selectors.statements import column_of, statement_for
from wallet.services.wallets import open_wallet
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.serials import new_serial

_DAY = timedelta(days=1)


@retry_conflicts
def request_statement(*, user_id: int, month: str) -> Statement:
    """
    Have the statement of a month made by a worker; of the current month up to now.

    What is being made, and what is there of a month that is over, is answered as it is.

    :raises StatementOutOfRange: the wallet has no such month
    :raises StatementQuotaUsed: there were enough today
    """
    now = clock.now()
    wallet = open_wallet(user_id=user_id)
    _require_month(wallet, month, now)
    since, ends = clock.borders_of(month)
    provisional = not is_settled(ends=ends, now=now)
    with transaction.atomic(durable=True):
        lock_user(user_id)
        if there := _same_statement(wallet, month, now):
            return there
        _refuse_too_many(wallet, now)
        statement = Statement.objects.create(
            number=new_serial("S", now),
            wallet=wallet,
            month=month,
            since=since,
            until=min(ends, now),
            is_provisional=provisional,
            requested_at=now,
        )
        after_commit("wallet.make_statement", number=statement.number)
    return statement


def fetch_file(*, user_id: int, number: str, form: str) -> bytes:
    """
    One form of it; each time is counted and noted in the audit trail.

    :raises NotFound: no such statement, or somebody else's
    :raises StatementNotReady: not yet, or it failed
    :raises StatementExpired: its week is over, or its owner has left
    """
    now = clock.now()
    statement = statement_for(user_id, number)
    if statement.state != StatementState.READY:
        raise StatementNotReady(state=statement.state)
    pieces = [part.content_sealed for part in statement.parts.filter(form=form)]
    if statement.is_expired(now) or not pieces:
        raise StatementExpired
    try:
        content = open_file(pieces, user_id=user_id, column=column_of(statement, form))
    except KeyDestroyed:
        raise StatementExpired from None
    with transaction.atomic(durable=True):
        known = Statement.objects.filter(pk=statement.pk)
        known.update(downloads=F("downloads") + 1, downloaded_at=now)
        record_audit(
            action="wallet.statement.downloaded",
            subject=f"user:{user_id}",
            facts={"number": number, "form": form},
        )
    return content


def _require_month(wallet: Wallet, month: str, now: datetime) -> None:
    first, last = clock.business_month(wallet.opened_at), clock.business_month(now)
    if not first <= month <= last:
        raise StatementOutOfRange(first=first, last=last)


def _same_statement(wallet: Wallet, month: str, now: datetime) -> Statement | None:
    of_month = Statement.objects.filter(wallet=wallet, month=month)
    final = of_month.filter(state=StatementState.READY, is_provisional=False, expires_at__gt=now)
    return of_month.filter(state__in=RUNNING).first() or final.last()


def _refuse_too_many(wallet: Wallet, now: datetime) -> None:
    lately = Statement.objects.filter(wallet=wallet, requested_at__gt=now - _DAY)
    asked = list(lately.order_by("requested_at").values_list("requested_at", flat=True))
    if len(asked) >= PER_DAY:
        raise StatementQuotaUsed(allowed=PER_DAY, next_at=clock.iso(asked[-PER_DAY] + _DAY))
