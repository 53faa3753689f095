"""
Open a feature to more, or to fewer.

One person may try it out on up to half of the people, and take it back from any number, at once; to open it
to more than half takes two, and so does another audience, which may be everybody. It is so everywhere within
three seconds.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.flags.errors import FeatureOff, ReleaseChanged
from wallet_project.flags.models import Flag
from wallet_project.flags.selectors import is_on
from wallet_project.kit.db import require_transaction

logger = logging.getLogger(__name__)

ALONE_UP_TO = 50  # percent


@dataclass(frozen=True, kw_only=True)
class Release:
    """To whom, as in models.Flag."""

    everyone: bool | None
    percent: int = 0
    segment: int | None = None
    staff: bool = False
    people: Sequence[int] = field(default_factory=list)


def require_on(flag: str, *, user_id: int) -> None:
    """:raises FeatureOff: it is not open to them"""
    if not is_on(flag, user_id=user_id):
        raise FeatureOff(feature=str(flag))


def release(*, flag: str, to: Release, reason: str, maker_id: int) -> bool:
    """
    Open it to these, and to nobody else; True: at once, False: when a second person agrees.

    :raises AlreadyProposed: somebody has asked for more already
    :raises ReleaseChanged: somebody has changed it this very moment
    """
    row = Flag.objects.get(name=flag)
    if _takes_two(row, to):
        # Not under the flag's lock: an approval takes the proposal's first.
        _propose(row, to, reason=reason, maker_id=maker_id)
        return False
    with transaction.atomic():
        row = Flag.objects.select_for_update(no_key=True).get(name=flag)
        if _takes_two(row, to):
            raise ReleaseChanged
        _apply(row, to, reason=reason)
    return True


def release_as_agreed(*, flag: str, to: Release, seen: str, reason: str) -> None:
    """
    Two people open it further; part of the transaction that approves it.

    :raises ReleaseChanged: somebody has changed it since it was asked for
    """
    require_transaction()
    row = Flag.objects.select_for_update(no_key=True).get(name=flag)
    if row.modified.isoformat() != seen:
        raise ReleaseChanged
    _apply(row, to, reason=reason)


def release_of(row: Flag) -> dict[str, Any]:
    """To whom it is open now, as plain values."""
    return asdict(Release(**{name: getattr(row, name) for name in Release.__dataclass_fields__}))


def _takes_two(row: Flag, to: Release) -> bool:
    wished = Flag(name=row.name, **asdict(to))
    if wished.reach > max(ALONE_UP_TO, row.reach):
        return True
    return not row.everyone and wished.audience not in (None, row.audience)


def _propose(row: Flag, to: Release, *, reason: str, maker_id: int) -> None:
    propose(
        kind="flags.release",
        subject=f"flag:{row.name}",
        facts={
            "flag": row.name,
            "to": asdict(to),
            "was": release_of(row),
            "seen": row.modified.isoformat(),
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def _apply(row: Flag, to: Release, *, reason: str) -> None:
    was = release_of(row)
    for name, value in asdict(to).items():
        setattr(row, name, value)
    row.save()
    record_audit(
        action="flags.released",
        subject=f"flag:{row.name}",
        facts={"was": was, "to": release_of(row), "reason": reason},
    )
    logger.warning("flags.released", extra={"flag": row.name, "reach": row.reach})
