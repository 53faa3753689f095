"""What is known of recent customers is refreshed at night; what comes of it is counted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import ExtractHour

from coupons.models import Exposure, Membership, PlaceRanking, Purchase, RecommendationClick, Taste
from coupons.rules.recommendations import PARTS_OF_DAY, part_of_day
from coupons.selectors.recommendations import experiment, wants_personal
from coupons.services.experiments import meet
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take, require_transaction

LATELY = timedelta(days=90)
POPULAR_LATELY = timedelta(days=30)
FEWEST = 3  # people: of fewer one could tell who they are
_AT_ONCE = 500

# Within one tier: how many of those who were at a place were at another one, too. Whoever wants nothing
# personal is no example to others either.
_TOGETHER = """
    WITH visits AS (
        SELECT DISTINCT coalesce(m.tier, '') AS tier, p.user_id, p.place FROM coupons_purchase AS p
        LEFT JOIN coupons_membership AS m ON m.user_id = p.user_id
        WHERE p.paid_at >= %(since)s AND p.returned < p.amount AND NOT EXISTS (
            SELECT FROM coupons_taste AS t WHERE t.user_id = p.user_id AND NOT t.is_personal
        )
    )
    SELECT here.tier, here.place, there.place, count(*) FROM visits AS here
    JOIN visits AS there ON there.user_id = here.user_id AND there.place <> here.place
    GROUP BY 1, 2, 3 HAVING count(*) >= %(fewest)s
"""

_Together = dict[tuple[str, str], dict[str, int]]


def refresh_recommendations() -> int:
    """
    Which places are popular, and for everybody who bought something lately, what they and people like them
    like; returns for how many. Of nobody else anything stays known.
    """
    now = clock.now()
    since, refreshed = now - LATELY, 0
    _rank_places(since=now - POPULAR_LATELY)
    together = _bought_together(since)
    names = dict(_kept(since).values_list("place").annotate(name=Max("place_name")))
    recent = list(_kept(since).order_by("user").values_list("user", flat=True).distinct())
    for begin in range(0, len(recent), _AT_ONCE):
        refreshed += _refresh(recent[begin : begin + _AT_ONCE], together, names, since=since, at=now)
    Taste.objects.filter(is_personal=True, refreshed_at__lt=now).delete()
    return refreshed


def choose_personal(*, user_id: int) -> None:
    """From the next refresh on."""
    Taste.objects.filter(pk=user_id).update(is_personal=True)


def choose_nothing_personal(*, user_id: int) -> None:
    """From now on; what was known for them is gone."""
    off = {"is_personal": False, "places": {}, "refreshed_at": None}
    with transaction.atomic():
        Taste.objects.update_or_create(user_id=user_id, defaults=off)
        Exposure.objects.filter(experiment=experiment(), user=user_id).delete()
        RecommendationClick.objects.filter(user=user_id).delete()


def note_shown(*, user_id: int) -> None:
    """Whoever wants what is personal has met the experiment, in both arms alike."""
    meet(experiment(), user_id)


def note_click(*, user_id: int, key: str) -> None:
    """Only of whoever wants what is personal."""
    if wants_personal(user_id):
        RecommendationClick.objects.create(user_id=user_id, key=key, at=clock.now())


def forget_taste(*, user_id: int) -> None:
    """Whoever leaves is not known any more."""
    require_transaction()
    Taste.objects.filter(pk=user_id).delete()
    RecommendationClick.objects.filter(user=user_id).delete()


def _kept(since: datetime) -> QuerySet[Purchase]:
    """What was bought since and did not go back."""
    return Purchase.objects.filter(paid_at__gte=since, returned__lt=F("amount"))


@transaction.atomic
def _rank_places(*, since: datetime) -> None:
    ranked = (
        _kept(since)
        .values("place")
        .annotate(people=Count("user", distinct=True), place_name=Max("place_name"))
    )
    PlaceRanking.objects.all().delete()
    PlaceRanking.objects.bulk_create(PlaceRanking(**row) for row in ranked.filter(people__gte=FEWEST))


@transaction.atomic
def _bought_together(since: datetime) -> _Together:
    together: _Together = defaultdict(dict)
    let_statements_take(seconds=100)
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, {"since": since, "fewest": FEWEST})
        for tier, here, there, people in cursor.fetchall():
            together[tier, here][there] = people
    return together


@transaction.atomic
def _refresh(
    user_ids: Sequence[int], together: _Together, names: dict[str, str], *, since: datetime, at: datetime
) -> int:
    """Of these people, those who want it: six queries."""
    Taste.objects.bulk_create([Taste(user_id=user_id) for user_id in user_ids], ignore_conflicts=True)
    tastes = list(
        Taste.objects.select_for_update(no_key=True).filter(pk__in=user_ids, is_personal=True).order_by("pk")
    )
    tiers = dict(Membership.objects.filter(pk__in=user_ids).values_list("pk", "tier"))
    visits: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * PARTS_OF_DAY))
    hours = _kept(since).annotate(hour=ExtractHour("paid_at", tzinfo=clock.SHANGHAI))
    counted = hours.filter(user__in=user_ids).values_list("user", "place", "hour").annotate(times=Count("pk"))
    for user_id, place, hour, times in counted:
        visits[user_id][place][part_of_day(hour)] += times
    for taste in tastes:
        mine = visits[taste.user_id]
        tier = tiers.get(taste.user_id, "")
        similar: dict[str, int] = defaultdict(int)
        for here in mine:
            for there, people in together.get((tier, here), {}).items():
                similar[there] += people
        taste.places = {
            place: {
                "name": names[place],
                "visits": list(mine.get(place, [0] * PARTS_OF_DAY)),
                "similar": similar.get(place, 0),
            }
            for place in mine.keys() | similar.keys()
        }
        taste.refreshed_at = at
    Taste.objects.bulk_update(tastes, ["places", "refreshed_at"])
    return len(tastes)
