"""Asking for money: once, of one or of whoever comes first, within bounds, and not of those who mind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from wallet.errors import (
    AmountNotAsked,
    InsufficientBalance,
    LinkRefused,
    NotInThisMode,
    PayeeIsYourself,
    PayeeTokenRefused,
    RemindedToday,
    RequestIsPaidAtOnce,
    RequestOver,
    RequestsRefused,
    TextRefused,
    TooManyRequestsMade,
)
from wallet.models import BlockedPerson, MoneyRequest, Transfer
from wallet.services.blocked_people import block_whoever_made, unblock
from wallet.services.leaving import end_dealings
from wallet.services.money_requests import (
    cancel_request,
    decline_request,
    expire_requests,
    remind_of_request,
    request_money,
)
from wallet.services.request_links import link_of, payee_token_of, request_behind_link
from wallet.tests.dealings import Person, send, somebody, token_for
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker():
    return somebody(nickname="小娜")


@pytest.fixture
def asked():
    return somebody(10_000, nickname="小明")


def ask(asker: Person, asked: Person | None, amount: int = 3_000, remark: str = "") -> MoneyRequest:
    token = token_for(asker, asked) if asked else None
    return request_money(requester_id=asker.id, payee_token=token, amount=amount, remark=remark)


def pay(payer: Person, asker: Person, request: MoneyRequest, **wish) -> Transfer:
    request.refresh_from_db()
    token = payee_token_of(request, asker_id=payer.id)
    return send(payer, asker, wish.pop("amount", request.amount), payee_token=token, **wish)


def told_of(request):
    told = StoredEvent.objects.filter(aggregate=f"request:{request.number}").order_by("pk")
    return [(event.name.rpartition(".")[2], event.payload.get("state")) for event in told]


def later(monkeypatch, **passed):
    moment = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_whoever_is_asked_pays_with_a_transfer_that_names_the_request(asker, asked):
    request = ask(asker, asked, remark="  昨天  的午饭 ")
    assert (request.state, request.remark, request.payer_id) == ("OPEN", "昨天 的午饭", asked.id)

    sent = pay(asked, asker, request)

    request.refresh_from_db()
    assert (request.state, request.transfer, sent.request_id) == ("PAID", sent, request.pk)
    assert (asked.money, asker.money) == ((7_000, 0), (3_000, 0))
    assert told_of(request) == [("made", None), ("ended", "PAID")]


def test_a_link_is_paid_by_whoever_comes_first(asker, asked):
    late = somebody(10_000)
    request = ask(asker, None)
    link = link_of(request, asker_id=asker.id)
    tokens = [
        payee_token_of(request_behind_link(link, asker_id=person.id), asker_id=person.id)
        for person in (asked, late)
    ]

    send(asked, asker, 3_000, payee_token=tokens[0])
    with pytest.raises(RequestOver) as refused:
        send(late, asker, 3_000, payee_token=tokens[1])

    assert refused.value.detail == {"state": "PAID"}
    request.refresh_from_db()
    assert (request.state, request.payer_id) == ("PAID", asked.id)
    assert (late.money, asker.money) == ((10_000, 0), (3_000, 0))
    assert link_of(request, asker_id=asker.id) is None
    with pytest.raises(RequestOver):
        request_behind_link(link, asker_id=late.id)


def test_only_the_amount_that_is_asked_for_is_paid_and_at_once(asker, asked):
    request = ask(asker, asked)

    with pytest.raises(AmountNotAsked):
        pay(asked, asker, request, amount=2_999)
    with pytest.raises(RequestIsPaidAtOnce):
        pay(asked, asker, request, accept_within=timedelta(hours=1))

    request.refresh_from_db()
    assert (request.state, asked.money) == ("OPEN", (10_000, 0))


def test_a_payment_that_fails_leaves_the_request_open(asker):
    poor = somebody(100)
    request = ask(asker, poor)

    with pytest.raises(InsufficientBalance):
        pay(poor, asker, request)

    request.refresh_from_db()
    assert (request.state, poor.money) == ("OPEN", (100, 0))


def test_a_request_is_paid_once(asker, asked):
    request = ask(asker, asked)
    tokens = [payee_token_of(request, asker_id=asked.id) for _ in range(2)]
    send(asked, asker, 3_000, payee_token=tokens[0])

    with pytest.raises(RequestOver):
        send(asked, asker, 3_000, payee_token=tokens[1])
    assert asked.money == (7_000, 0)

    other = send(asked, asker, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=other.pk).update(request=request)


def test_nobody_has_a_token_for_what_is_their_own_or_over(asker, asked):
    request = ask(asker, asked)
    assert payee_token_of(request, asker_id=asker.id) is None
    assert link_of(request, asker_id=asker.id) is None

    declined = decline_request(payer_id=asked.id, number=request.number)

    assert payee_token_of(declined, asker_id=asked.id) is None


def test_a_link_or_a_token_that_is_none_opens_nothing(asker, asked):
    request = ask(asker, None)
    link = link_of(request, asker_id=asker.id)

    for wrong in ("", "AQAB" * 20, link[:-4] + "AAAA", token_for(asked, asker)):
        with pytest.raises(LinkRefused):
            request_behind_link(wrong, asker_id=asked.id)
    with pytest.raises(PayeeTokenRefused):
        request_money(requester_id=asker.id, payee_token=token_for(asked, asker), amount=100)
    with pytest.raises(PayeeIsYourself):
        token_for(asker, asker)
    with pytest.raises(TextRefused):
        ask(asker, asked, remark="赌博")


def test_it_is_declined_cancelled_or_expires_and_then_not_paid(asker, asked, monkeypatch):
    declined, cancelled, expired = (ask(asker, asked, amount) for amount in (100, 200, 300))
    tokens = [payee_token_of(one, asker_id=asked.id) for one in (declined, cancelled)]

    for _ in range(2):
        decline_request(payer_id=asked.id, number=declined.number)
        cancel_request(requester_id=asker.id, number=cancelled.number)
    for token, amount in zip(tokens, (100, 200), strict=True):
        with pytest.raises(RequestOver):
            send(asked, asker, amount, payee_token=token)
    assert expire_requests(at=expired.expires_at - timedelta(seconds=1), limit=10) == 0
    later(monkeypatch, days=7)
    assert payee_token_of(expired, asker_id=asked.id) is None
    assert expire_requests(at=expired.expires_at, limit=10) == 1

    assert [told_of(one)[-1] for one in (declined, cancelled, expired)] == [
        ("ended", "DECLINED"),
        ("ended", "CANCELLED"),
        ("ended", "EXPIRED"),
    ]
    with pytest.raises(RequestOver):
        decline_request(payer_id=asked.id, number=cancelled.number)
    assert asked.money == (10_000, 0)


def test_others_end_and_remind_of_nothing(asker, asked):
    request, stranger = ask(asker, asked), somebody()

    for refused in (
        lambda: decline_request(payer_id=asker.id, number=request.number),
        lambda: decline_request(payer_id=stranger.id, number=request.number),
        lambda: cancel_request(requester_id=asked.id, number=request.number),
        lambda: cancel_request(requester_id=stranger.id, number=request.number),
        lambda: remind_of_request(requester_id=asked.id, number=request.number),
        lambda: block_whoever_made(user_id=stranger.id, number=request.number),
        lambda: block_whoever_made(user_id=asker.id, number=request.number),
    ):
        with pytest.raises(NotFound):
            refused()
    request.refresh_from_db()
    assert request.state == "OPEN"


def test_one_may_ask_again_once_a_day(asker, asked, monkeypatch):
    request = ask(asker, asked)
    with pytest.raises(RemindedToday):
        remind_of_request(requester_id=asker.id, number=request.number)
    later(monkeypatch, days=1)

    reminded = remind_of_request(requester_id=asker.id, number=request.number)

    with pytest.raises(RemindedToday) as refused:
        remind_of_request(requester_id=asker.id, number=request.number)
    assert refused.value.detail == {"next_at": clock.iso(reminded.reminded_at + timedelta(days=1))}
    assert told_of(request) == [("made", None), ("reminded", None)]
    decline_request(payer_id=asked.id, number=request.number)
    with pytest.raises(RequestOver):
        remind_of_request(requester_id=asker.id, number=request.number)


def test_asking_is_counted_by_day_and_by_person(asker, asked, settings, monkeypatch):
    settings.REQUESTS_A_DAY, settings.REQUESTS_A_DAY_FROM_ONE, settings.REQUESTS_OPEN_AT_ONCE = 4, 2, 5
    for amount in (100, 200):
        ask(asker, asked, amount)

    with pytest.raises(TooManyRequestsMade) as refused:
        ask(asker, asked, 300)
    assert refused.value.detail == {"cap": "A_DAY_FROM_ONE"}
    for _ in range(2):
        ask(asker, None)
    with pytest.raises(TooManyRequestsMade) as refused:
        ask(asker, None)
    assert refused.value.detail == {"cap": "A_DAY"}
    later(monkeypatch, days=1)
    ask(asker, asked)
    with pytest.raises(TooManyRequestsMade) as refused:
        ask(asker, asked)
    assert refused.value.detail == {"cap": "OPEN_AT_ONCE"}
    assert MoneyRequest.objects.filter(requester=asker.id).count() == 5


def test_whoever_is_blocked_asks_no_more(asker, asked):
    request, other = ask(asker, asked), ask(asker, asked)

    for _ in range(2):
        person = block_whoever_made(user_id=asked.id, number=request.number)

    assert [MoneyRequest.objects.get(pk=one.pk).state for one in (request, other)] == ["DECLINED"] * 2
    with pytest.raises(RequestsRefused):
        ask(asker, asked)
    assert BlockedPerson.objects.filter(user=asked.id).count() == 1
    send(asked, asker, 100)  # money is another matter

    with pytest.raises(NotFound):
        unblock(user_id=asker.id, person_id=person.pk)
    unblock(user_id=asked.id, person_id=person.pk)
    assert ask(asker, asked).state == "OPEN"


def test_whoever_leaves_asks_and_owes_nothing_any_more(asker, asked):
    mine, theirs = ask(asker, asked), ask(asked, asker)
    block_whoever_made(user_id=asker.id, number=ask(somebody(), asker).number)

    with transaction.atomic():
        end_dealings(user_id=asker.id, gives_up=0)

    assert MoneyRequest.objects.get(pk=mine.pk).state == "CANCELLED"
    assert MoneyRequest.objects.get(pk=theirs.pk).state == "DECLINED"
    assert not BlockedPerson.objects.filter(user=asker.id).exists()


def test_a_closed_loop_knows_no_requests(asker, asked, settings):
    request = ask(asker, None)
    link, token = link_of(request, asker_id=asker.id), token_for(asker, asked)
    settings.WALLET_MODE = "closed_loop"

    for refused in (
        lambda: request_money(requester_id=asker.id, payee_token=token, amount=100),
        lambda: request_money(requester_id=asker.id, amount=100),
        lambda: request_behind_link(link, asker_id=asked.id),
    ):
        with pytest.raises(NotInThisMode):
            refused()
    assert MoneyRequest.objects.filter(requester=asker.id).count() == 1
