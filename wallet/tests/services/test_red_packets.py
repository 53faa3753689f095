"""Red packets are sent, opened by many at the same moment, and what is left goes back."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.errors import PhoneNotBound
from accounts.models import User
from accounts.models.users import UserStatus
from accounts.rules.kyc import KycLevel
from wallet.errors import (
    BalanceCapExceeded,
    InsufficientBalance,
    LimitExceeded,
    NotInThisMode,
    PayeeCannotReceive,
    PayeeTokenRefused,
    RedPacketAllOpened,
    RedPacketImpossible,
    RedPacketNotForYou,
    RedPacketOver,
    TextRefused,
    WalletFrozen,
    WalletNotEmpty,
    WalletReceivesNothing,
)
from wallet.models import BlockedPerson, Entry, Journal, LedgerAccount, LimitUsage, Lot, Record, RedPacket
from wallet.rules.balance_caps import cap_for
from wallet.rules.freezes import FreezeScope
from wallet.rules.postings import grant_legs, suspense_in_legs, top_up_legs
from wallet.services.freezes import freeze_wallet
from wallet.services.ledger import Lots, post_journal
from wallet.services.red_packets import (
    RedPacketTerms,
    open_red_packet,
    return_expired_red_packets,
    send_red_packet,
)
from wallet.services.wallets import close_wallet
from wallet.tests.dealings import somebody, token_for
from wallet.tests.factories import account_of, amounts_in, new_key
from wallet.tests.packets import member, members, send_packet
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import StoredEvent
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db


def pool():
    return sum(LedgerAccount.objects.filter(code="red_packet_pool").values_list("balance", flat=True))


def let_time_run_out(packet):
    RedPacket.objects.filter(pk=packet.pk).update(expires_at=clock.now())


def events_of(packet):
    return list(
        StoredEvent.objects.filter(aggregate=f"red_packet:{packet.number}")
        .order_by("pk")
        .values_list("name", flat=True)
    )


def let_nothing_in(person):
    freeze_wallet(wallet_id=person.wallet.pk, reason="涉案账户", scope=FreezeScope.IN)


def fill_up(person):
    """One fen below what they may keep here."""
    legs = top_up_legs(wallet_id=person.wallet.pk, amount=cap_for(KycLevel.I, mode="licensed") - 1)
    post_journal(kind="top_up", key=new_key(), legs=legs)


def close_wallet_of(person):
    with transaction.atomic():
        close_wallet(user_id=person.id, gives_up=0)


def opened(packet, *people):
    return [open_red_packet(user_id=person.id, token=packet.token) for person in people]


@pytest.fixture
def sender():
    return member(10_000)


def test_what_is_sent_waits_in_the_pool(sender):
    before = pool()

    packet = send_packet(sender, amount=1_000, count=3)

    assert amounts_in(sender.wallet) == {"principal": (9_000, 0)}
    assert pool() - before == 1_000
    shares = list(packet.shares.order_by("position"))
    assert [share.position for share in shares] == [1, 2, 3]
    assert sum(share.amount for share in shares) == 1_000
    [record] = Record.objects.filter(wallet=sender.wallet)
    assert (record.kind, record.title, record.amount) == ("red_packet_out", "群红包", 1_000)
    assert record.reference == packet.number
    assert events_of(packet) == ["wallet.red_packet.sent"]
    assert packet.expires_at - packet.sent_at == timedelta(hours=24)
    audited = AuditEntry.objects.get(subject=f"red_packet:{packet.number}")
    assert audited.facts == {"amount": 1_000, "count": 3}


def test_each_gets_the_next_share_and_the_last_one_finishes_it(sender):
    packet, before = send_packet(sender, amount=1_000, count=3), pool()
    drawn = list(packet.shares.order_by("position").values_list("amount", flat=True))
    people = members(3)

    shares = opened(packet, *people)

    assert [share.amount for share in shares] == drawn
    assert [amounts_in(each.wallet) for each in people] == [{"principal": (amount, 0)} for amount in drawn]
    assert before - pool() == 1_000
    packet.refresh_from_db()
    assert (packet.state, packet.opened_count, packet.opened_amount) == ("FINISHED", 3, 1_000)
    assert packet.ended_at is not None
    record = Record.objects.get(wallet=people[0].wallet)
    assert (record.kind, record.direction, record.title) == ("red_packet_in", "in", "小*的红包")
    assert record.counterparty == f"user:{sender.user.uid}"
    assert record.counterparty_name == "小*"
    assert events_of(packet) == [
        "wallet.red_packet.sent",
        *["wallet.red_packet.opened"] * 3,
        "wallet.red_packet.finished",
    ]


def test_who_opens_it_again_has_the_same_share(sender):
    packet, [person] = send_packet(sender, amount=1_000, count=3), members(1)

    first, second = opened(packet, person, person)

    assert first.pk == second.pk
    assert Record.objects.filter(wallet=person.wallet).count() == 1
    assert RedPacket.objects.get(pk=packet.pk).opened_count == 1


def test_who_comes_too_late_gets_nothing(sender):
    packet, [fast, slow] = send_packet(sender, amount=100, count=1), members(2)
    opened(packet, fast)

    with pytest.raises(RedPacketAllOpened):
        opened(packet, slow)

    assert amounts_in(slow.wallet) == {}
    assert opened(packet, fast)[0].amount == 100


@pytest.mark.parametrize("kind", ["lucky", "fixed"])
def test_a_sender_may_open_their_own_packet_in_the_group(sender, kind):
    packet = send_packet(sender, amount=100, count=2, kind=kind)

    [share] = opened(packet, sender)

    assert amounts_in(sender.wallet) == {"principal": (9_900 + share.amount, 0)}


def test_a_packet_for_one_person_is_theirs_alone(sender):
    receiver, stranger = member(nickname="阿青"), member()
    packet = send_packet(sender, amount=520, kind="fixed", to=receiver)

    with pytest.raises(NotFound):
        opened(packet, stranger)
    with pytest.raises(RedPacketNotForYou):
        opened(packet, sender)
    [share] = opened(packet, receiver)

    assert share.amount == 520
    assert amounts_in(receiver.wallet) == {"principal": (520, 0)}
    sent = Record.objects.get(wallet=sender.wallet)
    assert (sent.title, sent.counterparty_name) == (
        "发给阿*的红包",
        "阿青",
    )  # titles are on receipts, which are shown around
    assert sent.counterparty == f"user:{receiver.user.uid}"


def test_whom_it_is_for_is_known_and_still_there(sender):
    gone, somebody = member(), member()
    close_wallet_of(gone)

    with pytest.raises(PayeeCannotReceive):
        send_packet(sender, amount=100, kind="fixed", to=gone)
    with pytest.raises(PayeeTokenRefused):
        send_red_packet(
            sender_id=sender.id,
            device_id=sender.login.device.device_id,
            terms=RedPacketTerms(kind="fixed", amount=100, count=1, payee_token=token_for(gone, somebody)),
        )

    assert amounts_in(sender.wallet) == {"principal": (10_000, 0)}


@pytest.mark.parametrize("scope", FreezeScope)
def test_who_is_frozen_is_sent_one_only_where_money_comes_in(sender, scope):
    receiver = member()
    freeze_wallet(wallet_id=receiver.wallet.pk, reason="涉案账户", scope=scope)

    if scope is FreezeScope.OUT:
        send_packet(sender, amount=100, kind="fixed", to=receiver)
        return
    with pytest.raises(PayeeCannotReceive):
        send_packet(sender, amount=100, kind="fixed", to=receiver)

    assert amounts_in(sender.wallet) == {"principal": (10_000, 0)}


def test_who_has_blocked_the_sender_or_may_not_act_is_sent_none(sender):
    annoyed, stopped = member(), member()
    BlockedPerson.objects.create(user=annoyed.user, blocked=sender.user, blocked_at=clock.now())
    User.objects.filter(pk=stopped.id).update(status=UserStatus.FROZEN)

    for receiver in (annoyed, stopped):
        with pytest.raises(PayeeCannotReceive):
            send_packet(sender, amount=100, kind="fixed", to=receiver)

    assert amounts_in(sender.wallet) == {"principal": (10_000, 0)}
    assert not RedPacket.objects.filter(sender=sender.wallet).exists()
    assert not LimitUsage.objects.filter(user=sender.id).exists()


def test_a_sender_whose_packet_is_open_does_not_close_their_wallet():
    sender = member(1_000)
    packet = send_packet(sender, amount=1_000, count=2)

    with pytest.raises(WalletNotEmpty) as refused, transaction.atomic():
        close_wallet(user_id=sender.id, gives_up=0)
    opened(packet, *members(2))
    close_wallet_of(sender)

    assert refused.value.detail == {"amount": 1_000}
    assert account_of(sender.wallet).closed


def test_what_cannot_be_sent_moves_nothing(sender):
    poor = member(99)
    frozen, rich = member(1_000), member(1_000_000)
    freeze_wallet(wallet_id=frozen.wallet.pk, reason="涉案账户")
    journals = Journal.objects.count()

    with pytest.raises(RedPacketImpossible):
        send_packet(sender, amount=2, count=3)
    with pytest.raises(TextRefused):
        send_packet(sender, amount=100, greeting="春" * 26)
    with pytest.raises(InsufficientBalance):
        send_packet(poor, amount=100)
    with pytest.raises(WalletFrozen):
        send_packet(frozen, amount=100)
    with pytest.raises(LimitExceeded):
        send_packet(rich, amount=200_01, count=2)

    assert Journal.objects.count() == journals
    assert not RedPacket.objects.filter(sender__in=[sender.wallet, poor.wallet, frozen.wallet, rich.wallet])


def test_bonus_and_cashback_stay_in_the_house():
    person = member(100)
    legs = grant_legs(wallet_id=person.wallet.pk, code="bonus", amount=1_000)
    post_journal(kind="grant", key=f"g:{person.wallet.pk}", legs=legs)

    with pytest.raises(InsufficientBalance) as refused:
        send_packet(person, amount=101)

    assert refused.value.detail == {"needed": 101, "available": 100}


def test_who_may_not_receive_leaves_the_share_to_others(sender):
    packet = send_packet(sender, amount=100, count=1)
    stopped, phoneless, full, lucky = member(), somebody(level=KycLevel.NONE), member(), member()
    let_nothing_in(stopped)
    fill_up(full)

    with pytest.raises(WalletReceivesNothing):
        opened(packet, stopped)
    with pytest.raises(BalanceCapExceeded):
        opened(packet, full)
    with pytest.raises(PhoneNotBound):
        opened(packet, phoneless)

    assert RedPacket.objects.get(pk=packet.pk).opened_count == 0
    assert opened(packet, lucky)[0].amount == 100


@pytest.mark.parametrize("change", ["", "x", "H", "."])
def test_a_token_that_we_never_gave_out_opens_nothing(sender, change):
    packet, [person] = send_packet(sender, amount=100, count=1), members(1)
    forged = packet.token[:-1] + change if change else packet.number

    with pytest.raises(NotFound):
        open_red_packet(user_id=person.id, token=forged)

    assert RedPacket.objects.get(pk=packet.pk).opened_count == 0


def test_the_rest_goes_back_when_the_time_is_over(sender):
    packet, before = send_packet(sender, amount=1_000, count=3), pool()
    [first, late] = members(2)
    [share] = opened(packet, first)
    let_time_run_out(packet)

    with pytest.raises(RedPacketOver):
        opened(packet, late)
    assert return_expired_red_packets() == 1
    assert return_expired_red_packets() == 0

    packet.refresh_from_db()
    assert (packet.state, packet.opened_count) == ("EXPIRED", 1)
    assert amounts_in(sender.wallet) == {"principal": (10_000 - share.amount, 0)}
    assert before - pool() == 1_000
    back = Record.objects.get(wallet=sender.wallet, kind="red_packet_back")
    assert (back.direction, back.amount) == ("in", 1_000 - share.amount)
    assert events_of(packet)[-1] == "wallet.red_packet.returned"
    with pytest.raises(RedPacketOver):
        opened(packet, late)
    assert opened(packet, first)[0].pk == share.pk


def test_a_packet_that_nobody_opened_goes_back_whole_even_into_a_frozen_wallet(sender):
    packet = send_packet(sender, amount=1_000, count=3)
    freeze_wallet(wallet_id=sender.wallet.pk, reason="涉案账户")
    let_time_run_out(packet)

    return_expired_red_packets()

    assert account_of(sender.wallet).balance == 10_000


def test_the_rest_goes_back_to_the_lots_it_came_from_and_off_the_limits():
    sender = member()
    for number, amount in (("R1", 300), ("R2", 900)):
        legs = top_up_legs(wallet_id=sender.wallet.pk, amount=amount)
        post_journal(kind="top_up", key=new_key(), legs=legs, lots=Lots(source=number))
    packet = send_packet(sender, amount=1_000, count=4, kind="fixed")
    opened(packet, *members(3))
    let_time_run_out(packet)

    return_expired_red_packets()

    lots = Lot.objects.filter(account=account_of(sender.wallet)).order_by("pk")
    assert list(lots.values_list("source", "remaining")) == [("R1", 0), ("R2", 450)]
    used = LimitUsage.objects.filter(user=sender.id)
    assert set(used.values_list("move", "times", "day_amount", "lifetime_amount")) == {
        ("red_packet", 1, 750, 750),
        ("out", 1, 750, 750),
    }


def test_it_comes_back_even_where_nothing_comes_in(sender):
    packet = send_packet(sender, amount=1_000, count=3)
    let_nothing_in(sender)
    let_time_run_out(packet)

    assert return_expired_red_packets() == 1

    assert account_of(sender.wallet).balance == 10_000


def test_a_closed_loop_knows_no_red_packets_but_returns_those_it_has(sender, settings):
    packet, [person] = send_packet(sender, amount=1_000, count=3), members(1)
    settings.WALLET_MODE = "closed_loop"

    with pytest.raises(NotInThisMode):
        send_packet(sender, amount=100)
    with pytest.raises(NotInThisMode):
        opened(packet, person)
    let_time_run_out(packet)
    return_expired_red_packets()

    assert amounts_in(person.wallet) == {}
    assert account_of(sender.wallet).balance == 10_000


def test_nothing_is_sent_opened_or_returned_while_money_stands_still(sender):
    packet, [person] = send_packet(sender, amount=1_000, count=3), members(1)
    pause_flow(flow=Flow.TRANSFER, reason="演练")

    with pytest.raises(Paused):
        send_packet(sender, amount=100)
    with pytest.raises(Paused):
        opened(packet, person)
    let_time_run_out(packet)

    assert return_expired_red_packets() == 0
    assert amounts_in(sender.wallet) == {"principal": (9_000, 0)}


def test_a_packet_whose_time_is_not_over_stays(sender):
    send_packet(sender, amount=1_000, count=3)

    assert return_expired_red_packets() == 0


def test_one_that_cannot_be_returned_does_not_keep_the_others_waiting(sender):
    packets = [send_packet(sender, amount=100, count=1) for _ in range(2)]
    for packet in packets:
        let_time_run_out(packet)
    # As if somebody had posted the first one's return by hand, with other legs.
    post_journal(
        kind="suspense_in",
        key=f"red_packet_returned:{packets[0].number}",
        legs=suspense_in_legs(amount=1),
    )

    assert return_expired_red_packets() == 1

    assert RedPacket.objects.get(pk=packets[0].pk).state == "OPEN"
    assert RedPacket.objects.get(pk=packets[1].pk).state == "EXPIRED"


TAMPERINGS = [
    "UPDATE wallet_redpacket SET amount = amount + 1 WHERE id = %(packet)s",
    "UPDATE wallet_redpacket SET opened_count = opened_count - 1, opened_amount = 1 WHERE id = %(packet)s",
    "UPDATE wallet_redpacket SET opened_amount = amount WHERE id = %(packet)s",
    "UPDATE wallet_redpacket SET state = 'FINISHED', ended_at = now() WHERE id = %(packet)s",
    "UPDATE wallet_redpacket SET state = 'EXPIRED', ended_at = now() WHERE id = %(packet)s",
    "UPDATE wallet_redpacket SET receiver_id = sender_id WHERE id = %(packet)s",
    "UPDATE wallet_redpacketshare SET amount = amount + 1 WHERE packet_id = %(packet)s AND position = 3",
    "UPDATE wallet_redpacketshare SET taken_by_id = NULL, taken_at = NULL, journal_id = NULL"
    " WHERE packet_id = %(packet)s AND position = 1",
    "UPDATE wallet_redpacketshare SET taken_at = now() WHERE packet_id = %(packet)s AND position = 3",
    "DELETE FROM wallet_redpacketshare WHERE packet_id = %(packet)s",
]


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_the_database_refuses_what_no_red_packet_does(sender, statement):
    packet = send_packet(sender, amount=1_000, count=3)
    opened(packet, *members(1))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"packet": packet.pk})


def test_the_money_of_one_packet_stays_in_one_slot(sender):
    packet = send_packet(sender, amount=1_000, count=3)
    opened(packet, *members(2))
    let_time_run_out(packet)
    return_expired_red_packets()

    slots = Counter(
        Entry.objects.filter(journal__reference=packet.number, account__code="red_packet_pool").values_list(
            "account__slot", flat=True
        )
    )

    assert len(slots) == 1
    assert sum(slots.values()) == 4
