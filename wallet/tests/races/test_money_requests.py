"""Many answer one request at the same moment."""

from collections import Counter

import pytest

from wallet.errors import RequestOver, TooManyRequestsMade
from wallet.models import MoneyRequest, Transfer
from wallet.services.money_requests import (
    cancel_request,
    decline_request,
    expire_requests,
    request_money,
)
from wallet.services.request_links import link_of, payee_token_of, request_behind_link
from wallet.services.transfers import send_transfer
from wallet.tests.dealings import ready_to_send, somebody, token_for

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def kinds_of(answers):
    return Counter(type(answer) for answer in answers)


def test_a_link_that_ten_people_pay_at_once_is_paid_by_one(in_parallel):
    asker, payers = somebody(), [somebody(1_000) for _ in range(10)]
    request = request_money(requester_id=asker.id, amount=600)
    link = link_of(request, asker_id=asker.id)
    wishes = []
    for payer in payers:
        found = request_behind_link(link, asker_id=payer.id)
        wishes.append(ready_to_send(payer, asker, 600, payee_token=payee_token_of(found, asker_id=payer.id)))

    answers = in_parallel([lambda wish=wish: send_transfer(**wish) for wish in wishes])

    assert kinds_of(answers) == {Transfer: 1, RequestOver: 9}
    assert asker.money == (600, 0)
    assert sorted(payer.money[0] for payer in payers) == [400, *[1_000] * 9]
    request.refresh_from_db()
    assert (request.state, request.transfer.amount) == ("PAID", 600)


@pytest.mark.parametrize("_once", range(4))
def test_paying_declining_cancelling_and_time_have_one_winner(in_parallel, _once):
    asker, payer = somebody(), somebody(1_000)
    request = request_money(requester_id=asker.id, payee_token=token_for(asker, payer), amount=600)
    token = payee_token_of(request, asker_id=payer.id)
    wish = ready_to_send(payer, asker, 600, payee_token=token)

    in_parallel(
        [
            lambda: send_transfer(**wish),
            lambda: decline_request(payer_id=payer.id, number=request.number),
            lambda: cancel_request(requester_id=asker.id, number=request.number),
            lambda: expire_requests(at=request.expires_at, limit=1_000),
        ]
    )

    request.refresh_from_db()
    paid = request.state == "PAID"
    assert request.state != "OPEN"
    assert (payer.money[0], asker.money[0]) == ((400, 600) if paid else (1_000, 0))
    assert Transfer.objects.filter(request=request).count() == paid


def test_nobody_asks_more_than_they_may_by_asking_at_once(in_parallel, settings):
    settings.REQUESTS_A_DAY = 3
    asker = somebody()

    answers = in_parallel([lambda: request_money(requester_id=asker.id, amount=100)] * 20)

    assert kinds_of(answers) == {MoneyRequest: 3, TooManyRequestsMade: 17}
