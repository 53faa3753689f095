"""How well we know somebody: their level, what it needs, and the application under way."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.models import KycApplication, RealName, User
from accounts.rules.id_cards import birthday_of as birthday_in
from accounts.rules.kyc import ASKING, STEPS, KycLevel, Step, level_by_card, level_from
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Standing:
    """
    Somebody's level on a day, and since when. `by_card`: it rests on an ID card, whose last day is
    `valid_until` (None: it has no end); otherwise only the phone speaks for them.
    """

    level: KycLevel
    since: datetime | None
    by_card: bool
    valid_until: date | None
    is_minor: bool


@dataclass(frozen=True, kw_only=True)
class KycOverview:
    """What somebody is shown of their own real name."""

    standing: Standing
    name_masked: str | None
    id_number_masked: str | None
    application: KycApplication | None


def standing_of(user_id: int) -> Standing:
    """As of today, in one query; for limits on money services.kyc_levels.hold_level."""
    user = User.objects.select_related("real_name").only("phone_bound_at", "real_name").get(pk=user_id)
    return standing_from(user, getattr(user, "real_name", None), on=clock.business_day(clock.now()))


def level_of(user_id: int) -> KycLevel:
    """The level alone, as of today; for limits on money services.kyc_levels.hold_level."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kyc_look(%s)", [user_id])
        return level_from(*cursor.fetchone(), on=clock.business_day(clock.now()))


def levels_of_all(*, on: date) -> QuerySet[User, tuple[int, int]]:
    """(user, level) of everybody as of a day, for a statement about many people."""
    by_card = Q(real_name__level__gt=KycLevel.NONE) & (
        Q(real_name__valid_until=None) | Q(real_name__valid_until__gte=on)
    )
    level = Case(
        When(by_card, then=F("real_name__level")),
        When(phone_bound_at__isnull=False, then=Value(KycLevel.I.value)),
        default=Value(KycLevel.NONE.value),
    )
    return User.objects.order_by().values_list("pk", level)


def standing_from(user: User, real_name: RealName | None, *, on: date) -> Standing:
    """What a day makes of what is stored."""
    is_minor = bool(real_name and real_name.adult_on and real_name.adult_on > on)
    if real_name and (level := level_by_card(real_name.level, real_name.valid_until, on=on)):
        return Standing(
            level=level,
            since=real_name.since,
            by_card=True,
            valid_until=real_name.valid_until,
            is_minor=is_minor,
        )
    level = KycLevel.I if user.phone_bound_at else KycLevel.NONE
    return Standing(
        level=level, since=user.phone_bound_at, by_card=False, valid_until=None, is_minor=is_minor
    )


def missing_steps(level: KycLevel, *, standing: Standing) -> list[Step]:
    """What somebody still has to do for a level."""
    return [step for step in STEPS[level] if step not in STEPS[standing.level]]


def kyc_of(user_id: int) -> KycOverview:
    """Two queries: the person, and their latest application."""
    user = User.objects.select_related("personal_key", "real_name__evidence").get(pk=user_id)
    real_name: RealName | None = getattr(user, "real_name", None)
    evidence = real_name.evidence if real_name else None
    if evidence:
        evidence.user = user
    return KycOverview(
        standing=standing_from(user, real_name, on=clock.business_day(clock.now())),
        name_masked=evidence.name_masked if evidence else None,
        id_number_masked=evidence.id_number_masked if evidence else None,
        application=KycApplication.objects.filter(user_id=user_id).order_by("-pk").first(),
    )


def application_of(user_id: int, number: str) -> KycApplication:
    """
    :raises NotFound: this user has no such application
    """
    application = KycApplication.objects.filter(user_id=user_id, number=number).first()
    if application is None:
        raise NotFound
    return application


def birthday_of(user_id: int) -> date | None:
    """As the ID card has it; None while nobody has verified one."""
    real_name = (
        RealName.objects.select_related("evidence__user__personal_key").filter(user_id=user_id).first()
    )
    id_number = real_name and real_name.id_number
    return birthday_in(id_number) if id_number else None


def verified_name_of(user_id: int) -> str | None:
    """
    Somebody's verified name in clear, to be told to whoever must compare it; None while nobody has verified
    one, or their ID card is over.
    """
    found = RealName.objects.select_related("evidence__user__personal_key").filter(user_id=user_id).first()
    on = clock.business_day(clock.now())
    if found is None or not level_by_card(found.level, found.valid_until, on=on):
        return None
    return found.evidence.opened("name")


def kyc_to_ask(at: datetime) -> QuerySet[KycApplication]:
    return KycApplication.objects.filter(state__in=ASKING, next_ask_at__lte=at).order_by("next_ask_at")
