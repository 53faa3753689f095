"""Draft the next version of an agreement, and publish it: one person asks, another one agrees."""

from datetime import datetime

from django.db import transaction

from accounts.errors import AgreementChanged, AgreementTooSoon
from accounts.events import AgreementPublished
from accounts.models import AgreementVersion
from accounts.models.agreements import NOTICE
from accounts.rules.agreements import AgreementKind, fingerprint
from accounts.selectors.agreements import published_versions
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish


@transaction.atomic
def draft_next(kind: AgreementKind) -> AgreementVersion:
    """The draft of the next version, begun from the last text; if there is one already, that one."""
    last = published_versions().filter(kind=kind).select_for_update().order_by("-version")[0]
    draft, _made = AgreementVersion.objects.get_or_create(
        kind=kind, version=last.version + 1, defaults={"title": last.title, "body": last.body}
    )
    return draft


def propose_publication(*, agreement_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to publish a draft, exactly as it stands.

    :raises AgreementTooSoon: it says no time from which it counts, or not one that can be announced
    :raises AlreadyProposed: somebody has asked already
    """
    draft = AgreementVersion.objects.get(pk=agreement_id, published_at=None)
    _require_notice(draft, at=clock.now())
    facts = {"agreement_id": draft.pk, "agreement": str(draft), **_terms(draft)}
    propose(
        kind="accounts.agreement_publication",
        subject=f"agreement:{draft.pk}",
        facts=facts,
        reason=reason,
        maker_id=maker_id,
    )


def publish_agreement(*, agreement_id: int, approved: dict[str, object]) -> AgreementVersion:
    """
    Announce a draft: from now on it cannot be changed, and from `effective_at` on it counts.

    `approved` is what the second person saw of it. Must be called in the transaction that approves.

    :raises AgreementChanged: the draft is not the one that was approved
    :raises AgreementTooSoon: its time has come too near since
    """
    require_transaction()
    draft = AgreementVersion.objects.select_for_update().get(pk=agreement_id)
    if draft.published_at is not None or _terms(draft) != approved:
        raise AgreementChanged
    now = clock.now()
    effective_at = _require_notice(draft, at=now)
    draft.sha256, draft.published_at = _fingerprint(draft), now
    draft.save()
    record_audit(
        action="accounts.agreement.published",
        subject=f"agreement:{draft.pk}",
        facts={"kind": draft.kind, "version": draft.version, "sha256": draft.sha256},
    )
    publish(
        AgreementPublished(
            kind=draft.kind,
            version=draft.version,
            is_material=draft.is_material,
            effective_at=clock.iso(effective_at),
        )
    )
    return draft


def _require_notice(draft: AgreementVersion, *, at: datetime) -> datetime:
    last = published_versions().filter(kind=draft.kind).order_by("-version")[0]
    earliest = max(at + NOTICE, last.effective_at or at)
    if draft.effective_at is None or draft.effective_at < earliest:
        raise AgreementTooSoon(earliest=clock.iso(earliest))
    return draft.effective_at


def _terms(draft: AgreementVersion) -> dict[str, object]:
    """Everything that a customer will be told of it, in plain values."""
    return {
        "sha256": _fingerprint(draft),
        "effective_at": draft.effective_at and clock.iso(draft.effective_at),
        "is_material": draft.is_material,
        "summary": draft.summary,
    }


def _fingerprint(draft: AgreementVersion) -> str:
    return fingerprint(kind=draft.kind, version=draft.version, title=draft.title, body=draft.body)
