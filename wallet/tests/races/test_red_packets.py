"""Everybody opens the same red packet at the same moment."""

import threading
import time
from collections import Counter
from contextlib import suppress

import pytest
from django.db import OperationalError

from wallet.errors import RedPacketAllOpened, RedPacketOver
from wallet.models import Entry, RedPacket, RedPacketShare
from wallet.services.integrity import check_ledger
from wallet.services.red_packets import open_red_packet, return_expired_red_packets
from wallet.tests.factories import account_of, amounts_in
from wallet.tests.packets import member, members, send_packet
from wallet_project.kit import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def opening(packet, person):
    return lambda: open_red_packet(user_id=person.id, token=packet.token)


def insisting(packet, person):
    """As a mini-program does: whoever has waited too long is asked to try again, and tries again."""

    def insist():
        for _ in range(20):
            with suppress(OperationalError):
                return open_red_packet(user_id=person.id, token=packet.token)
        return None

    return insist


def outcomes_of(answers):
    """How often each thing happened, and the shares that were taken."""
    shares = [answer for answer in answers if isinstance(answer, RedPacketShare)]
    return Counter(type(answer).__name__ for answer in answers), shares


def moved_through_the_pool(packet):
    entries = Entry.objects.filter(journal__reference=packet.number, account__code="red_packet_pool")
    return sum(entries.values_list("amount", flat=True))


def test_a_thousand_people_open_a_hundred_shares(in_parallel):
    sender, people = member(50_000), members(1_000)
    packet = send_packet(sender, amount=20_000, count=100)

    begun = time.perf_counter()
    answers = in_parallel([insisting(packet, person) for person in people], threads=48)
    taken = time.perf_counter() - begun
    print(f"\n{len(answers) / taken:,.0f} tries/s, {100 / taken:,.0f} shares/s")  # noqa: T201 - worth reading

    outcomes, shares = outcomes_of(answers)
    assert outcomes == {"RedPacketShare": 100, "RedPacketAllOpened": 900}
    assert len({share.taken_by_id for share in shares}) == 100
    assert sorted(share.position for share in shares) == list(range(1, 101))
    assert sum(share.amount for share in shares) == 20_000
    assert min(share.amount for share in shares) >= 1
    assert sum(account_of(person.wallet).balance for person in people) == 20_000
    packet.refresh_from_db()
    assert (packet.state, packet.opened_count, packet.opened_amount) == ("FINISHED", 100, 20_000)
    assert moved_through_the_pool(packet) == 0
    assert check_ledger().findings == []


def test_one_person_with_sixty_four_fingers_gets_one_share(in_parallel):
    sender, [person] = member(1_000), members(1)
    packet = send_packet(sender, amount=1_000, count=10)

    answers = in_parallel([insisting(packet, person)] * 64, threads=64)

    outcomes, shares = outcomes_of(answers)
    assert outcomes == {"RedPacketShare": 64}
    assert len({share.pk for share in shares}) == 1
    assert amounts_in(person.wallet) == {"principal": (shares[0].amount, 0)}
    packet.refresh_from_db()
    assert (packet.opened_count, packet.opened_amount) == (1, shares[0].amount)


@pytest.mark.parametrize("_once", range(4))
def test_whoever_opens_it_while_it_expires_has_a_share_or_has_not(in_parallel, _once):
    sender, people = member(1_000), members(30)
    packet = send_packet(sender, amount=1_000, count=30)
    some_are_in = threading.Event()

    def open_it(person):
        try:
            return opening(packet, person)()
        finally:
            some_are_in.set()

    def let_it_expire():
        some_are_in.wait(10)
        RedPacket.objects.filter(pk=packet.pk, state="OPEN").update(expires_at=clock.now())
        return return_expired_red_packets()

    answers = in_parallel(
        [*[lambda person=person: open_it(person) for person in people], let_it_expire, let_it_expire],
        threads=32,
    )

    outcomes, shares = outcomes_of(answers)
    assert set(outcomes) <= {"RedPacketShare", "RedPacketOver", "int"}
    return_expired_red_packets()  # what was being opened when they came is left to the next round
    packet.refresh_from_db()
    got = sum(share.amount for share in shares)
    assert sum(account_of(person.wallet).balance for person in people) == got == packet.opened_amount
    assert account_of(sender.wallet).balance == 1_000 - got
    assert packet.state == ("FINISHED" if len(shares) == 30 else "EXPIRED")
    assert moved_through_the_pool(packet) == 0


def test_the_last_share_is_free_again_when_whoever_took_it_does_not_end(hands):
    sender, [first, second] = member(100), members(2)
    packet = send_packet(sender, amount=100, count=1)

    hands[0].does(opening(packet, first))
    step = hands[1].starts(opening(packet, second))
    waited = hands[1].is_seen_waiting(step)
    hands[0].rolls_back()
    share = step.result(timeout=10)
    hands[1].commits()

    assert waited
    assert (share.amount, amounts_in(second.wallet)) == (100, {"principal": (100, 0)})
    assert amounts_in(first.wallet) == {}


def test_nobody_is_told_that_it_is_over_while_the_return_may_still_fail(hands):
    sender, [person] = member(100), members(1)
    packet = send_packet(sender, amount=100, count=1)

    hands[0].does(lambda: RedPacket.objects.filter(pk=packet.pk).update(expires_at=clock.now()))
    step = hands[1].starts(opening(packet, person))
    waited = hands[1].is_seen_waiting(step)
    hands[0].commits()
    with pytest.raises(RedPacketOver):
        step.result(timeout=10)

    assert waited
    assert return_expired_red_packets() >= 1
    assert account_of(sender.wallet).balance == 100
    with pytest.raises(RedPacketOver):
        opening(packet, person)()


def test_a_packet_that_is_finished_is_answered_without_waiting_for_it(hands):
    sender, [first, second] = member(100), members(2)
    packet = send_packet(sender, amount=100, count=1)
    opening(packet, first)()
    hand, _other = hands

    hand.does(lambda: RedPacket.objects.select_for_update().get(pk=packet.pk))
    with pytest.raises(RedPacketAllOpened):
        opening(packet, second)()
