"""A quote is a promise: for one person, one move and five minutes; kept to the fen, once."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db.transaction import TransactionManagementError, atomic, set_rollback

from accounts.models import User
from wallet.errors import QuoteExpired, QuoteNotValid, QuoteUsed
from wallet.models import Quote
from wallet.rules.kinds import MoveKind
from wallet.selectors.outdated import outdated_quotes
from wallet.services.quotes import give_back_quote, make_quote, take_quote
from wallet.services.standing import set_standing
from wallet.tests.factories import make_schedule
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

CARD, OTHER_CARD = {"card": "1234"}, {"card": "5678"}


@pytest.fixture
def user():
    return User.objects.create()


def quote_for(user, amount=1_500_00, facts=CARD, kind=MoveKind.WITHDRAW):
    return make_quote(user_id=user.pk, kind=kind, amount=amount, facts=facts)


def take(quote, user, **other):
    wish = {"kind": quote.kind, "amount": quote.amount, "facts": CARD, "quote_id": quote.public_id, **other}
    with atomic():
        return take_quote(user_id=user.pk, at=clock.now(), **wish)


def give_back(quote):
    with atomic():
        give_back_quote(quote_id=quote.pk)


def test_a_quote_says_what_it_will_cost(user):
    quote = quote_for(user)

    assert (quote.amount, quote.fee, quote.total) == (1_500_00, 50, 1_500_50)
    assert quote.expires_at - quote.created_at == timedelta(minutes=5)
    assert quote.arrival == "预计 2 小时内到账"
    assert [line["line"] for line in quote.breakdown] == ["free_amount", "rate"]


@pytest.mark.parametrize("kind", [kind for kind in MoveKind if kind != MoveKind.WITHDRAW])
def test_everything_but_taking_money_out_is_free(user, kind):
    quote = quote_for(user, kind=kind)

    assert (quote.fee, quote.breakdown) == (0, [])
    assert quote.arrival


def test_a_quote_is_taken_once(user):
    quote = quote_for(user)

    taken = take(quote, user)

    assert (taken.fee, taken.state) == (50, "TAKEN")
    with pytest.raises(QuoteUsed):
        take(quote, user)
    give_back(quote)
    with pytest.raises(QuoteUsed):
        take(quote, user)


def test_a_quote_is_kept_although_the_fees_have_changed_since(user):
    quote = quote_for(user)
    make_schedule(MoveKind.WITHDRAW, rate=100, least=5_00)

    taken = take(quote, user)

    assert taken.fee == 50
    assert quote_for(user).fee == 15_00


def test_a_fee_is_charged_from_its_time_on(user):
    tomorrow = clock.now() + timedelta(days=1)
    make_schedule(MoveKind.WITHDRAW, flat=1_00, effective_from=tomorrow)

    assert quote_for(user).fee == 50
    with time_machine.travel(tomorrow):
        assert quote_for(user).fee == 1_00


def test_of_two_fees_from_the_same_time_the_one_written_last_counts(user):
    tomorrow = clock.now() + timedelta(days=1)
    for flat in (3_00, 2_00):
        make_schedule(MoveKind.WITHDRAW, flat=flat, effective_from=tomorrow)

    with time_machine.travel(tomorrow):
        assert quote_for(user).fee == 2_00


def test_a_tier_has_fees_of_its_own(user):
    make_schedule(MoveKind.WITHDRAW, tier="gold", rate=5)

    quotes = {}
    for tier in ("gold", "silver", ""):
        with atomic():
            set_standing(user_id=user.pk, fee_tier=tier, limit_uplift=0)
        quotes[tier] = quote_for(user).fee

    assert quotes == {"gold": 75, "silver": 50, "": 50}


def test_a_quote_ends_after_five_minutes(user):
    quote = quote_for(user)

    with time_machine.travel(quote.expires_at, tick=False), pytest.raises(QuoteExpired):
        take(quote, user)

    with time_machine.travel(quote.expires_at - timedelta(milliseconds=1), tick=False):
        assert take(quote, user).state == "TAKEN"


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 1_500_01},
        {"amount": 1},
        {"kind": "transfer"},
        {"facts": OTHER_CARD},
        {"facts": {}},
        {"facts": {**CARD, "payee": "x"}},
        {"quote_id": uuid.UUID(int=7)},
        {"quote_id": "no uuid"},
        {"quote_id": ""},
    ],
)
def test_a_quote_is_for_exactly_one_move(user, other):
    quote = quote_for(user)

    with pytest.raises(QuoteNotValid):
        take(quote, user, **other)

    quote.refresh_from_db()
    assert quote.state == "OPEN"
    assert take(quote, user).fee == 50


def test_another_persons_quote_looks_like_none(user):
    quote = quote_for(user)
    stranger = User.objects.create()

    with pytest.raises(QuoteNotValid) as theirs:
        take(quote, stranger)
    with pytest.raises(QuoteNotValid) as missing:
        take(quote, stranger, quote_id=uuid.uuid4())

    assert theirs.value.detail == missing.value.detail == {}
    assert Quote.objects.get(pk=quote.pk).state == "OPEN"


def test_a_quote_is_taken_in_the_transaction_that_moves_the_money_or_not_at_all(user):
    quote = quote_for(user)

    with pytest.raises(TransactionManagementError):
        take_quote(
            user_id=user.pk,
            quote_id=quote.public_id,
            kind="withdraw",
            amount=quote.amount,
            facts=CARD,
            at=clock.now(),
        )
    with atomic():
        take(quote, user)
        set_rollback(True)

    assert take(quote, user).state == "TAKEN"


class TestTheFreeQuota:
    def test_is_reserved_by_asking(self, user):
        first, second = quote_for(user, 800_00, CARD), quote_for(user, 800_00, OTHER_CARD)

        assert (first.fee, second.fee) == (0, 60)
        assert (first.free_amount, second.free_amount) == (800_00, 200_00)
        assert quote_for(user, 100_00, {"card": "9"}).fee == 10

    def test_is_not_reserved_twice_by_trying_another_amount(self, user):
        tried = quote_for(user, 1_000_00)

        wanted = quote_for(user, 900_00)

        assert (tried.fee, wanted.fee, wanted.free_amount) == (0, 0, 900_00)
        with pytest.raises(QuoteExpired):
            take(tried, user)
        assert take(wanted, user).fee == 0

    def test_is_free_again_when_nobody_confirms(self, user):
        quote = quote_for(user, 1_000_00)

        with time_machine.travel(quote.expires_at, tick=False):
            assert quote_for(user, 1_000_00, OTHER_CARD).fee == 0

        with pytest.raises(QuoteExpired):  # not even for a server whose clock is behind
            take(quote, user)

    def test_is_used_by_confirming(self, user):
        quote = quote_for(user, 1_000_00)
        take(quote, user)

        with time_machine.travel(quote.expires_at + timedelta(hours=1)):
            assert quote_for(user, 1_000_00).fee == 1_00

    def test_comes_back_once_with_the_money(self, user):
        quote = quote_for(user, 600_00)
        take(quote, user)

        give_back(quote)
        give_back(quote)

        assert quote_for(user, 1_100_00).free_amount == 1_000_00

    def test_of_an_open_quote_is_not_given_back(self, user):
        quote = quote_for(user, 600_00)

        give_back(quote)

        assert take(quote, user).state == "TAKEN"

    def test_is_each_persons_own_and_each_kinds(self, user):
        make_schedule(MoveKind.TRANSFER, rate=10, free_amount=1_000_00)
        quote_for(user, 1_000_00)

        assert quote_for(user, 1_000_00, kind=MoveKind.TRANSFER).fee == 0
        assert quote_for(User.objects.create(), 1_000_00).fee == 0

    def test_of_moves_is_counted(self, user):
        make_schedule(MoveKind.TRANSFER, flat=1_00, free_moves=2)

        fees = [quote_for(user, 5_00, {"payee": str(each)}, MoveKind.TRANSFER).fee for each in range(4)]

        assert fees == [0, 0, 1_00, 1_00]

    def test_that_shrinks_while_a_month_runs_is_used_up(self, user):
        take(quote_for(user, 800_00), user)
        make_schedule(MoveKind.WITHDRAW, rate=10, free_amount=500_00)

        assert quote_for(user, 100_00).fee == 10

    def test_begins_anew_at_midnight_in_shanghai(self, user):
        last = datetime(2027, 1, 31, 23, 58, tzinfo=clock.SHANGHAI)
        with time_machine.travel(last, tick=False):
            late = quote_for(user, 1_000_00)
            assert quote_for(user, 1_000_00, OTHER_CARD).fee == 1_00

        with time_machine.travel(
            last + timedelta(minutes=2), tick=False
        ):  # midnight sharp, UTC still January
            fresh = quote_for(user, 1_000_00, OTHER_CARD)
            assert (late.month, fresh.month) == ("2027-01", "2027-02")
            assert fresh.fee == 0
            assert take(late, user).fee == 0  # January's, confirmed in February
            assert quote_for(user, 1_000_00, {"card": "9"}).fee == 1_00

        with time_machine.travel(last + timedelta(minutes=1, seconds=59), tick=False):
            assert quote_for(user, 1_000_00, {"card": "9"}).month == "2027-01"


def test_only_what_nobody_took_is_cleared(user):
    taken, left = quote_for(user), quote_for(user, facts=OTHER_CARD)
    take(taken, user)
    returned = quote_for(user, facts={"card": "9"})
    take(returned, user, facts={"card": "9"})
    give_back(returned)

    outdated = outdated_quotes(before=clock.now() + timedelta(days=7)).filter(user=user)

    assert list(outdated) == [left]


def test_asking_costs_a_known_number_of_queries(user, django_assert_num_queries):
    # the schedule, savepoint, waivers?, the user, what lapsed, what is used, the quote, savepoint
    with django_assert_num_queries(8):
        quote = quote_for(user)
    with django_assert_num_queries(2 + 1):  # savepoints, the quote marked
        take(quote, user)
    # nothing is free by quota, so nobody is locked: the schedule, the quote
    with django_assert_num_queries(2 + 2):
        quote_for(user, kind=MoveKind.TRANSFER)
