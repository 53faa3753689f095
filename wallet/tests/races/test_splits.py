"""Many come into one shared bill at the same moment."""

from collections import Counter

import pytest

from wallet.errors import SplitFull, SplitOver
from wallet.models import MoneyRequest, Split
from wallet.services.request_links import payee_token_of
from wallet.services.splits import Place, begin_split, close_split, join_split, link_of_split
from wallet.services.transfers import send_transfer
from wallet.tests.dealings import ready_to_send, somebody
from wallet_project.kit.models import StoredEvent

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def open_split(organiser, places, total=10_000):
    return begin_split(organiser_id=organiser.id, total=total, title="", places=[Place()] * places)


def shares_of(split):
    return MoneyRequest.objects.filter(split=split).order_by("pk")


def test_five_places_for_twenty_people_are_taken_once_each(in_parallel):
    organiser, people = somebody(), [somebody() for _ in range(20)]
    split = open_split(organiser, 5)
    link = link_of_split(split, asker_id=organiser.id)

    answers = in_parallel([lambda one=one: join_split(user_id=one.id, link=link) for one in people])

    assert Counter(type(answer) for answer in answers) == {Split: 5, SplitFull: 15}
    takers = [share.payer_id for share in shares_of(split)]
    assert len(set(takers)) == 5
    assert None not in takers


def test_somebody_who_joins_ten_times_at_once_has_one_place(in_parallel):
    organiser, person = somebody(), somebody()
    split = open_split(organiser, 5)
    link = link_of_split(split, asker_id=organiser.id)

    answers = in_parallel([lambda: join_split(user_id=person.id, link=link)] * 10)

    assert {type(answer) for answer in answers} == {Split}
    assert [share.payer_id for share in shares_of(split)] == [person.id, None, None, None, None]


@pytest.mark.parametrize("_once", range(3))
def test_the_last_two_to_pay_at_once_settle_it_once(in_parallel, _once):
    organiser, people = somebody(), [somebody(10_000) for _ in range(4)]
    split = open_split(organiser, 4)
    link = link_of_split(split, asker_id=organiser.id)
    wishes = []
    for person in people:
        join_split(user_id=person.id, link=link)
        share = shares_of(split).get(payer=person.id)
        token = payee_token_of(share, asker_id=person.id)
        wishes += [ready_to_send(person, organiser, share.amount, payee_token=token) for _ in range(2)]

    in_parallel([lambda wish=wish: send_transfer(**wish) for wish in wishes])

    split.refresh_from_db()
    assert split.state == "PAID_UP"
    assert organiser.money == (split.total - split.own, 0)
    ended = StoredEvent.objects.filter(name="wallet.split.ended", payload__number=split.number)
    assert ended.count() == 1


@pytest.mark.parametrize("_once", range(4))
def test_closing_joining_and_paying_have_one_outcome(in_parallel, _once):
    organiser, payer, joiner = somebody(), somebody(10_000), somebody()
    split = open_split(organiser, 2)
    link = link_of_split(split, asker_id=organiser.id)
    join_split(user_id=payer.id, link=link)
    share = shares_of(split).get(payer=payer.id)
    token = payee_token_of(share, asker_id=payer.id)
    wish = ready_to_send(payer, organiser, share.amount, payee_token=token)

    _paid, joined, _closed = in_parallel(
        [
            lambda: send_transfer(**wish),
            lambda: join_split(user_id=joiner.id, link=link),
            lambda: close_split(organiser_id=organiser.id, number=split.number),
        ]
    )

    split.refresh_from_db()
    share.refresh_from_db()
    assert split.state == "CLOSED"
    assert share.state in {"PAID", "CANCELLED"}
    assert organiser.money[0] == (share.amount if share.state == "PAID" else 0)
    assert isinstance(joined, Split | SplitFull | SplitOver)
    assert shares_of(split).last().state == "CANCELLED"
