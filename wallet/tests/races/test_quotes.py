"""Many quotes of one person at the same moment: the free quota is never given away twice."""

from functools import partial

import pytest
from django.db.transaction import atomic

from accounts.models import User
from wallet.errors import QuoteExpired, QuoteUsed
from wallet.models import Quote
from wallet.services.quotes import give_back_quote, make_quote, take_quote
from wallet_project.kit import clock

pytestmark = pytest.mark.committed

QUOTA = 1_000_00


@pytest.fixture
def user(committed_db):
    return User.objects.create()


def ask(user, card, amount=300_00):
    return make_quote(user_id=user.pk, kind="withdraw", amount=amount, facts={"card": card})


def take(user, quote, card):
    with atomic():
        return take_quote(
            user_id=user.pk,
            quote_id=quote.public_id,
            kind="withdraw",
            amount=quote.amount,
            facts={"card": card},
            at=clock.now(),
        )


def ask_and_take(user, card):
    return take(user, ask(user, card), card)


def test_many_quotes_and_confirmations_share_the_quota_exactly(user, in_parallel):
    taken = in_parallel([partial(ask_and_take, user, str(each)) for each in range(32)])

    free = sorted((quote.free_amount for quote in taken), reverse=True)
    assert free == [300_00, 300_00, 300_00, 100_00] + [0] * 28
    assert sorted(quote.fee for quote in taken) == [0, 0, 0, 20] + [30] * 28


def test_many_quotes_of_the_same_thing_leave_one_that_is_free(user, in_parallel):
    asked = in_parallel([partial(ask, user, "same", QUOTA) for _each in range(32)])

    assert [quote.fee for quote in asked] == [0] * 32
    answers = in_parallel([partial(take, user, quote, "same") for quote in asked])
    refused = [answer for answer in answers if isinstance(answer, QuoteExpired)]
    assert len(refused) == 31
    assert Quote.objects.filter(user=user, state="TAKEN").count() == 1


def test_one_quote_is_confirmed_once_by_many(user, in_parallel):
    quote = ask(user, "one")

    answers = in_parallel([partial(take, user, quote, "one") for _each in range(32)])

    assert sum(isinstance(answer, Quote) for answer in answers) == 1
    assert sum(isinstance(answer, QuoteUsed) for answer in answers) == 31


def test_asking_again_while_confirming_never_gives_the_quota_twice(user, in_parallel):
    for _round in range(8):
        first = ask(user, "same", QUOTA)
        taken, again = in_parallel([partial(take, user, first, "same"), partial(ask, user, "same", QUOTA)])

        kept = Quote.objects.get(pk=first.pk).state
        if isinstance(taken, QuoteExpired):
            assert (kept, again.free_amount) == ("LAPSED", QUOTA)
            again = take(user, again, "same")
        else:
            assert (kept, again.free_amount, again.fee) == ("TAKEN", 0, 1_00)
        holding = Quote.objects.filter(user=user, state__in=["OPEN", "TAKEN"])
        assert sum(quote.free_amount for quote in holding) == QUOTA
        with atomic():
            for quote in holding:
                give_back_quote(quote_id=quote.pk)
