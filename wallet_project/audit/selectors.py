"""What does the trail say, and is it whole?"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wallet_project.audit.models import BEFORE_THE_FIRST, AuditEntry, AuditSeal
from wallet_project.kit.retention import TRAIL

KINDS = (TRAIL.of("audit.AuditEntry", "audit.AuditSeal"),)  # of what is kept
TIME_TO_SEAL = timedelta(minutes=10)
_CHUNK = 1000
_ENOUGH = 20  # after so many problems the rest would only be noise


@dataclass(kw_only=True)
class Verdict:
    """`head` is the last seal's digest, to be compared with the log's."""

    checked: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)


def verify_trail(*, now: datetime, since: datetime | None = None) -> Verdict:
    """Recompute the seals made since then, or all of them; name what was changed, removed or never sealed."""
    verdict = Verdict()
    previous = _seal_before(since)
    position, digest = (previous.position, bytes(previous.digest)) if previous else (0, BEFORE_THE_FIRST)
    while len(verdict.problems) < _ENOUGH:
        seals = AuditSeal.objects.filter(position__gt=position).select_related("entry").order_by("position")
        chunk = list(seals[:_CHUNK])
        for seal in chunk:
            if seal.position != position + 1:
                verdict.problems.append(f"removed: seals {position + 1} to {seal.position - 1}")
            elif seal.entry.digest_after(digest) != bytes(seal.digest):
                verdict.problems.append(f"changed: entry {seal.entry_id}, seal {seal.position}")
            position, digest = seal.position, bytes(seal.digest)
        verdict.checked += len(chunk)
        if len(chunk) < _CHUNK:
            break
    verdict.head = digest.hex()
    unsealed = AuditEntry.objects.filter(seal=None, at__lt=now - TIME_TO_SEAL)
    if since:
        unsealed = unsealed.filter(at__gte=since)
    verdict.problems += [f"never sealed: entry {entry.pk}" for entry in unsealed.order_by("pk")[:_ENOUGH]]
    return verdict


def latest_about(subject: str, *, limit: int) -> list[AuditEntry]:
    """What was written about one thing, the newest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("-pk")[:limit])


def written_about(
    subjects: Collection[str], *, actions: Collection[str], before: datetime, limit: int
) -> list[AuditEntry]:
    """What of these kinds was written about any of them, the newest first."""
    entries = AuditEntry.objects.filter(subject__in=subjects, action__in=actions, at__lt=before)
    return list(entries.order_by("-pk")[:limit])


def _seal_before(since: datetime | None) -> AuditSeal | None:
    if since is None:
        return None
    return AuditSeal.objects.filter(sealed_at__lt=since).order_by("-position").first()


def acts_between(
    action: str, since: datetime, until: datetime, *, actor: str = "", **facts: str | list[str]
) -> int:
    """How often it was done, by one actor or by all; `status__in=[…]` looks at what the entries say."""
    acts = AuditEntry.objects.filter(action=action, at__gte=since, at__lt=until)
    if actor:
        acts = acts.filter(actor=actor)
    return acts.filter(**{f"facts__{name}": value for name, value in facts.items()}).count()
