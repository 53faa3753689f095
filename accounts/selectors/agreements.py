"""Which texts are in force, and what a version says."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import AgreementVersion
from accounts.rules.agreements import AgreementKind
from wallet_project.kit.errors import NotFound


def published_versions() -> QuerySet[AgreementVersion]:
    return AgreementVersion.objects.filter(published_at__isnull=False)


def current_agreements(
    at: datetime, kinds: Collection[AgreementKind] = tuple(AgreementKind)
) -> list[AgreementVersion]:
    """The version in force of each kind, in the order in which they are shown; one query."""
    in_force = published_versions().filter(effective_at__lte=at, kind__in=kinds)
    found = {version.kind: version for version in in_force.order_by("kind", "-version").distinct("kind")}
    return [found[kind] for kind in AgreementKind if kind in found]


def current_agreement(kind: AgreementKind, at: datetime) -> AgreementVersion:
    """
    :raises NotFound: no version of this kind is in force
    """
    for version in current_agreements(at, [kind]):
        return version
    raise NotFound


def is_announced(kind: AgreementKind, *, since: datetime, until: datetime) -> bool:
    """A text that everybody is asked to agree to was published after `since` and is in force at `until`."""
    material = published_versions().filter(kind=kind, is_material=True)
    return material.filter(published_at__gt=since, effective_at__lte=until).exists()


def published_version(kind: AgreementKind, version: int) -> AgreementVersion:
    """
    In force, announced or outdated; a draft is nobody's business.

    :raises NotFound: there is no such version
    """
    found = published_versions().filter(kind=kind, version=version).first()
    if found is None:
        raise NotFound
    return found


def kind_of(slug: str) -> AgreementKind:
    """
    A kind by its name in an address: `fee-schedule`.

    :raises NotFound: no agreement has this name
    """
    for kind in AgreementKind:
        if slug_of(kind) == slug:
            return kind
    raise NotFound


def slug_of(kind: str) -> str:
    return kind.lower().replace("_", "-")


def page_url(version: AgreementVersion) -> str:
    """The page that people read, as a mini-program's web-view opens it."""
    return f"{settings.PUBLIC_URL}/agreements/{slug_of(version.kind)}/{version.version}"


def document(version: AgreementVersion) -> dict[str, Any]:
    """What a client needs to show a text and to have it accepted; plain values, fit for an error's facts."""
    return {
        "kind": version.kind,
        "version": version.version,
        "title": version.title,
        "hash": version.sha256,
        "url": page_url(version),
        "summary": version.summary,
    }
