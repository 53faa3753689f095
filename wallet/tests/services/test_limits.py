"""Limits: counted with the money, exact at every edge, and refusals that say what would help."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import User
from accounts.rules.kyc import ChangeReason, KycLevel
from accounts.services.kyc_levels import lower_level
from accounts.tests.factories import with_level
from wallet.errors import LimitExceeded, NotInThisMode
from wallet.models import LimitPolicy, LimitUsage
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import OUT
from wallet.selectors.limits import left_for
from wallet.services.limits import give_back_limit, use_limit
from wallet.services.standing import set_standing
from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.db import retry_conflicts

NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
TICK = timedelta(microseconds=1)


def somebody(level=KycLevel.III):
    return with_level(User.objects.create_user(), level)


@retry_conflicts
def move(user, amount, *, kind=MoveKind.TRANSFER, at=NOON):
    with transaction.atomic():
        use_limit(user_id=user.pk, kind=kind, amount=amount, at=at)


def refused(user, amount, *, kind=MoveKind.TRANSFER, at=NOON):
    before = used_by(user)
    with pytest.raises(LimitExceeded) as error:
        move(user, amount, kind=kind, at=at)
    assert used_by(user) == before, "a refusal uses nothing"
    return error.value.detail


def used_by(user):
    """Move → day, times, and what was used in the day, the month, the year and ever."""
    return {
        used.move: (used.times, used.day_amount, used.month_amount, used.year_amount, used.lifetime_amount)
        for used in LimitUsage.objects.filter(user=user)
    }


def allow(level, kind, *, effective_from=NOON - timedelta(days=1), **limits):
    return LimitPolicy.objects.create(
        level=level,
        move=kind,
        **{"per_day": 1_000_000_00, **limits},
        effective_from=effective_from,
        made_at=effective_from,
        proposed_by=1,
        approved_by=2,
    )


@pytest.mark.django_db
def test_what_leaves_the_balance_counts_on_its_own_limits_and_on_the_sum_of_all():
    user = somebody()

    move(user, 100_00)
    move(user, 30_00, kind=MoveKind.PAY)
    move(user, 500_00, kind=MoveKind.TOP_UP)
    move(user, 70_00, kind=MoveKind.WITHDRAW)

    assert used_by(user) == {
        "transfer": (1, *[100_00] * 4),
        "pay": (1, *[30_00] * 4),
        "top_up": (1, *[500_00] * 4),
        "withdraw": (1, *[70_00] * 4),
        OUT: (2, *[130_00] * 4),
    }


@pytest.mark.django_db
def test_a_limit_may_be_used_to_the_last_fen_and_no_further():
    user = somebody(KycLevel.II)
    move(user, 2_000_00)
    move(user, 2_000_00)

    detail = refused(user, 1_000_01)
    move(user, 1_000_00)

    assert (detail["move"], detail["period"], detail["limit"], detail["left"]) == (
        "out",
        "day",
        5_000_00,
        1_000_00,
    )
    assert refused(user, 1)["left"] == 0


@pytest.mark.django_db
def test_a_single_move_may_not_be_too_large():
    detail = refused(somebody(KycLevel.II), 2_000_01)

    assert detail == {
        "move": "transfer",
        "period": "single",
        "title": "转账 · 单笔",
        "limit": 2_000_00,
        "left": 2_000_00,
        "resets_at": None,
        "next_level": {
            "level": 3,
            "title": "三类：已人脸核身",
            "limit": 5_000_00,
            "missing": [{"code": "VERIFY_FACE", "title": "完成人脸核身"}],
        },
    }


@pytest.mark.django_db
def test_so_many_moves_a_day_and_no_more():
    user = somebody(KycLevel.I)
    for _ in range(10):
        move(user, 1)

    detail = refused(user, 1)

    assert (detail["period"], detail["limit"], detail["left"]) == ("times", 10, 0)
    assert detail["resets_at"] == "2026-11-21T00:00:00+08:00"
    move(user, 1, at=NOON + timedelta(days=1))


@pytest.mark.django_db
def test_without_a_phone_nothing_is_sent_and_the_refusal_says_what_would_help():
    detail = refused(somebody(KycLevel.NONE), 1)

    assert (detail["move"], detail["limit"], detail["left"], detail["resets_at"]) == ("transfer", 0, 0, None)
    assert detail["next_level"]["missing"] == [{"code": "BIND_PHONE", "title": "绑定手机号"}]


@pytest.mark.django_db
def test_at_the_highest_level_nothing_more_is_promised():
    assert refused(somebody(), 5_000_01)["next_level"] is None


@pytest.mark.django_db
def test_a_day_ends_at_midnight_in_shanghai():
    user = somebody(KycLevel.II)
    late = datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
    for _ in range(3):
        move(user, 1_500_00, at=late)
    assert refused(user, 1_500_00, at=late)["resets_at"] == "2026-11-21T00:00:00+08:00"

    move(user, 1_500_00, at=late + TICK)

    assert used_by(user)["out"] == (1, 1_500_00, 6_000_00, 6_000_00, 6_000_00)


@pytest.mark.django_db
def test_months_and_years_begin_anew_and_what_is_counted_for_ever_does_not():
    user = somebody()
    move(user, 100_00, at=NEW_YEARS_EVE - timedelta(days=31))
    move(user, 20_00, at=NEW_YEARS_EVE)
    assert used_by(user)["out"] == (1, 20_00, 20_00, 120_00, 120_00)

    move(user, 3_00, at=NEW_YEARS_EVE + TICK)

    assert used_by(user)["out"] == (1, 3_00, 3_00, 3_00, 123_00)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limits", "period", "resets_at"),
    [
        ({"per_month": 100_00, "per_day": 100_00}, "month", "2026-12-01T00:00:00+08:00"),
        ({"per_year": 100_00, "per_day": 100_00}, "year", "2027-01-01T00:00:00+08:00"),
        ({"lifetime": 100_00, "per_day": 100_00}, "lifetime", None),
    ],
)
def test_every_period_has_its_limit(limits, period, resets_at):
    user = somebody()
    allow(KycLevel.III, "transfer", **limits)
    move(user, 60_00)

    detail = refused(user, 40_01)

    assert (detail["period"], detail["left"], detail["resets_at"]) == (period, 40_00, resets_at)
    assert refused(user, 40_01, at=NOON + timedelta(days=2))["period"] == period


@pytest.mark.django_db
def test_a_move_whose_clock_is_behind_counts_where_the_others_are():
    user = somebody()
    move(user, 10_00, at=NEW_YEARS_EVE + TICK)

    move(user, 5_00, at=NEW_YEARS_EVE)

    assert used_by(user)["out"] == (2, *[15_00] * 4)


@pytest.mark.django_db
def test_a_new_version_counts_from_its_moment_on():
    user = somebody()
    allow(KycLevel.III, "transfer", per_day=10_00, effective_from=NOON)

    move(user, 50_00, at=NOON - TICK)

    assert refused(user, 1)["limit"] == 10_00


@pytest.mark.django_db
def test_the_later_of_two_versions_of_one_moment_counts():
    user = somebody()
    allow(KycLevel.III, "transfer", per_day=10_00)
    allow(KycLevel.III, "transfer", per_day=20_00)

    move(user, 20_00)


@pytest.mark.django_db
def test_a_higher_level_goes_on_from_what_was_used():
    user = somebody(KycLevel.NONE)
    move(user, 200_00, kind=MoveKind.PAY)
    with_level(user, KycLevel.II)

    move(user, 4_800_00, kind=MoveKind.PAY)

    assert refused(user, 1, kind=MoveKind.PAY)["left"] == 0


@pytest.mark.django_db
def test_a_lowered_level_counts_at_once_what_was_moved_before():
    user = somebody(KycLevel.II)
    move(user, 1_200_00, kind=MoveKind.PAY)
    with transaction.atomic():
        lower_level(user_id=user.pk, reason=ChangeReason.RISK)

    detail = refused(user, 1, kind=MoveKind.PAY, at=NOON + timedelta(days=40))

    assert (detail["period"], detail["limit"], detail["left"]) == ("lifetime", 1_000_00, 0)


@pytest.mark.django_db
def test_what_came_to_nothing_is_given_back():
    user = somebody()
    move(user, 100_00)
    move(user, 30_00)

    with transaction.atomic():
        give_back_limit(user_id=user.pk, kind=MoveKind.TRANSFER, amount=100_00, at=NOON)

    assert used_by(user) == {"transfer": (1, *[30_00] * 4), OUT: (1, *[30_00] * 4)}


@pytest.mark.django_db
def test_what_is_given_back_later_is_not_taken_from_another_day():
    user = somebody()
    move(user, 100_00, at=NEW_YEARS_EVE)
    move(user, 30_00, at=NEW_YEARS_EVE + TICK)

    with transaction.atomic():
        give_back_limit(user_id=user.pk, kind=MoveKind.TRANSFER, amount=100_00, at=NEW_YEARS_EVE)

    assert used_by(user)["out"] == (1, 30_00, 30_00, 30_00, 30_00)


@pytest.mark.django_db
def test_what_happened_in_part_stays_one_of_the_days_moves():
    user = somebody()
    move(user, 100_00, kind=MoveKind.WITHDRAW)

    with transaction.atomic():
        give_back_limit(user_id=user.pk, kind=MoveKind.WITHDRAW, amount=70_00, at=NOON, moved=30_00)

    assert used_by(user) == {"withdraw": (1, *[30_00] * 4)}


@pytest.mark.django_db
def test_a_part_that_is_given_back_after_midnight_frees_only_what_has_not_ended():
    user = somebody()
    late = datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
    move(user, 100_00, at=late)
    move(user, 5_00, at=late + TICK)

    with transaction.atomic():
        give_back_limit(user_id=user.pk, kind=MoveKind.TRANSFER, amount=60_00, at=late, moved=40_00)

    assert used_by(user)["transfer"] == (1, 5_00, 45_00, 45_00, 45_00)


@pytest.mark.django_db
def test_giving_back_what_was_never_counted_gives_nothing():
    user = somebody()
    move(user, 10_00)

    with transaction.atomic():
        give_back_limit(user_id=user.pk, kind=MoveKind.TRANSFER, amount=100_00, at=NOON)

    assert used_by(user)["out"] == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_whoever_goes_on_after_a_refusal_has_used_nothing():
    user = somebody()

    with transaction.atomic(), pytest.raises(LimitExceeded):
        use_limit(user_id=user.pk, kind=MoveKind.PAY, amount=5_000_01, at=NOON)

    assert used_by(user) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [MoveKind.TRANSFER, MoveKind.RED_PACKET, MoveKind.BILL])
def test_a_closed_loop_makes_no_moves_to_others(settings, kind):
    settings.WALLET_MODE = "closed_loop"
    user = somebody()

    with pytest.raises(NotInThisMode):
        move(user, 1, kind=kind)

    assert used_by(user) == {}


@pytest.mark.django_db
def test_a_move_of_nothing_is_nobodys():
    with pytest.raises(ValueError, match="nothing"):
        move(somebody(), 0)


@pytest.mark.committed
def test_64_moves_at_once_use_the_limit_exactly(committed_db, in_parallel):
    user = somebody(KycLevel.II)

    outcomes = in_parallel([lambda: move(user, 99_00, kind=MoveKind.PAY)] * 64, threads=64)

    assert outcomes.count(None) == 5_000 // 99
    assert all(isinstance(outcome, LimitExceeded) for outcome in outcomes if outcome)
    assert used_by(user)["out"][1] == used_by(user)["pay"][1] == 99_00 * 50


@pytest.mark.committed
def test_different_moves_at_once_share_the_sum_exactly(committed_db, in_parallel):
    user = somebody(KycLevel.II)
    kinds = [MoveKind.PAY, MoveKind.TRANSFER, MoveKind.RED_PACKET, MoveKind.BILL] * 16

    outcomes = in_parallel([lambda kind=kind: move(user, 150_00, kind=kind) for kind in kinds], threads=64)

    assert outcomes.count(None) == 5_000 // 150
    assert {type(outcome) for outcome in outcomes if outcome} == {LimitExceeded}, outcomes
    assert used_by(user)["out"][1] == 150_00 * 33


@pytest.mark.committed
def test_moves_on_both_sides_of_midnight_pass_neither_days_limit(committed_db, in_parallel):
    user = somebody(KycLevel.II)
    late = datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
    calls = [lambda at=at: move(user, 500_00, at=at) for at in [late, late + TICK] * 16]

    outcomes = in_parallel(calls, threads=32)

    assert all(isinstance(outcome, LimitExceeded) for outcome in outcomes if outcome)
    assert 10 <= outcomes.count(None) <= 20
    assert outcomes[1::2].count(None) <= 10
    assert used_by(user)["out"][1] == 5_000_00


@pytest.mark.committed
def test_parts_given_back_beside_new_moves_are_counted_exactly(committed_db, in_parallel):
    user = somebody(KycLevel.II)
    for _ in range(16):
        move(user, 100_00, kind=MoveKind.PAY)

    @retry_conflicts
    def half_of_one():
        with transaction.atomic():
            give_back_limit(user_id=user.pk, kind=MoveKind.PAY, amount=50_00, at=NOON, moved=50_00)

    moves = [lambda: move(user, 20_00, kind=MoveKind.PAY)] * 16
    outcomes = in_parallel([*[half_of_one] * 16, *moves], threads=32)

    assert outcomes == [None] * 32
    assert used_by(user)["out"] == used_by(user)["pay"] == (32, *[16 * 50_00 + 16 * 20_00] * 4)


@pytest.mark.committed
def test_a_refused_move_gives_room_to_one_that_fits(committed_db, in_parallel):
    user = somebody(KycLevel.II)
    large, small = [lambda: move(user, 2_000_00)] * 8, [lambda: move(user, 1_000_00)] * 8

    outcomes = in_parallel([*large, *small], threads=16)

    moved = outcomes[:8].count(None) * 2_000_00 + outcomes[8:].count(None) * 1_000_00
    assert moved == used_by(user)["out"][1] == 5_000_00


@pytest.mark.django_db
def test_a_standing_lifts_what_we_set_and_not_what_the_regulation_counts():
    user = somebody()
    allow(KycLevel.III, MoveKind.TRANSFER, single=100_00, per_day=150_00, per_year=170_00)
    with transaction.atomic():
        set_standing(user_id=user.pk, fee_tier="", limit_uplift=2_000)

    assert left_for(user.pk, kind=MoveKind.TRANSFER, at=NOON) == 120_00
    assert refused(user, 120_01)["limit"] == 120_00
    move(user, 120_00)
    assert refused(user, 60_01)["period"] == "year"
    move(user, 50_00)
    allow(KycLevel.III, OUT, per_day=170_00)
    assert refused(user, 1, kind=MoveKind.PAY)["move"] == OUT
