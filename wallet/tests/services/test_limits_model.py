"""Whatever is moved and given back, whenever: the counters agree with a list of everything that happened."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import with_level
from wallet.errors import LimitExceeded
from wallet.rules.kinds import MoveKind
from wallet.rules.limits import NAMES, OUT, Period, counted_on
from wallet.selectors.limit_policies import policies_in_force
from wallet.selectors.limits import limits_of, used_by
from wallet.services.limits import give_back_limit, use_limit
from wallet_project.kit.clock import SHANGHAI, business_day

START = datetime(2026, 12, 30, 22, tzinfo=SHANGHAI)
LEVEL = KycLevel.I
STEPS = st.lists(
    st.tuples(
        st.sampled_from(MoveKind),
        st.one_of(st.integers(1, 1_000_00), st.sampled_from([200_00, 500_00, 1_000_00])),
        st.integers(0, 20),  # hours until then
        st.sampled_from([0, 1, 3]),  # whether a move before it comes to nothing: wholly, or all but a third
    ),
    max_size=12,
)


class Book:
    """Everything that was moved, and what a limit then is: sums over the list."""

    def __init__(self, policies):
        self.policies = policies
        self.moves = []

    def used(self, counter, period, at):
        today = business_day(at)
        begins = {
            Period.DAY: today,
            Period.TIMES: today,
            Period.MONTH: today.replace(day=1),
            Period.YEAR: today.replace(month=1, day=1),
        }
        counted = [
            amount
            for kind, amount, then in self.moves
            if counter in counted_on(kind) and business_day(then) >= begins.get(period, business_day(then))
        ]
        if period is Period.SINGLE:
            return 0
        return len(counted) if period is Period.TIMES else sum(counted)

    def allows(self, kind, amount, at):
        return all(
            self.used(counter, period, at) + (1 if period is Period.TIMES else amount) <= limit
            for counter in counted_on(kind)
            for period, limit in self.policies[LEVEL, counter].set
        )


def moved(user, kind, amount, at):
    """None, or what the refusal says."""
    try:
        with transaction.atomic():
            use_limit(user_id=user.pk, kind=kind, amount=amount, at=at)
    except LimitExceeded as error:
        return error.detail
    return None


@pytest.mark.django_db(transaction=False)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_counters_agree_with_everything_that_happened(steps):
    user = with_level(User.objects.create_user(), LEVEL)
    book, at = Book(policies_in_force([LEVEL], at=START)), START
    for kind, amount, hours, parts in steps:
        at += timedelta(hours=hours)
        if refusal := moved(user, kind, amount, at):
            assert not book.allows(kind, amount, at)
            used = book.used(refusal["move"], Period(refusal["period"]), at)
            assert refusal["left"] == max(refusal["limit"] - used, 0)
            continue
        assert book.allows(kind, amount, at)
        book.moves.append((kind, amount, at))
        if parts:
            kind, amount, then = book.moves.pop(0)
            happened = amount // parts if parts > 1 else 0
            if happened:
                book.moves.append((kind, happened, then))
            with transaction.atomic():
                give_back_limit(user_id=user.pk, kind=kind, amount=amount - happened, at=then, moved=happened)

    used, today = used_by(user.pk), business_day(at)
    for counter in used:
        for period in Period:
            assert used[counter].of(period, today=today) == book.used(counter, period, at), (counter, period)
    for shown in limits_of(user.pk, at=at).moves:
        assert shown.move in NAMES
        kind = MoveKind.PAY if shown.move == OUT else MoveKind(shown.move)
        if shown.move != OUT and shown.left:
            assert book.allows(kind, shown.left, at)
            assert not book.allows(kind, shown.left + 1, at)
