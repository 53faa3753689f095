"""Ask for everything we hold about a person, build it, hand it out."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.errors import (
    ExportExpired,
    ExportLinkInvalid,
    ExportNotReady,
    ExportQuotaUsed,
    ExportRunning,
)
from accounts.events import DataExportReady
from accounts.models import DataExport, ExportPart, KeyDestroyed
from accounts.rules.exports import (
    EXPORT_MOVES,
    KEPT_FOR,
    LINK_LIFE,
    PER_PERIOD,
    PERIOD,
    RUNNING,
    TRIES,
    ExportState,
)
from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.exports import export_for
from accounts.services.export_archives import build_archive
from accounts.services.locks import lock_user
from accounts.services.sealed_files import can_be_sealed_for, open_file, seal_file
from accounts.services.step_up import authorise, spend_authorisation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

logger = logging.getLogger(__name__)


@retry_conflicts
def request_export(*, user_id: int, device_id: str, grant: str) -> DataExport:
    """
    Have everything we hold about a person put together; a worker does it.

    :raises ExportRunning: an earlier one is not done yet
    :raises ExportQuotaUsed: there were enough lately
    :raises StepUpRequired: prove first that it is them
    :raises StepUpRefused: the grant is not for this
    """
    now = clock.now()
    _refuse_too_many(user_id, now)  # before anybody is asked to prove anything
    leave = authorise(
        user_id=user_id,
        device_id=device_id,
        operation=Operation(kind=OperationKind.DATA_EXPORT),
        grant=grant,
    )
    with transaction.atomic(durable=True):
        lock_user(user_id)
        _refuse_too_many(user_id, now)
        spend_authorisation(leave)
        export = DataExport.objects.create(user_id=user_id, number=new_serial("E", now), requested_at=now)
        _record("requested", export)
        after_commit("accounts.build_export", number=export.number)
    return export


def build_export(*, number: str) -> None:
    """Put an export together and keep it, sealed for its owner alone. Harmless twice."""
    export = _begin(number)
    if export is None:
        return
    archive = build_archive(
        user_id=export.user_id, at=clock.now(), tell=lambda percent: _tell(export, percent)
    )
    _keep(export, archive, now=clock.now())


def new_link(*, export: DataExport, session_id: int, now: datetime) -> str:
    """A token by which this session, and nobody else, may fetch the archive for the next five minutes."""
    return make_ticket(purpose=_link(export, session_id=session_id), until=now + LINK_LIFE)


def fetch_archive(*, user_id: int, session_id: int, number: str, token: str) -> bytes:
    """
    The ZIP; each time is counted and noted in the audit trail.

    :raises NotFound: no such export, or somebody else's
    :raises ExportNotReady: not yet, or it failed
    :raises ExportExpired: its week is over
    :raises ExportLinkInvalid: the link is too old, or was made for another session
    """
    now = clock.now()
    export = export_for(user_id, number)
    if export.state != ExportState.READY:
        raise ExportNotReady(state=export.state)
    if export.is_expired(now):
        raise ExportExpired
    _check_link(token, export=export, session_id=session_id, now=now)
    archive = _unsealed(export)
    with transaction.atomic(durable=True):
        DataExport.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1, downloaded_at=now)
        _record("downloaded", export)
    return archive


def _refuse_too_many(user_id: int, now: datetime) -> None:
    lately = DataExport.objects.filter(user_id=user_id).exclude(state=ExportState.FAILED)
    if lately.filter(state__in=RUNNING).exists():
        raise ExportRunning
    counted = list(lately.filter(requested_at__gt=now - PERIOD).order_by("requested_at"))
    if len(counted) >= PER_PERIOD:
        raise ExportQuotaUsed(
            allowed=PER_PERIOD, next_at=clock.iso(counted[-PER_PERIOD].requested_at + PERIOD)
        )


@retry_conflicts
def _begin(number: str) -> DataExport | None:
    """The export, now being built; None where nothing is left to do."""
    with transaction.atomic(durable=True):
        export = DataExport.objects.select_for_update(no_key=True).get(number=number)
        if export.state not in RUNNING:
            return None
        if export.tries >= TRIES or not can_be_sealed_for(export.user_id):
            _move(export, ExportState.FAILED)
            _record("failed", export)
            logger.error("accounts.export.failed", extra={"number": number, "tries": export.tries})
            return None
        export.tries += 1
        export.progress = 0
        _move(export, ExportState.BUILDING)
    return export


def _tell(export: DataExport, percent: int) -> None:
    DataExport.objects.filter(pk=export.pk, tries=export.tries, state=ExportState.BUILDING).update(
        progress=percent
    )


@retry_conflicts
def _keep(built: DataExport, archive: bytes, *, now: datetime) -> None:
    """Store what one try has built, unless a later try began meanwhile: that one will."""
    with transaction.atomic(durable=True):
        export = DataExport.objects.select_for_update(no_key=True).get(pk=built.pk)
        if export.state != ExportState.BUILDING or export.tries != built.tries:
            return
        sealed = seal_file(archive, user_id=export.user_id, column=_column(export))
        for position, piece in enumerate(sealed):
            ExportPart.objects.create(export=export, position=position, content_sealed=piece)
        export.progress, export.size = 100, len(archive)
        export.ready_at, export.expires_at = now, now + KEPT_FOR
        _move(export, ExportState.READY)
        _record("ready", export)
        publish(DataExportReady(user_id=export.user_id, number=export.number))


def _move(export: DataExport, wanted: ExportState) -> None:
    require_move(EXPORT_MOVES, export.state, wanted)
    export.state = wanted
    export.save()


def _unsealed(export: DataExport) -> bytes:
    """
    :raises ExportExpired: the parts are gone, or nobody can read them any more
    """
    pieces = [part.content_sealed for part in export.parts.all()]
    if not pieces:
        raise ExportExpired
    try:
        return open_file(pieces, user_id=export.user_id, column=_column(export))
    except KeyDestroyed:
        raise ExportExpired from None


def _check_link(token: str, *, export: DataExport, session_id: int, now: datetime) -> None:
    try:
        open_ticket(token, purpose=_link(export, session_id=session_id), at=now)
    except TicketRefused:
        raise ExportLinkInvalid from None


def _link(export: DataExport, *, session_id: int) -> str:
    return f"accounts.export:{export.number}:{export.user_id}:{session_id}"


def _column(export: DataExport) -> str:
    return f"accounts.export_part.content:{export.number}"


def _record(what: str, export: DataExport) -> None:
    record_audit(
        action=f"accounts.export.{what}",
        subject=f"user:{export.user_id}",
        facts={"number": export.number, "size": export.size},
    )
