"""
The catalogue of what is kept: which rows, since when, and the least time that nobody may shorten.

Each app says so of its tables (`KINDS`); a kind that is not a PassingKind is never cleared by age, and its
rule still says for how many years at least it is there, and why.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import DateTimeField, Min
from django.db.models.functions import Cast

from accounts.selectors import retention as accounts
from coupons.selectors import retention as coupons
from feedback.selectors import retention as feedback
from payments.selectors import retention as payments
from wallet.selectors import retention as wallet
from wallet_project.analytics.selectors import retention as analytics
from wallet_project.approvals import selectors as approvals
from wallet_project.audit import selectors as audit
from wallet_project.flags import selectors as flags
from wallet_project.kit import outdated as kit
from wallet_project.kit.retention import YEAR, Kind, PassingKind
from wallet_project.notifications.selectors import retention as notifications

_EVIDENCE = (
    Kind(
        key="compliance.evidence",
        title="合规台账",
        tables=(
            "compliance.RetentionRule",
            "compliance.RetentionRun",
            "compliance.Licence",
            "compliance.Checklist",
            "compliance.ChecklistItem",
            "compliance.ChecklistRun",
            "compliance.RunItem",
            "compliance.RiskAssessment",
            "compliance.TrainingCourse",
            "compliance.TrainingRecord",
            "compliance.ScanReport",
            "compliance.Finding",
            "compliance.Reminder",
        ),
        keep_days=3 * YEAR,
        minimum_days=3 * YEAR,
        basis="个人信息保护法第五十六条：影响评估与处理记录不少于三年",
    ),
)


def _together(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """A kind that several apps have a share in has the tables of all of them, the lowest first."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        shared = found.get(kind.key)
        found[kind.key] = kind.of(*kind.tables, *shared.tables) if shared else kind
    return found


# The highest floor first: what points to others goes before them.
KINDS = _together(
    (
        *_EVIDENCE,
        *analytics.KINDS,
        *notifications.KINDS,
        *feedback.KINDS,
        *payments.KINDS,
        *coupons.KINDS,
        *wallet.KINDS,
        *accounts.KINDS,
        *flags.KINDS,
        *approvals.KINDS,
        *audit.KINDS,
        *kit.KINDS,
    )
)
PASSING: dict[str, PassingKind] = {key: kind for key, kind in KINDS.items() if isinstance(kind, PassingKind)}


def oldest_left(kind: PassingKind, *, before: datetime) -> datetime | None:
    """The age of the oldest row that will go one day; None: there is no such row."""
    oldest: datetime | None = kind.outdated(before=before).aggregate(
        oldest=Min(Cast(kind.since, DateTimeField()))
    )["oldest"]
    return oldest
