"""Red packets and the shares they are made of."""

from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wallet.rules.red_packets import SHARES_MOST, Audience, PacketKind
from wallet_project.kit.privacy import COUNTED, Privacy
from wallet_project.kit.serials import is_serial


class RedPacketState(models.TextChoices):
    """OPEN → FINISHED with its last share, or EXPIRED when its time is over and the rest went back."""

    OPEN = "OPEN", _("领取中")
    FINISHED = "FINISHED", _("已领完")
    EXPIRED = "EXPIRED", _("已过期退回")


class RedPacketQuerySet(models.QuerySet["RedPacket"]):
    def with_people(self) -> Self:
        """Who sent it and whom it is for, for their names."""
        return self.select_related("sender__user", "receiver__user")


class RedPacket(models.Model):
    """
    Own money of its sender in the pool, in the slot of its number, until it is opened or goes back.

    The shares were drawn when it was sent; the next to open it gets the one after `opened_count`. So this row
    is the queue of everybody who opens it at the same moment. Written once but for what was opened and how it
    ended (wallet/sql/red_packets.sql).
    """

    number = models.CharField("红包单号", max_length=32, unique=True)
    sender = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="+", verbose_name="发红包的钱包", db_index=False
    )
    kind = models.CharField("类型", max_length=8, choices=PacketKind)
    audience = models.CharField("发给", max_length=8, choices=Audience)
    receiver = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, null=True, related_name="+", verbose_name="指定领取的钱包"
    )
    amount = models.BigIntegerField("金额")
    count = models.PositiveSmallIntegerField("个数")
    greeting = models.CharField("祝福语", max_length=64)
    state = models.CharField("状态", max_length=16, choices=RedPacketState, default=RedPacketState.OPEN)
    opened_count = models.PositiveSmallIntegerField("已领个数", default=0)
    opened_amount = models.BigIntegerField("已领金额", default=0)
    sent_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("过期时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    journal = models.OneToOneField(
        "wallet.Journal", models.PROTECT, related_name="+", verbose_name="发出凭证"
    )
    returned_by = models.OneToOneField(
        "wallet.Journal", models.PROTECT, null=True, related_name="+", verbose_name="退回凭证"
    )

    objects = RedPacketQuerySet.as_manager()

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount greeting opened_amount",
        c1="number sender kind audience receiver count state opened_count sent_at expires_at ended_at"
        " journal returned_by",
        in_clear={
            COUNTED: "amount opened_amount",
            "shown to everybody who was sent the link": "greeting",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "红包"
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=SHARES_MOST, amount__gte=F("count")),
                name="red_packet_has_a_fen_for_everybody",
            ),
            models.CheckConstraint(
                condition=Q(
                    opened_count__lte=F("count"),
                    opened_amount__gte=F("opened_count"),
                    opened_amount__lte=F("amount") - F("count") + F("opened_count"),
                ),
                name="red_packet_never_gives_more_than_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=RedPacketState.OPEN, opened_count__lt=F("count"), ended_at=None, returned_by=None
                )
                | Q(
                    state=RedPacketState.FINISHED,
                    opened_count=F("count"),
                    opened_amount=F("amount"),
                    ended_at__isnull=False,
                    returned_by=None,
                )
                | Q(
                    state=RedPacketState.EXPIRED,
                    opened_count__lt=F("count"),
                    ended_at__isnull=False,
                    returned_by__isnull=False,
                ),
                name="red_packet_ends_all_opened_or_with_the_rest_returned",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.GROUP, receiver=None)
                | (
                    Q(audience=Audience.PERSON, receiver__isnull=False, count=1, kind=PacketKind.FIXED)
                    & ~Q(receiver=F("sender"))
                ),
                name="red_packet_for_one_person_is_one_share_for_somebody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "-id"], name="red_packet_newest_first"),
            models.Index(
                fields=["expires_at"],
                name="red_packet_open_by_expiry",
                condition=Q(state=RedPacketState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def token(self) -> str:
        """
        What opens it: the number, signed. It stands in no table, so whoever reads these learns no link.
        """
        return _signer().sign(self.number)


def number_behind(token: str) -> str | None:
    """The number of the red packet that somebody was sent; None: we never gave out such a token."""
    try:
        number = _signer().unsign(token)
    except BadSignature:
        return None
    return number if is_serial(number, "H") else None


def _signer() -> Signer:
    return Signer(salt="wallet.red_packet", sep=".")


class RedPacketShare(models.Model):
    """The part of a red packet that the one at this place gets; taken once, and written once but for that."""

    packet = models.ForeignKey(
        "wallet.RedPacket", models.PROTECT, related_name="shares", verbose_name="红包", db_index=False
    )
    position = models.PositiveSmallIntegerField("次序")
    amount = models.BigIntegerField("金额")
    taken_by = models.ForeignKey(
        "wallet.Wallet",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="领取的钱包",
        db_index=False,
    )
    taken_at = models.DateTimeField("领取时间", null=True)
    journal = models.OneToOneField(
        "wallet.Journal", models.PROTECT, null=True, related_name="+", verbose_name="领取凭证"
    )

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount", c1="packet position taken_by taken_at journal", in_clear={COUNTED: "amount"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "红包份额"
        constraints = [
            models.UniqueConstraint(fields=["packet", "position"], name="a_red_packet_has_each_share_once"),
            models.UniqueConstraint(fields=["packet", "taken_by"], name="a_person_opens_a_red_packet_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="red_packet_share_is_of_something"),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None, journal=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False, journal__isnull=False),
                name="red_packet_share_is_taken_with_a_journal",
            ),
        ]
        indexes = [
            models.Index(
                fields=["taken_by", "-journal"],
                name="red_packet_share_newest_first",
                condition=Q(taken_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet} · {self.position}"
