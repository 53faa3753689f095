"""Whoever is gone is told nothing, and what they were told goes with them."""

from django.db.models import Exists, OuterRef

from wallet_project.notifications.models import (
    Message,
    Occasion,
    Preference,
    Reader,
    Recipient,
    SubscribeQuota,
)


def forget_messages_of(*, user_id: int) -> None:
    """Does nothing the second time."""
    Occasion.objects.filter(user=user_id).delete()
    Recipient.objects.filter(user=user_id).delete()
    Preference.objects.filter(user=user_id).delete()
    Message.objects.filter(user=user_id).delete()
    Reader.objects.filter(user=user_id).delete()
    SubscribeQuota.objects.filter(user=user_id).delete()


def hand_messages_over(*, closed_user_id: int, user_id: int) -> None:
    """
    Of two accounts that were one person's: they read in the one what they were told in the other, and what
    they had turned off there stays off. Language and quiet hours come along if the one that stays has none;
    so does what the WeChat identity lets through, for only one of them has one.
    """
    told = Message.objects.filter(user=user_id, notice=OuterRef("notice"), key=OuterRef("key"))
    off = Preference.objects.filter(user=user_id, category=OuterRef("category"), channel=OuterRef("channel"))
    Preference.objects.filter(~Exists(off), user=closed_user_id).update(user=user_id)
    Message.objects.filter(~Exists(told), user=closed_user_id).update(user=user_id)
    let_through = SubscribeQuota.objects.filter(user=user_id, template=OuterRef("template"))
    SubscribeQuota.objects.filter(~Exists(let_through), user=closed_user_id).update(user=user_id)
    if not Reader.objects.filter(user=user_id).exists():
        Reader.objects.filter(user=closed_user_id).update(user=user_id)
    forget_messages_of(user_id=closed_user_id)
