"""Who fulfils an audience's conditions, and who is in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import User, UserStatus
from accounts.selectors.kyc import levels_of_all
from coupons.models import Membership, Purchase, Segment, SegmentMember, Touch
from coupons.rules.segments import ZERO_WHEN_UNKNOWN, Comparison, Condition, Fact, Groups
from coupons.selectors.membership import tiers_in_force
from wallet.selectors.balances import balances_of_all
from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.flags.selectors import open_to_audience
from wallet_project.kit import clock

# A statement that selects ids of people, and its parameters.
People = tuple[str, list[Any]]

_COMPARED = {
    Comparison.AT_LEAST: "{value} >= %s",
    Comparison.AT_MOST: "{value} <= %s",
    Comparison.IS: "coalesce({value}::text[] && %s, false)",
    Comparison.IS_NOT: "NOT coalesce({value}::text[] && %s, false)",
}


def is_in(segment_id: int, user_id: int) -> bool:
    """One look into an index."""
    return SegmentMember.objects.filter(segment=segment_id, user=user_id).exists()


def members_of(segment_id: int) -> QuerySet[SegmentMember, Any]:
    """Who is in it now: their ids, for a subquery."""
    return SegmentMember.objects.filter(segment=segment_id).values("user")


def names_of_all() -> dict[int, str]:
    """Audience → its name."""
    return dict(Segment.objects.order_by("name").values_list("pk", "name"))


def segments_of(user_id: int, *, among: Iterable[int]) -> frozenset[int]:
    """Of these segments, those that somebody is in; one query."""
    mine = SegmentMember.objects.filter(user=user_id, segment__in=set(among))
    return frozenset(mine.values_list("segment_id", flat=True))


def people_who(groups: Groups, *, at: datetime) -> People:
    """
    Customers who fulfil any of these groups of conditions, as one statement. Each fact of the conditions is
    read once for everybody and joined, so that it costs the same for one condition of everybody as for ten.

    :raises ValueError: no group, or an empty one: that would be everybody
    """
    if not groups or not all(groups):
        raise ValueError("an audience needs conditions")
    read = list(dict.fromkeys((one.fact, one.days) for group in groups for one in group))
    joins: list[str] = []
    parameters: list[Any] = []
    for number, (fact, days) in enumerate(read):
        sql, values = _known(fact, days=days, at=at).query.sql_with_params()
        joins.append(f"LEFT JOIN ({sql}) AS f{number}(person, value) ON f{number}.person = u.id")
        parameters += values
    wanted = []
    for group in groups:
        wanted.append(" AND ".join(_compared(one, read.index((one.fact, one.days))) for one in group))
        parameters += [_parameter(one) for one in group]
    everybody = "u.status = %s AND NOT u.is_staff"
    return (
        f"SELECT u.id FROM accounts_user AS u {' '.join(joins)}"  # noqa: S608 - of our own words and parameters
        f" WHERE ({' OR '.join(f'({group})' for group in wanted)}) AND {everybody}",
        [*parameters, UserStatus.ACTIVE],
    )


def count_who(groups: Groups, *, at: datetime) -> int:
    """How many people that would be."""
    sql, parameters = people_who(groups, at=at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS people", parameters)  # noqa: S608
        return int(cursor.fetchone()[0])


def used_by(segment: Segment) -> list[str]:
    """What is in force now and asks for this audience, in words."""
    found = []
    for model in Agreed.__subclasses__():
        if hasattr(model, "segment_id"):
            users: Any = model._meta.default_manager
            live = users.filter(segment_id=segment.pk, state=AgreedState.LIVE)
            found += [f"{model._meta.verbose_name} {row}" for row in live]
    return found + [f"功能灰度 {feature}" for feature in open_to_audience(segment.pk)]


def _compared(condition: Condition, number: int) -> str:
    value = f"f{number}.value"
    if condition.fact in ZERO_WHEN_UNKNOWN:
        value = f"coalesce({value}, 0)"
    return _COMPARED[condition.comparison].format(value=value)


def _parameter(condition: Condition) -> Any:
    return list(condition.value) if isinstance(condition.value, tuple) else condition.value


def _known(fact: Fact, *, days: int | None, at: datetime) -> QuerySet[Any, Any]:
    """(person, value) of whoever this fact is known of."""
    match fact:
        case Fact.REGISTERED:
            joined = TruncDate("created_at", tzinfo=clock.SHANGHAI)
            return User.objects.order_by().values_list("pk", joined)
        case Fact.KYC_LEVEL:
            return levels_of_all(on=clock.business_day(at))
        case Fact.BALANCE:
            return balances_of_all()
        case Fact.CHANNEL:
            touched = Touch.objects.order_by().values("user")
            return touched.annotate(value=ArrayAgg("channel__code")).values_list("user", "value")
        case Fact.TIER:
            mine = Membership.objects.filter(user=OuterRef("pk")).values("tier")
            lowest = tiers_in_force().values("code")[:1]
            tier = Coalesce(Subquery(mine), Subquery(lowest))
            one = Func(tier, template="ARRAY[%(expressions)s]", output_field=ArrayField(CharField()))
            return User.objects.order_by().values_list("pk", one)
    bought = Purchase.objects.order_by().filter(paid_at__lte=at, returned__lt=F("amount"))
    if days is not None:
        bought = bought.filter(paid_at__gt=at - timedelta(days=days))
    return bought.values("user").annotate(value=_BOUGHT[fact](at)).values_list("user", "value")


_BOUGHT: dict[Fact, Any] = {
    Fact.PURCHASES: lambda at: Count("pk"),
    Fact.SPENT: lambda at: Sum(F("amount") - F("returned")),
    Fact.OWN_SPENT: lambda at: Sum(F("own") - F("returned_own")),
    Fact.IDLE_DAYS: lambda at: Func(
        Value(at),
        Max("paid_at"),
        template="floor(extract(epoch FROM %(expressions)s) / 86400)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    ),
    Fact.PLACE: lambda at: ArrayAgg("place", distinct=True, filter=~Q(place="")),
}
