"""A red packet as those see it who may: who sent it, who got how much, who was the luckiest."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from wallet.models import RedPacket, RedPacketShare, RedPacketState
from wallet.models.red_packets import number_behind
from wallet.rules.red_packets import Audience, PacketKind
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class SeenRedPacket:
    """
    As one person sees it. `mine` is the share that they took, `luckiest` the best of a lucky packet once all
    are opened.
    """

    packet: RedPacket
    can_open: bool
    mine: RedPacketShare | None
    luckiest: RedPacketShare | None


def red_packet_behind(token: str, *, user_id: int) -> RedPacket:
    """
    The red packet with its people, in one query. A packet for the group is for whoever was sent its link; one
    for a person only they and its sender see.

    :raises NotFound: no such token, or not for this user: the two look alike
    """
    number = number_behind(token)
    packet = RedPacket.objects.with_people().filter(number=number).first() if number else None
    if packet is None or not _may_see(packet, user_id=user_id):
        raise NotFound
    return packet


def share_of(packet: RedPacket, *, user_id: int) -> RedPacketShare | None:
    """What this user got of it."""
    return RedPacketShare.objects.filter(packet=packet, taken_by__user=user_id).first()


def seen_by(user_id: int, packet: RedPacket, *, at: datetime) -> SeenRedPacket:
    """At this moment; two queries at most beside the packet's own."""
    mine = share_of(packet, user_id=user_id)
    can_open = (
        mine is None
        and packet.state == RedPacketState.OPEN
        and packet.expires_at > at
        and (packet.receiver is None or packet.receiver.user_id == user_id)
    )
    return SeenRedPacket(packet=packet, can_open=can_open, mine=mine, luckiest=_luckiest_of(packet))


def opened_shares(seen: SeenRedPacket, *, user_id: int) -> QuerySet[RedPacketShare]:
    """What was taken of it, the latest first, with whoever took it, `is_luckiest` and `is_me`."""
    luckiest_id = seen.luckiest.pk if seen.luckiest else None
    return (
        RedPacketShare.objects.filter(packet=seen.packet, taken_by__isnull=False)
        .select_related("taken_by__user")
        .annotate(
            is_luckiest=ExpressionWrapper(Q(pk=luckiest_id), output_field=BooleanField()),
            is_me=ExpressionWrapper(Q(taken_by__user=user_id), output_field=BooleanField()),
        )
        .order_by("-position")
    )


def red_packets_from(user_id: int) -> QuerySet[RedPacket]:
    """What they sent, newest first."""
    return RedPacket.objects.with_people().filter(sender__user=user_id).order_by("-pk")


def red_packets_waiting_for(user_id: int, *, at: datetime) -> QuerySet[RedPacket]:
    """Sent to them alone and not opened yet, newest first."""
    waiting = RedPacket.objects.filter(receiver__user=user_id, state=RedPacketState.OPEN, expires_at__gt=at)
    return waiting.with_people().order_by("-pk")


def shares_taken_by(user_id: int) -> QuerySet[RedPacketShare]:
    """What they got, newest first, with the packets and who sent these."""
    taken = RedPacketShare.objects.filter(taken_by__user=user_id)
    return taken.select_related("packet__sender__user", "packet__receiver__user").order_by("-journal")


def expired_red_packets(at: datetime) -> QuerySet[RedPacket]:
    """Open beyond their time, the longest first."""
    return RedPacket.objects.filter(state=RedPacketState.OPEN, expires_at__lte=at).order_by("expires_at")


def waiting_in_red_packets(user_id: int) -> Fen:
    """How much of what they sent is neither opened nor returned."""
    sent = RedPacket.objects.filter(sender__user=user_id, state=RedPacketState.OPEN)
    return Fen(sent.aggregate(waiting=Coalesce(Sum(F("amount") - F("opened_amount")), 0))["waiting"])


def _may_see(packet: RedPacket, *, user_id: int) -> bool:
    if packet.audience == Audience.GROUP or packet.sender.user_id == user_id:
        return True
    return packet.receiver is not None and packet.receiver.user_id == user_id


def _luckiest_of(packet: RedPacket) -> RedPacketShare | None:
    """The best share; of equal ones the one taken first."""
    if packet.kind != PacketKind.LUCKY or packet.state != RedPacketState.FINISHED:
        return None
    return packet.shares.select_related("taken_by__user").order_by("-amount", "position").first()


def red_packet_numbered(number: str) -> RedPacket:
    """Whoever asks must have a right to know of it."""
    return RedPacket.objects.get(number=number)
