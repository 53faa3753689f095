"""Splitting a bill: who is asked for what, who has paid, and when it is over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from wallet.errors import (
    LinkRefused,
    NotInThisMode,
    RemindedToday,
    RequestOver,
    RequestsRefused,
    SplitFull,
    SplitImpossible,
    SplitOver,
    TextRefused,
    TooManyRequestsMade,
)
from wallet.models import MoneyRequest, Split
from wallet.selectors.splits import split_for
from wallet.services.blocked_people import block_whoever_made
from wallet.services.leaving import end_dealings
from wallet.services.money_requests import cancel_request, decline_request, expire_requests, request_money
from wallet.services.request_links import link_of, payee_token_of
from wallet.services.splits import (
    Place,
    begin_split,
    close_split,
    join_split,
    link_of_split,
    remind_of_split,
    split_behind_link,
)
from wallet.tests.dealings import Person, send, somebody, token_for
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return somebody(nickname="小娜")


@pytest.fixture
def friends():
    return [somebody(20_000, nickname=name) for name in ("小明", "小红", "小刚")]


def split_with(organiser: Person, people, total: int = 30_000, **wish) -> Split:
    """Alike for everybody; None is a free place."""
    places = [Place(payee_token=token_for(organiser, person) if person else None) for person in people]
    return begin_split(organiser_id=organiser.id, total=total, title="周五的火锅", places=places, **wish)


def shares_of(split: Split) -> list[tuple[int | None, int, str]]:
    return list(
        MoneyRequest.objects.filter(split=split).order_by("pk").values_list("payer", "amount", "state")
    )


def pay_share(person: Person, organiser: Person, split: Split) -> None:
    share = MoneyRequest.objects.get(split=split, payer=person.id)
    send(person, organiser, share.amount, payee_token=payee_token_of(share, asker_id=person.id))


def state_of(split):
    return Split.objects.get(pk=split.pk).state


def told_of(split):
    told = StoredEvent.objects.filter(aggregate=f"split:{split.number}").order_by("pk")
    return [(event.name.rpartition(".")[2], event.payload.get("state")) for event in told]


def later(monkeypatch, **passed):
    moment = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_three_share_a_bill_and_it_is_settled_when_both_others_have_paid(organiser, friends):
    one, other = friends[:2]
    split = split_with(organiser, [one, other], total=10_000)
    assert (split.own, shares_of(split)) == (
        3_334,
        [(one.id, 3_333, "OPEN"), (other.id, 3_333, "OPEN")],
    )

    pay_share(one, organiser, split)
    seen = split_for(user_id=other.id, number=split.number)
    assert (seen.state, seen.paid_count, seen.paid_amount, seen.share_count) == ("OPEN", 1, 3_333, 2)
    pay_share(other, organiser, split)

    assert state_of(split) == "PAID_UP"
    assert organiser.money == (6_666, 0)
    assert told_of(split) == [("begun", None), ("ended", "PAID_UP")]
    paid = MoneyRequest.objects.get(split=split, payer=one.id)
    with pytest.raises(RequestOver):
        decline_request(payer_id=one.id, number=paid.number)


def test_amounts_of_ones_own(organiser, friends):
    places = [
        Place(payee_token=token_for(organiser, friends[0]), amount=12_000),
        Place(amount=8_000),
    ]

    split = begin_split(organiser_id=organiser.id, total=30_000, title="", places=places, own_amount=10_000)

    assert (split.title, split.own) == ("AA 收款", 10_000)
    assert shares_of(split) == [(friends[0].id, 12_000, "OPEN"), (None, 8_000, "OPEN")]


def test_whoever_pays_for_the_others_bears_nothing(organiser, friends):
    split = split_with(organiser, friends[:2], total=10_001, include_me=False)

    assert (split.own, [amount for _payer, amount, _state in shares_of(split)]) == (0, [5_000, 5_001])


@pytest.mark.parametrize(
    ("places", "wish", "reason"),
    [
        ([Place(amount=100), Place()], {}, "MIXED"),
        ([Place(), Place()], {"own_amount": 100}, "MIXED"),
        ([Place(amount=100)], {"own_amount": 100}, "DOES_NOT_ADD_UP"),
        ([], {}, "NOBODY"),
        ([Place()] * 51, {}, "TOO_MANY"),
    ],
)
def test_a_split_that_is_none_asks_nobody(organiser, places, wish, reason):
    with pytest.raises(SplitImpossible) as refused:
        begin_split(organiser_id=organiser.id, total=1_000, title="", places=places, **wish)

    assert refused.value.detail == {"reason": reason}
    assert not MoneyRequest.objects.filter(requester=organiser.id).exists()


def test_nobody_is_named_twice(organiser, friends):
    with pytest.raises(SplitImpossible) as refused:
        split_with(organiser, [friends[0], friends[0]])

    assert refused.value.detail == {"reason": "TWICE"}


def test_a_title_is_fit_to_be_read(organiser, friends):
    with pytest.raises(TextRefused):
        begin_split(organiser_id=organiser.id, total=1_000, title="赌 资", places=[Place()])


def test_free_places_are_taken_by_link_once_each_and_in_order(organiser, friends):
    split = split_with(organiser, [None, None])
    link = link_of_split(split, asker_id=organiser.id)
    one, other, late = friends
    assert link_of_split(split, asker_id=one.id) is None
    assert split_behind_link(link).pk == split.pk

    for _ in range(2):
        joined = join_split(user_id=one.id, link=link)
    join_split(user_id=other.id, link=link)
    with pytest.raises(SplitFull):
        join_split(user_id=late.id, link=link)

    assert joined.number == split.number
    assert [payer for payer, _amount, _state in shares_of(split)] == [one.id, other.id]
    assert told_of(split) == [("begun", None), ("joined", None), ("joined", None)]
    assert join_split(user_id=organiser.id, link=link).pk == split.pk
    pay_share(one, organiser, split)
    with pytest.raises(NotFound):
        split_for(user_id=late.id, number=split.number)


def test_a_place_is_not_paid_by_whoever_did_not_take_it(organiser, friends):
    split = split_with(organiser, [None])
    share = MoneyRequest.objects.get(split=split)

    assert link_of(share, asker_id=organiser.id) is None  # a place is taken with the split's link


def test_a_link_is_a_link_of_ours(organiser, friends):
    split = split_with(organiser, [None])
    request = request_money(requester_id=organiser.id, amount=100)

    for wrong in ("", "AQAB" * 20, link_of(request, asker_id=organiser.id)):
        with pytest.raises(LinkRefused):
            join_split(user_id=friends[0].id, link=wrong)
    assert shares_of(split) == [(None, 15_000, "OPEN")]


def test_one_share_per_person_whatever_the_code_does(organiser, friends):
    split = split_with(organiser, [friends[0], None])

    with pytest.raises(IntegrityError, match="somebody_has_one_share_of_a_split"), transaction.atomic():
        MoneyRequest.objects.filter(split=split, payer=None).update(payer=friends[0].id)


def test_closing_early_ends_what_is_not_paid(organiser, friends):
    split = split_with(organiser, friends)
    pay_share(friends[0], organiser, split)
    token = payee_token_of(MoneyRequest.objects.get(split=split, payer=friends[1].id), asker_id=friends[1].id)

    for _ in range(2):
        close_split(organiser_id=organiser.id, number=split.number)

    assert [state for _payer, _amount, state in shares_of(split)] == ["PAID", "CANCELLED", "CANCELLED"]
    assert state_of(split) == "CLOSED"
    with pytest.raises(RequestOver):
        send(friends[1], organiser, 7_500, payee_token=token)
    assert friends[1].money == (20_000, 0)
    with pytest.raises(NotFound):
        close_split(organiser_id=friends[0].id, number=split.number)


def test_the_last_one_to_decline_or_to_let_time_pass_ends_it(organiser, friends, monkeypatch):
    declined, expired = split_with(organiser, friends[:2]), split_with(organiser, [friends[0], None])
    pay_share(friends[0], organiser, declined)
    number = MoneyRequest.objects.get(split=declined, payer=friends[1].id).number
    decline_request(payer_id=friends[1].id, number=number)
    assert state_of(declined) == "CLOSED"

    later(monkeypatch, days=7)
    assert expire_requests(at=clock.now(), limit=10) == 2
    assert state_of(expired) == "CLOSED"
    assert told_of(expired)[-1] == ("ended", "CLOSED")


def test_one_place_may_be_withdrawn(organiser, friends):
    split = split_with(organiser, friends[:2])
    share = MoneyRequest.objects.get(split=split, payer=friends[0].id)

    cancel_request(requester_id=organiser.id, number=share.number)
    pay_share(friends[1], organiser, split)

    assert state_of(split) == "CLOSED"


def test_whoever_has_not_paid_is_reminded_once_a_day(organiser, friends, monkeypatch):
    split = split_with(organiser, [*friends[:2], None])
    pay_share(friends[0], organiser, split)
    with pytest.raises(RemindedToday):
        remind_of_split(organiser_id=organiser.id, number=split.number)
    later(monkeypatch, days=1)

    remind_of_split(organiser_id=organiser.id, number=split.number)

    reminded = StoredEvent.objects.filter(name="wallet.request.reminded", payload__requester_id=organiser.id)
    assert [event.payload["payer_id"] for event in reminded] == [friends[1].id]
    with pytest.raises(RemindedToday):
        remind_of_split(organiser_id=organiser.id, number=split.number)
    close_split(organiser_id=organiser.id, number=split.number)
    with pytest.raises(SplitOver):
        remind_of_split(organiser_id=organiser.id, number=split.number)


def test_splitting_is_bounded_and_nobody_is_asked_who_minds(organiser, friends, settings):
    settings.SPLITS_A_DAY = 3
    minding = friends[0]
    request = request_money(requester_id=organiser.id, payee_token=token_for(organiser, minding), amount=100)
    block_whoever_made(user_id=minding.id, number=request.number)
    with pytest.raises(RequestsRefused):
        split_with(organiser, friends)
    assert not Split.objects.filter(organiser=organiser.id).exists()

    for _ in range(3):
        split_with(organiser, friends[1:2])
    with pytest.raises(TooManyRequestsMade) as refused:
        split_with(organiser, [None])
    assert refused.value.detail == {"cap": "A_DAY"}
    settings.SPLITS_A_DAY = 9
    with pytest.raises(TooManyRequestsMade) as refused:
        split_with(organiser, friends[1:])
    assert refused.value.detail == {"cap": "A_DAY_FROM_ONE"}
    with pytest.raises(TooManyRequestsMade):
        request_money(requester_id=organiser.id, payee_token=token_for(organiser, friends[1]), amount=100)


def test_who_shares_sees_it_and_others_do_not(organiser, friends):
    split = split_with(organiser, friends[:1])

    for person in (organiser, friends[0]):
        assert split_for(user_id=person.id, number=split.number).pk == split.pk
    for number in (split.number, "A0" + split.number[2:], "A1"):
        with pytest.raises(NotFound):
            split_for(user_id=friends[1].id, number=number)


def test_whoever_leaves_ends_their_splits_and_their_shares(organiser, friends):
    mine, theirs = split_with(organiser, friends[:1]), split_with(friends[0], [organiser, friends[1]])

    with transaction.atomic():
        end_dealings(user_id=organiser.id, gives_up=0)

    assert (state_of(mine), shares_of(mine)[0][2]) == ("CLOSED", "CANCELLED")
    assert (state_of(theirs), [state for *_rest, state in shares_of(theirs)]) == (
        "OPEN",
        ["DECLINED", "OPEN"],
    )


def test_a_closed_loop_splits_nothing(organiser, friends, settings):
    link = link_of_split(split_with(organiser, [None]), asker_id=organiser.id)
    settings.WALLET_MODE = "closed_loop"

    with pytest.raises(NotInThisMode):
        begin_split(organiser_id=organiser.id, total=100, title="", places=[Place()])
    with pytest.raises(NotInThisMode):
        join_split(user_id=friends[0].id, link=link)
