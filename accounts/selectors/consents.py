"""Who agrees to what: the last word of each person on each agreement."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import AgreementVersion, ConsentRecord
from accounts.rules.agreements import MANDATORY
from accounts.selectors.agreements import current_agreements, published_versions
from wallet_project.kit import clock


def has_consent(user_id: int, *, purpose: str) -> bool:
    """
    Whether this person agrees, now, to an AgreementKind: given, not withdrawn, and to a text that has not
    changed materially since. Ask before each processing that needs it; at most two queries.
    """
    standing = standing_consent(user_id, purpose)
    if standing is None:
        return False
    later = published_versions().filter(kind=purpose, version__gt=standing.agreement.version)
    return not later.filter(is_material=True, effective_at__lte=clock.now()).exists()


def outstanding_for(user_id: int, at: datetime) -> list[AgreementVersion]:
    """The mandatory texts that this person has to accept before anything else goes on."""
    due = set(_unaccepted(by=user_id).filter(effective_at__lte=at).values_list("kind", flat=True))
    return current_agreements(at, [kind for kind in MANDATORY if kind in due]) if due else []


def consent_due_at() -> Subquery:
    """
    For a query of sessions: from when on their user may not go on without agreeing. NULL: agrees to all that
    is announced; past: something is outstanding; future: a version that is announced will be.
    """
    unaccepted = _unaccepted(by=OuterRef(OuterRef("user_id"))).order_by("effective_at")
    return Subquery(unaccepted.values("effective_at")[:1])


def standing_consent(user_id: int, kind: str) -> ConsentRecord | None:
    """The consent that holds, to whatever version of the text; None: never given, or withdrawn."""
    last = consents_of(user_id).filter(agreement__kind=kind).order_by("-pk").first()
    return last if last and last.act == ConsentRecord.Act.GIVEN else None


def people_who_agree(kind: str) -> QuerySet[ConsentRecord, int]:
    """Ids, for a subquery: of whom consent to this kind stands, to whatever version of the text."""
    taken_back = ConsentRecord.objects.filter(
        user=OuterRef("user"), agreement__kind=kind, act=ConsentRecord.Act.WITHDRAWN, pk__gt=OuterRef("pk")
    )
    given = ConsentRecord.objects.filter(~Exists(taken_back), agreement__kind=kind)
    return given.filter(act=ConsentRecord.Act.GIVEN).values_list("user", flat=True)


def consents_of(user_id: int) -> QuerySet[ConsentRecord]:
    """Everything this person agreed to or took back, with the texts."""
    return ConsentRecord.objects.filter(user_id=user_id).select_related("agreement")


def _unaccepted(*, by: Any) -> QuerySet[AgreementVersion]:
    return published_versions().filter(~_covered(by=by), kind__in=MANDATORY, is_material=True)


def _covered(*, by: Any) -> Exists:
    """Of a version: accepted by this user, it or a later one, and not withdrawn since."""
    taken_back = ConsentRecord.objects.filter(
        user=OuterRef("user"),
        agreement__kind=OuterRef("agreement__kind"),
        act=ConsentRecord.Act.WITHDRAWN,
        pk__gt=OuterRef("pk"),
    )
    given = ConsentRecord.objects.filter(
        ~Exists(taken_back),
        user=by,
        agreement__kind=OuterRef("kind"),
        agreement__version__gte=OuterRef("version"),
        act=ConsentRecord.Act.GIVEN,
    )
    return Exists(given)
