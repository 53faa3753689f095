"""What came in a package is spent here or goes back with its gift: it does not leave and the gift stays."""

from itertools import count

import pytest
from django.db.transaction import atomic

from wallet.errors import InsufficientBalance, PackageMoneyStays
from wallet.models import Lot, RedPacket
from wallet.rules.kinds import MoveKind
from wallet.rules.postings import Leg
from wallet.services.bills import BillMoney, book_bill, hold_for_bill
from wallet.services.ledger import Lots, post_journal
from wallet.services.quotes import make_quote
from wallet.services.red_packets import return_expired_red_packets
from wallet.services.waiting_transfers import accept_transfer
from wallet.services.withdrawals import open_withdrawal
from wallet.tests.dealings import Person, send, send_to_wait, somebody
from wallet.tests.factories import account_of, fill, new_key, topped_up
from wallet.tests.packets import send_packet
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

_numbers = count()


@pytest.fixture
def payer() -> Person:
    """100.00 of a package with a gift of 20.00, and 50.00 that came later."""
    person = somebody()
    topped_up(person.wallet, 10_000, bonus=2_000)
    fill(person.wallet, principal=5_000)
    return person


def lots_of(person: Person) -> list[int]:
    """What is left of own money: of the package, and of the rest."""
    lots = Lot.objects.filter(account__wallet=person.wallet, account__code="principal").order_by("pk")
    return [*lots.values_list("remaining", flat=True), account_of(person.wallet).unsourced]


def spend_package_here(person: Person, amount: int) -> None:
    lot = Lot.objects.get(account=account_of(person.wallet).pk)
    spend_here(person, amount, lots=Lots(take=[(lot.pk, amount)]))


def spend_here(person: Person, amount: int, *, lots: Lots | None = None) -> None:
    """Own money, as an order takes it."""
    post_journal(
        kind="order_payment",
        key=new_key(),
        legs=[Leg("principal", -amount, person.wallet.pk), Leg("merchant_sales", amount)],
        lots=lots,
    )


def pay_a_bill(person: Person, amount: int) -> None:
    number = f"B{next(_numbers)}"
    bill = BillMoney(
        user_id=person.id, number=number, amount=amount, fee=0, title="电费", biller="power", biller_name="x"
    )
    with atomic():
        hold = hold_for_bill(user_id=person.id, amount=amount, fee=0, number=number)
        book_bill(bill, hold_id=hold.pk)


def ask_for_it(person: Person, amount: int) -> None:
    quote = make_quote(user_id=person.id, kind=MoveKind.WITHDRAW, amount=amount, facts={})
    with atomic():
        open_withdrawal(
            user_id=person.id,
            wallet_id=person.wallet.pk,
            amount=amount,
            quote_id=quote.public_id,
            at=clock.now(),
        )


WAYS_OUT = {
    "transfer": lambda person, amount: send(person, somebody(), amount),
    "waiting transfer": lambda person, amount: send_to_wait(person, somebody(), amount),
    "red packet": lambda person, amount: send_packet(person, amount=amount, count=3),
    "bill": pay_a_bill,
    "withdrawal": ask_for_it,
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_out_takes_the_money_of_a_package(payer, way):
    with pytest.raises(PackageMoneyStays) as refused:
        WAYS_OUT[way](payer, 5_001)

    assert refused.value.detail == {"needed": 5_001, "available": 5_000}
    assert (payer.money, lots_of(payer)) == ((15_000, 0), [10_000, 5_000])


@pytest.mark.parametrize("way", ["transfer", "red packet", "bill"])
def test_the_rest_leaves_and_the_package_is_as_before(payer, way):
    WAYS_OUT[way](payer, 5_000)

    assert (payer.money, lots_of(payer)) == ((10_000, 0), [10_000, 0])


@pytest.mark.parametrize("first", WAYS_OUT)
@pytest.mark.parametrize("second", ["transfer", "withdrawal"])
def test_what_is_promised_to_leave_is_not_sent_again(payer, first, second):
    WAYS_OUT[first](payer, 5_000)

    with pytest.raises(PackageMoneyStays):
        WAYS_OUT[second](payer, 10)

    assert lots_of(payer)[0] == 10_000


def test_what_was_promised_leaves_though_the_rest_was_spent_here(payer):
    receiver = somebody()
    transfer = send_to_wait(payer, receiver, 4_000)
    spend_package_here(payer, 10_000)
    assert lots_of(payer) == [0, 5_000]

    accept_transfer(receiver_id=receiver.id, number=transfer.number)

    assert (payer.money, lots_of(payer)) == ((1_000, 0), [0, 1_000])
    assert receiver.money == (4_000, 0)


def test_where_nothing_else_is_left_the_package_keeps_the_promise():
    payer, receiver = somebody(3_000), somebody()
    topped_up(payer.wallet, 10_000, bonus=2_000)
    transfer = send_to_wait(payer, receiver, 3_000)
    spend_here(payer, 3_000)  # what has no source first
    assert lots_of(payer) == [10_000, 0]

    accept_transfer(receiver_id=receiver.id, number=transfer.number)

    assert (lots_of(payer), receiver.money) == ([7_000, 0], (3_000, 0))


def test_what_nobody_opened_returns_to_where_it_was(payer):
    packet = send_packet(payer, amount=5_000, count=3)
    RedPacket.objects.filter(pk=packet.pk).update(expires_at=clock.now())

    return_expired_red_packets()

    assert lots_of(payer) == [10_000, 5_000]


def test_a_package_that_was_used_up_ties_nothing(payer):
    spend_package_here(payer, 10_000)

    send(payer, somebody(), 5_000)

    assert lots_of(payer) == [0, 0]


def test_more_than_there_is_is_still_more_than_there_is(payer):
    with pytest.raises(InsufficientBalance):
        send(payer, somebody(), 15_001)
    with pytest.raises(InsufficientBalance):
        pay_a_bill(payer, 15_001)

    assert payer.money == (15_000, 0)
