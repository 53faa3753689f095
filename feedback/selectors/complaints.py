"""How complaints in WeChat stand: what WeChat judges a merchant by."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from feedback.models import Complaint, ComplaintTelling
from feedback.rules.complaints import (
    ANSWERED_WITHIN,
    SOLVED_WITHIN,
    UNFIT_TRIES,
    ComplaintState,
    TellingState,
)

_LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class ComplaintFigures:
    """
    Of the thirty days before: how many were filed, complained about again, answered within a day and ended
    within three. `open`, `late`, `stuck` and `unfit` are of now: not over, past one of these times, not told,
    and complaints and what is to be told of them that we do not try by ourselves any more.
    """

    filed: int
    repeated: int
    answered_in_time: int
    solved_in_time: int
    open: int
    late: int
    stuck: int
    unfit: int

    @property
    def repeat_rate(self) -> int:
        """In hundredths of a percent; 0 of none."""
        return _rate(self.repeated, self.filed)

    @property
    def answer_rate(self) -> int:
        return _rate(self.answered_in_time, self.filed)

    @property
    def solve_rate(self) -> int:
        return _rate(self.solved_in_time, self.filed)


def complaint_figures(*, at: datetime) -> ComplaintFigures:
    """Three queries."""
    recent = Q(noticed_at__gte=at - _LOOKED_BACK)
    began = F("complained_at")
    is_open = ~Q(state=ComplaintState.PROCESSED)
    counted = Complaint.objects.filter(recent | is_open | waits_for_a_person()).aggregate(
        filed=Count("pk", filter=recent),
        repeated=Count("pk", filter=recent & Q(times__gt=1)),
        answered_in_time=Count("pk", filter=recent & Q(answered_at__lte=began + ANSWERED_WITHIN)),
        solved_in_time=Count("pk", filter=recent & Q(processed_at__lte=began + SOLVED_WITHIN)),
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=late_by(at)),
        unfit=Count("pk", filter=waits_for_a_person()),
    )
    stuck = ComplaintTelling.objects.filter(state=TellingState.WAITING, tries__gt=2).count()
    counted["unfit"] += (
        ComplaintTelling.objects.filter(state=TellingState.UNFIT)
        .exclude(complaint__state=ComplaintState.PROCESSED)
        .count()
    )
    return ComplaintFigures(**counted, stuck=stuck)


def late_by(at: datetime) -> Q:
    """Not over, and past a time that WeChat gives."""
    begun = Q(complained_at__lt=at - ANSWERED_WITHIN, answered_at=None) | Q(
        complained_at__lt=at - SOLVED_WITHIN
    )
    unread = Q(complained_at=None, noticed_at__lt=at - ANSWERED_WITHIN)
    return ~Q(state=ComplaintState.PROCESSED) & (begun | unread)


def waits_for_a_person() -> Q:
    """We failed so often to keep what WeChat says that it is not tried by itself any more."""
    return Q(failures__gte=UNFIT_TRIES, look_at=None)


def most_urgent_complaints(*, limit: int) -> QuerySet[Complaint]:
    """Those that are not over; unanswered ones first, the oldest of them first."""
    waiting = Complaint.objects.exclude(state=ComplaintState.PROCESSED).select_related("ticket")
    is_answered = Case(When(answered_at=None, then=0), default=1)
    return waiting.order_by(is_answered, Coalesce("complained_at", "noticed_at"))[:limit]


def complaints_of_ticket(ticket_id: int) -> QuerySet[Complaint]:
    """The newest first; a merged ticket may have several."""
    return Complaint.objects.filter(ticket=ticket_id).order_by("-pk")


def is_over_in_wechat(ticket_id: int) -> bool:
    """It is about complaints, of which WeChat takes nothing more."""
    states = set(Complaint.objects.filter(ticket=ticket_id).values_list("state", flat=True))
    return states == {ComplaintState.PROCESSED}


def tellings_of_messages(ids: Iterable[int]) -> dict[int, list[ComplaintTelling]]:
    """Message → what WeChat is told of it, in order."""
    found: dict[int, list[ComplaintTelling]] = defaultdict(list)
    for telling in ComplaintTelling.objects.filter(message__in=list(ids)).order_by("pk"):
        found[telling.message_id or 0].append(telling)
    return dict(found)


def _rate(part: int, of: int) -> int:
    return part * 10_000 // of if of else 0
