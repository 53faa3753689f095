"""What the wallet holds about a person, for them to take along."""

from collections.abc import Iterator

from django.db.models import Q

from wallet.models import (
    BlockedPerson,
    Budget,
    BudgetNotice,
    FeeWaiver,
    Hold,
    MoneyRequest,
    PayeeSettings,
    Quote,
    Record,
    RecordCategory,
    RedPacket,
    RedPacketShare,
    Split,
    Statement,
    TaughtRule,
    TopUp,
    Transfer,
    Wallet,
    Withdrawal,
)
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.personal_data import Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    yield section(Wallet.objects.filter(user=user_id), "id", "status", "status_reason", "opened_at")
    yield section(
        Record.objects.filter(wallet=wallet_of(user_id)).order_by("pk"),
        "occurred_at",
        "kind",
        "direction",
        "title",
        "counterparty_name",
        "reference",
        money=("amount", "balance_amount", "channel_amount", "discount_amount", "fee", "balance_after"),
    )
    yield section(
        Statement.objects.filter(wallet=wallet_of(user_id)).order_by("pk"),
        "number",
        "month",
        "state",
        "requested_at",
        "ready_at",
        "downloads",
        "downloaded_at",
        "checksum",
        money=("opening", "closing"),
    )
    yield section(
        TopUp.objects.filter(wallet=wallet_of(user_id)).order_by("pk"),
        "number",
        "state",
        "created_at",
        "credited_at",
        money=("amount",),
    )
    yield section(
        Hold.objects.filter(wallet=wallet_of(user_id)).order_by("pk"),
        "reference",
        "placed_at",
        "expires_at",
        money=("amount", "captured", "released"),
    )
    yield section(
        Withdrawal.objects.filter(wallet=wallet_of(user_id)).order_by("pk"),
        "number",
        "state",
        "reason",
        "requested_at",
        "sent_at",
        "ended_at",
        money=("amount", "fee", "paid", "fee_paid"),
    )
    yield section(
        Quote.objects.filter(user=user_id).order_by("pk"),
        "public_id",
        "kind",
        "state",
        "created_at",
        "taken_at",
        money=("amount", "fee"),
    )
    yield section(
        FeeWaiver.objects.filter(user=user_id).order_by("pk"),
        "number",
        "valid_from",
        "expires_at",
        money=("most",),
    )
    yield section(
        Transfer.objects.filter(Q(sender=user_id) | Q(receiver=user_id)).order_by("pk"),
        "number",
        "state",
        "remark",
        "created_at",
        "ended_at",
        money=("amount", "fee"),
    )
    yield section(
        MoneyRequest.objects.filter(Q(requester=user_id) | Q(payer=user_id)).order_by("pk"),
        "number",
        "state",
        "remark",
        "created_at",
        "ended_at",
        money=("amount",),
    )
    yield section(
        Split.objects.filter(organiser=user_id).order_by("pk"),
        "number",
        "title",
        "state",
        "created_at",
        "ended_at",
        money=("total", "own"),
    )
    yield section(BlockedPerson.objects.filter(user=user_id).order_by("pk"), "blocked_at")
    yield section(PayeeSettings.objects.filter(user=user_id), "findable_by_phone", "changed_at")
    yield section(
        RecordCategory.objects.filter(wallet=wallet_of(user_id))
        .select_related("record", "category")
        .order_by("record"),
        "occurred_at",
        "record",
        "category",
        "filed_by",
        money=("amount",),
    )
    yield section(
        TaughtRule.objects.filter(wallet=wallet_of(user_id)).select_related("category").order_by("pk"),
        "shown",
        "category",
        "taught_at",
    )
    yield section(
        Budget.objects.filter(wallet=wallet_of(user_id)).select_related("category").order_by("pk"),
        "category",
        "set_at",
        money=("amount",),
    )
    yield section(
        BudgetNotice.objects.filter(wallet=wallet_of(user_id)).select_related("category").order_by("pk"),
        "category",
        "month",
        "level",
        "told_at",
        money=("amount",),
    )
    yield section(
        RedPacket.objects.filter(sender__user=user_id).order_by("pk"),
        "number",
        "kind",
        "audience",
        "count",
        "greeting",
        "state",
        "sent_at",
        "ended_at",
        money=("amount", "opened_amount"),
    )
    yield section(
        RedPacketShare.objects.filter(taken_by__user=user_id).select_related("packet").order_by("pk"),
        "packet",
        "taken_at",
        money=("amount",),
    )
