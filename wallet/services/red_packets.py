"""Send a red packet, open it, and give back what nobody opened."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.errors import PhoneNotBound
from accounts.models import User
from accounts.rules.screening import RED_PACKET_OPEN
from accounts.rules.step_up import Operation, OperationKind
from accounts.services.screening import screen_visit
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from wallet.errors import (
    PayeeCannotReceive,
    RedPacketAllOpened,
    RedPacketNotForYou,
    RedPacketOver,
)
from wallet.events import RedPacketFinished, RedPacketOpened, RedPacketReturned, RedPacketSent
from wallet.models import RedPacket, RedPacketShare, RedPacketState, Wallet
from wallet.rules.kinds import JournalKind, MoveKind, RecordKind
from wallet.rules.modes import require_allowed
from wallet.rules.payees import Party
from wallet.rules.postings import red_packet_legs, red_packet_share_legs
from wallet.rules.red_packets import (
    GREETING,
    GREETING_LONGEST,
    Audience,
    PacketKind,
    require_possible,
    shares_of,
)
from wallet.selectors.content import clean_text
from wallet.selectors.money_requests import has_blocked
from wallet.selectors.own_money import require_own_money
from wallet.selectors.payees import introduction_behind, wallet_to_pay
from wallet.selectors.red_packets import expired_red_packets, red_packet_behind, share_of
from wallet.services.balance_caps import require_room
from wallet.services.ledger import Lots, post_journal
from wallet.services.limits import give_back_limit, use_limit
from wallet.services.own_money import require_sendable
from wallet.services.records import write_record
from wallet.services.wallets import open_wallet
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.masking import mask_name
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import find_answer
from wallet_project.kit.serials import new_serial
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused
from wallet_project.pauses.services import require_going

_RETURN_AT_ONCE = 200

# One statement takes the next place: whoever opens the packet at the same moment waits for this row, and then
# sees how it was left. (The amount is looked up and not joined: PostgreSQL evaluates a look-up anew for the
# row it waited for, and would hold on to the joined one.)
_TAKE_NEXT_PLACE = """
    WITH packet AS (
        UPDATE wallet_redpacket AS packet
        SET opened_count = packet.opened_count + 1,
            opened_amount = packet.opened_amount + (
                SELECT share.amount FROM wallet_redpacketshare AS share
                WHERE share.packet_id = packet.id AND share.position = packet.opened_count + 1
            ),
            state = CASE WHEN packet.opened_count + 1 = packet.count THEN 'FINISHED' ELSE packet.state END,
            ended_at = CASE WHEN packet.opened_count + 1 = packet.count THEN %(at)s::timestamptz END
        WHERE packet.id = %(packet)s AND packet.state = 'OPEN' AND packet.expires_at > %(at)s
        RETURNING packet.id, packet.opened_count
    )
    SELECT share.* FROM packet
    JOIN wallet_redpacketshare AS share
        ON share.packet_id = packet.id AND share.position = packet.opened_count
"""


@dataclass(frozen=True, kw_only=True)
class RedPacketTerms:
    """
    What its sender wishes: `amount` in all, for `count` who are sent the link, or for the one whom they were
    shown under `payee_token`.
    """

    kind: PacketKind
    amount: Fen
    count: int
    greeting: str = ""
    payee_token: str = ""


def send_red_packet(*, sender_id: int, device_id: str, terms: RedPacketTerms, grant: str = "") -> RedPacket:
    """
    Put own money into a red packet, proven to be the sender's wish. What nobody opens within a day returns.

    :raises NotInThisMode: this wallet knows no red packets
    :raises Paused: transfers stand still
    :raises RedPacketImpossible: the sum does not suit so many shares
    :raises TextRefused: nobody should have to read that greeting
    :raises PayeeTokenRefused: it is not known whom it is for
    :raises PayeeCannotReceive: nothing comes into their wallet, they have left, or they blocked the sender
    :raises InsufficientBalance: not that much own money is free
    :raises PackageMoneyStays: what is free came in packages
    :raises LotExhausted: some of it was spent in the same moment; nothing has moved
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises LimitExceeded: a limit on red packets, or on all that leaves the balance, is used up
    :raises StepUpRequired: it waits for proof; see `authorise` for its kin
    """
    if earlier := earlier_effect():
        return RedPacket.objects.with_people().get(number=earlier)
    require_allowed(MoveKind.RED_PACKET, mode=settings.WALLET_MODE)
    require_going(Flow.TRANSFER)
    terms = replace(terms, greeting=clean_text(terms.greeting, longest=GREETING_LONGEST) or GREETING)
    require_possible(
        kind=terms.kind, amount=terms.amount, count=terms.count, share_max=Fen(settings.RED_PACKET_SHARE_MAX)
    )
    payee = _payee(terms.payee_token, sender_id=sender_id) if terms.payee_token else None
    require_own_money(user_id=sender_id, amount=terms.amount)
    operation = Operation(
        kind=OperationKind.RED_PACKET,
        amount=terms.amount,
        facts={
            "kind": terms.kind,
            "count": str(terms.count),
            "to": payee.uid if payee else Audience.GROUP.value,
            "payee": payee.shown if payee else f"{terms.count} 个",
        },
        to=payee.counterparty if payee else "",
    )
    leave = authorise(user_id=sender_id, device_id=device_id, operation=operation, grant=grant)
    return _send(sender_id=sender_id, payee=payee, terms=terms, leave=leave)


def open_red_packet(*, user_id: int, token: str) -> RedPacketShare:
    """
    Take one share, now, into this user's own money; who has one already gets the same answer again.

    :raises NotInThisMode: this wallet knows no red packets
    :raises Paused: transfers stand still
    :raises NotFound: no such token, or not for this user
    :raises RedPacketNotForYou: they sent it to somebody else
    :raises RedPacketAllOpened: others were faster
    :raises RedPacketOver: its time is over
    :raises PhoneNotBound: money from others is for people with a phone
    :raises BalanceCapExceeded: they may not keep that much more here; the share stays for somebody else
    :raises WalletReceivesNothing: nothing comes into their wallet; the share stays for somebody else
    :raises MoveDenied: it looks wrong; see `screen_visit` for its kin
    """
    require_allowed(MoveKind.RED_PACKET, mode=settings.WALLET_MODE)
    packet = red_packet_behind(token, user_id=user_id)
    if mine := share_of(packet, user_id=user_id):
        return mine
    require_going(Flow.TRANSFER)
    _require_open(packet, at=clock.now())
    wallet = open_wallet(user_id=user_id)
    _require_may_take(packet, wallet)
    screen_visit(operation=RED_PACKET_OPEN, user_id=user_id)  # whoever sent it did not know who would come
    try:
        return _take(packet, wallet)
    except IntegrityError:
        # Two requests of one person at the same moment: one of them has the share, nothing came of the other.
        if mine := share_of(packet, user_id=user_id):
            return mine
        raise


def return_expired_red_packets() -> int:
    """
    Give what nobody opened back to those who sent it, frozen or not; returns how many ended. Each is a
    transaction of its own, and two workers share the work. While money stands still, so do they.
    """
    if is_paused(Flow.TRANSFER):
        return 0
    now = clock.now()
    expired = list(expired_red_packets(now).values_list("pk", flat=True)[:_RETURN_AT_ONCE])
    return sweep(expired, partial(_return_rest, at=now), failed="wallet.red_packet.not_returned")


@retry_conflicts
def _send(*, sender_id: int, payee: Party | None, terms: RedPacketTerms, leave: Authorisation) -> RedPacket:
    wallet, now = open_wallet(user_id=sender_id), clock.now()
    number = new_serial("H", now)
    with transaction.atomic(durable=True):
        keep_effect(number)
        spend_authorisation(leave)
        use_limit(user_id=sender_id, kind=MoveKind.RED_PACKET, amount=terms.amount, at=now)
        lots = require_sendable(wallet_id=wallet.pk, amount=terms.amount)
        journal = post_journal(
            kind=JournalKind.RED_PACKET_SENT,
            key=f"red_packet:{number}",
            legs=red_packet_legs(sender_id=wallet.pk, amount=terms.amount, number=number),
            reference=number,
            lots=lots,
        )
        packet = RedPacket.objects.create(
            number=number,
            sender=wallet,
            kind=terms.kind,
            audience=Audience.PERSON if payee else Audience.GROUP,
            receiver_id=payee.wallet_id if payee else None,
            amount=terms.amount,
            count=terms.count,
            greeting=terms.greeting,
            sent_at=now,
            expires_at=now + timedelta(seconds=settings.RED_PACKET_LIFETIME_SECONDS),
            journal_id=journal.journal_id,
        )
        drawn = shares_of(
            kind=terms.kind,
            amount=terms.amount,
            count=terms.count,
            share_max=Fen(settings.RED_PACKET_SHARE_MAX),
            chance=SystemRandom(),
        )
        RedPacketShare.objects.bulk_create(
            RedPacketShare(packet=packet, position=position, amount=amount)
            for position, amount in enumerate(drawn, start=1)
        )
        write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=RecordKind.RED_PACKET_OUT,
            title=f"发给{mask_name(payee.shown)}的红包" if payee else "群红包",
            reference=number,
            balance_amount=terms.amount,
            counterparty=payee.counterparty if payee else "",
            counterparty_name=payee.shown if payee else "",
        )
        record_audit(
            action="wallet.red_packet.sent",
            subject=f"red_packet:{number}",
            facts={"amount": terms.amount, "count": terms.count},
        )
        publish(
            RedPacketSent(
                number=number,
                sender_id=sender_id,
                receiver_id=payee.user_id if payee else None,
                amount=terms.amount,
                count=terms.count,
            )
        )
    return packet


@retry_conflicts
def _take(packet: RedPacket, wallet: Wallet) -> RedPacketShare:
    now = clock.now()
    with transaction.atomic(durable=True):
        share = _next_share(packet, at=now)
        require_room(user_id=wallet.user_id, coming=Fen(share.amount))
        journal = post_journal(
            kind=JournalKind.RED_PACKET_OPENED,
            key=f"red_packet:{packet.number}:{share.position}",
            legs=red_packet_share_legs(receiver_id=wallet.pk, amount=Fen(share.amount), number=packet.number),
            reference=packet.number,
        )
        share.taken_by, share.taken_at, share.journal_id = wallet, journal.at, journal.journal_id
        share.save(update_fields=["taken_by", "taken_at", "journal"])
        sender = packet.sender.user
        write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=RecordKind.RED_PACKET_IN,
            title=f"{mask_name(sender.nickname)}的红包",
            reference=packet.number,
            balance_amount=Fen(share.amount),
            counterparty=f"user:{sender.uid}",
            counterparty_name=mask_name(sender.nickname),
        )
        publish(
            RedPacketOpened(
                number=packet.number,
                sender_id=packet.sender.user_id,
                user_id=wallet.user_id,
                amount=share.amount,
            )
        )
        if share.position == packet.count:
            publish(RedPacketFinished(number=packet.number, sender_id=packet.sender.user_id))
    return share


def _next_share(packet: RedPacket, *, at: datetime) -> RedPacketShare:
    share = find_answer(RedPacketShare, _TAKE_NEXT_PLACE, {"packet": packet.pk, "at": at})
    if share is None:
        _require_open(RedPacket.objects.get(pk=packet.pk), at=at)
        raise RedPacketShare.DoesNotExist
    return share


@retry_conflicts
def _return_rest(packet_id: int, *, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        packet = (
            expired_red_packets(at)
            .select_for_update(no_key=True, skip_locked=True)
            .filter(pk=packet_id)
            .first()
        )
        if packet is None:
            return False  # another worker has it, or had it
        rest, sender_id = Fen(packet.amount - packet.opened_amount), packet.sender.user_id
        give_back_limit(
            user_id=sender_id,
            kind=MoveKind.RED_PACKET,
            amount=rest,
            at=packet.sent_at,
            moved=Fen(packet.opened_amount),
        )
        journal = post_journal(
            kind=JournalKind.RED_PACKET_RETURNED,
            key=f"red_packet_returned:{packet.number}",
            legs=red_packet_share_legs(receiver_id=packet.sender_id, amount=rest, number=packet.number),
            reference=packet.number,
            lots=Lots(restores=packet.journal_id, owed=True),
        )
        packet.state, packet.ended_at = RedPacketState.EXPIRED, journal.at
        packet.returned_by_id = journal.journal_id
        packet.save(update_fields=["state", "ended_at", "returned_by"])
        write_record(
            wallet_id=packet.sender_id,
            journal=journal,
            kind=RecordKind.RED_PACKET_RETURNED,
            title="红包过期退回",
            reference=packet.number,
            balance_amount=rest,
        )
        record_audit(
            action="wallet.red_packet.returned",
            subject=f"red_packet:{packet.number}",
            facts={"amount": rest, "count": packet.count - packet.opened_count},
        )
        publish(RedPacketReturned(number=packet.number, sender_id=sender_id, amount=rest))
    return True


def _payee(token: str, *, sender_id: int) -> Party:
    payee = introduction_behind(token, asker_id=sender_id, at=clock.now()).payee
    if wallet_to_pay(payee.user_id) is None or has_blocked(payee.user_id, whom=sender_id):
        raise PayeeCannotReceive  # which of the two, and why, is not for others to know
    return payee


def _require_open(packet: RedPacket, *, at: datetime) -> None:
    if packet.state == RedPacketState.FINISHED:
        raise RedPacketAllOpened
    if packet.state == RedPacketState.EXPIRED or packet.expires_at <= at:
        raise RedPacketOver


def _require_may_take(packet: RedPacket, wallet: Wallet) -> None:
    """A link is for whoever was sent it, its sender as well; a packet for a person is for that person."""
    if packet.audience == Audience.PERSON and packet.receiver_id != wallet.pk:
        raise RedPacketNotForYou
    if not User.objects.filter(pk=wallet.user_id, phone_bound_at__isnull=False).exists():
        raise PhoneNotBound
