"""Accept and withdraw."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import AgreementOutdated
from accounts.events import ConsentGiven, ConsentWithdrawn
from accounts.models import AgreementVersion, ConsentRecord
from accounts.rules.agreements import AgreementKind
from accounts.selectors.agreements import current_agreement, document, published_versions
from accounts.selectors.consents import standing_consent
from accounts.services.locks import lock_user
from accounts.services.sessions import access_hashes_of, forget_access
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.masking import mask_ip


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the client says it showed: a version, and the fingerprint of its text."""

    kind: str
    version: int
    hash: str


def versions_shown(shown: Collection[Shown], at: datetime) -> list[AgreementVersion]:
    """
    The texts behind what was shown: in force, or announced and read early.

    :raises AgreementOutdated: one of them is another text by now, or never was one
    """
    found = []
    for claim in shown:
        in_force = current_agreement(AgreementKind(claim.kind), at)
        wanted = (
            published_versions().filter(kind=claim.kind, version=claim.version, sha256=claim.hash).first()
        )
        if wanted is None or wanted.version < in_force.version:
            raise AgreementOutdated(documents=[document(in_force)])
        found.append(wanted)
    return found


def accept_agreements(*, user_id: int, shown: Collection[Shown]) -> None:
    """
    Note that a person agrees to what they were shown. Accepting again changes nothing.

    :raises AgreementOutdated: it was not the text in force
    """
    now = clock.now()
    _accept(user_id=user_id, versions=versions_shown(shown, now), now=now)


def give_consent(*, user_id: int, kind: AgreementKind) -> None:
    """
    Note that a person agrees to the text of this kind that is in force: a switch was turned on beside it.

    :raises NotFound: there is no such text
    """
    now = clock.now()
    _accept(user_id=user_id, versions=[current_agreement(kind, now)], now=now)


@retry_conflicts
def withdraw_consent(*, user_id: int, kind: AgreementKind) -> None:
    """
    Take a consent back, now. Without a mandatory one every door that needs it is closed from here on; the
    others stop what they allowed (ConsentWithdrawn). Withdrawing what was never given changes nothing.
    """
    with transaction.atomic(durable=True):
        lock_user(user_id)
        given = standing_consent(user_id, kind)
        if given is None:
            return
        _record(
            user_id=user_id,
            version=given.agreement,
            act=ConsentRecord.Act.WITHDRAWN,
            channel=ConsentRecord.Channel.MINI_PROGRAM,
            device_id=context.current().device_id,
            now=clock.now(),
        )
        record_audit(action="accounts.consent.withdrawn", subject=f"user:{user_id}", facts={"kind": kind})
        publish(ConsentWithdrawn(user_id=user_id, kind=kind))
    forget_access(access_hashes_of(user_id))


def record_consents(
    *,
    user_id: int,
    versions: Collection[AgreementVersion],
    channel: ConsentRecord.Channel,
    device_id: str,
    now: datetime,
) -> None:
    """
    Write down what was accepted, but not twice. Must be called in the transaction that makes or locks the
    user; whoever calls it forgets their access after the commit.
    """
    require_transaction()
    for version in versions:
        standing = standing_consent(user_id, version.kind)
        if standing is not None and standing.agreement.version >= version.version:
            continue
        _record(
            user_id=user_id,
            version=version,
            act=ConsentRecord.Act.GIVEN,
            channel=channel,
            device_id=device_id,
            now=now,
        )
        publish(ConsentGiven(user_id=user_id, kind=version.kind, version=version.version))


@retry_conflicts
def _accept(*, user_id: int, versions: Collection[AgreementVersion], now: datetime) -> None:
    with transaction.atomic(durable=True):
        lock_user(user_id)
        record_consents(
            user_id=user_id,
            versions=versions,
            channel=ConsentRecord.Channel.MINI_PROGRAM,
            device_id=context.current().device_id,
            now=now,
        )
    forget_access(access_hashes_of(user_id))  # what is remembered of them says that they did not agree


def _record(
    *,
    user_id: int,
    version: AgreementVersion,
    act: ConsentRecord.Act,
    channel: ConsentRecord.Channel,
    device_id: str,
    now: datetime,
) -> None:
    asked = context.current()
    ConsentRecord.objects.create(
        user_id=user_id,
        agreement=version,
        act=act,
        at=now,
        sha256=version.sha256,
        channel=channel,
        device_id=device_id,
        ip_masked=mask_ip(asked.ip),
        request_id=asked.request_id,
    )
