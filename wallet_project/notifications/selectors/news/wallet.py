"""What the wallet's events mean to people."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.selectors.name_hints import name_hints
from wallet.events import (
    GiftExpired,
    MoneyRequested,
    RedPacketFinished,
    RedPacketReturned,
    RedPacketSent,
    RequestEnded,
    RequestReminded,
    SplitEnded,
    StatementReady,
    TopUpCredited,
    TopUpTakenBack,
    TransferAccepted,
    TransferReturned,
    TransferSent,
    TransferWaiting,
    WalletReleased,
    WalletStopped,
    WithdrawalEnded,
    WithdrawalRequested,
)
from wallet.rules.freezes import FreezeCause, FreezeScope
from wallet.rules.money_requests import RequestState
from wallet.rules.splits import SplitState
from wallet.rules.transfers import TransferState
from wallet.rules.withdrawals import WithdrawalState
from wallet.selectors.red_packets import red_packet_numbered
from wallet.selectors.splits import split_numbered
from wallet.selectors.top_ups import top_up_for
from wallet.selectors.withdrawals import withdrawal_for
from wallet_project.kit import clock
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.selectors.news.register import news_of

_STOPPED = {FreezeScope.OUT: _("支出"), FreezeScope.IN: _("收入"), FreezeScope.ALL: _("收支")}


@news_of(TopUpCredited)
def topped_up(event: TopUpCredited) -> Iterable[News]:
    yield News(
        user_id=event.user_id,
        notice="wallet.top_up_credited",
        facts={"amount": event.amount, "number": event.number},
        about=f"top_up:{event.number}",
    )


@news_of(TopUpTakenBack)
def top_up_undone(event: TopUpTakenBack) -> Iterable[News]:
    top_up = top_up_for(user_id=event.user_id, number=event.number)
    yield News(
        user_id=event.user_id,
        notice="wallet.top_up_taken_back",
        facts={"amount": top_up.amount, "number": event.number},
        about=f"top_up:{event.number}",
    )


@news_of(GiftExpired)
def gift_over(event: GiftExpired) -> Iterable[News]:
    yield News(user_id=event.user_id, notice="wallet.gift_expired", facts={"amount": event.amount})


@news_of(WithdrawalRequested)
def withdrawal_looked_at(event: WithdrawalRequested) -> Iterable[News]:
    if event.state == WithdrawalState.REVIEW:
        yield News(
            user_id=event.user_id,
            notice="wallet.withdrawal_in_review",
            facts={"amount": event.amount, "number": event.number},
            about=f"withdrawal:{event.number}",
        )


@news_of(WithdrawalEnded)
def withdrawal_over(event: WithdrawalEnded) -> Iterable[News]:
    about = f"withdrawal:{event.number}"
    if event.state == WithdrawalState.PAID:
        facts: dict[str, object] = {"amount": event.paid, "number": event.number}
        yield News(user_id=event.user_id, notice="wallet.withdrawal_paid", facts=facts, about=about)
        return
    facts = {
        "amount": withdrawal_for(user_id=event.user_id, number=event.number).amount,
        "paid": event.paid,
        "state": WithdrawalState(event.state).label,
        "number": event.number,
    }
    yield News(user_id=event.user_id, notice="wallet.withdrawal_ended", facts=facts, about=about)


@news_of(WalletStopped)
def stopped(event: WalletStopped) -> Iterable[News]:
    facts = {
        "at": clock.now(),
        "scope": _STOPPED[FreezeScope(event.scope)],
        "cause": FreezeCause(event.cause).label,
    }
    yield News(user_id=event.user_id, notice="wallet.stopped", facts=facts)


@news_of(WalletReleased)
def released(event: WalletReleased) -> Iterable[News]:
    yield News(user_id=event.user_id, notice="wallet.released", facts={"at": clock.now()})


@news_of(TransferSent)
def transfer_arrived(event: TransferSent) -> Iterable[News]:
    yield _of_transfer(event, "wallet.transfer_received", to=event.receiver_id, other=event.sender_id)


@news_of(TransferWaiting)
def transfer_waits(event: TransferWaiting) -> Iterable[News]:
    yield _of_transfer(
        event,
        "wallet.transfer_waiting",
        to=event.receiver_id,
        other=event.sender_id,
        until=event.accept_by,
    )


@news_of(TransferAccepted)
def transfer_taken(event: TransferAccepted) -> Iterable[News]:
    yield _of_transfer(event, "wallet.transfer_accepted", to=event.sender_id, other=event.receiver_id)


@news_of(TransferReturned)
def transfer_came_back(event: TransferReturned) -> Iterable[News]:
    """Whoever took it back knows."""
    if event.state != TransferState.CANCELLED:
        yield _of_transfer(
            event,
            "wallet.transfer_returned",
            to=event.sender_id,
            other=event.receiver_id,
            state=TransferState(event.state).label,
        )


@news_of(MoneyRequested)
def money_asked(event: MoneyRequested) -> Iterable[News]:
    yield from _to_payer(event, "wallet.request_made")


@news_of(RequestReminded)
def money_asked_again(event: RequestReminded) -> Iterable[News]:
    yield from _to_payer(event, "wallet.request_reminded")


@news_of(RequestEnded)
def request_over(event: RequestEnded) -> Iterable[News]:
    """Whoever took theirs back knows."""
    if event.state != RequestState.CANCELLED:
        yield News(
            user_id=event.requester_id,
            notice="wallet.request_ended",
            facts={
                "amount": event.amount,
                "state": RequestState(event.state).label,
                "number": event.number,
            },
            about=f"request:{event.number}",
        )


@news_of(SplitEnded)
def split_over(event: SplitEnded) -> Iterable[News]:
    split = split_numbered(event.number) if event.state == SplitState.PAID_UP else None
    if split is not None:
        yield News(
            user_id=event.organiser_id,
            notice="wallet.split_paid_up",
            facts={"amount": split.total, "number": event.number},
            about=f"split:{event.number}",
        )


@news_of(RedPacketSent)
def red_packet_comes(event: RedPacketSent) -> Iterable[News]:
    """One for whoever has the link is passed on by hand."""
    if event.receiver_id is not None:
        yield News(
            user_id=event.receiver_id,
            notice="wallet.red_packet_received",
            facts={"who": _name(event.sender_id)},
            about=f"red_packet:{event.number}",
        )


@news_of(RedPacketFinished)
def red_packet_gone(event: RedPacketFinished) -> Iterable[News]:
    packet = red_packet_numbered(event.number)
    yield News(
        user_id=event.sender_id,
        notice="wallet.red_packet_finished",
        facts={"amount": packet.amount, "count": packet.count},
        about=f"red_packet:{event.number}",
    )


@news_of(RedPacketReturned)
def red_packet_came_back(event: RedPacketReturned) -> Iterable[News]:
    yield News(
        user_id=event.sender_id,
        notice="wallet.red_packet_returned",
        facts={"amount": event.amount},
        about=f"red_packet:{event.number}",
    )


@news_of(StatementReady)
def statement_made(event: StatementReady) -> Iterable[News]:
    yield News(
        user_id=event.user_id,
        notice="wallet.statement_ready",
        facts={"month": event.month, "number": event.number},
        about=f"statement:{event.number}",
    )


def _of_transfer(
    event: TransferSent | TransferWaiting | TransferAccepted | TransferReturned,
    notice: str,
    *,
    to: int,
    other: int,
    **more: object,
) -> News:
    facts = {"amount": event.amount, "who": _name(other), "number": event.number, **more}
    return News(user_id=to, notice=notice, facts=facts, about=f"transfer:{event.number}")


def _to_payer(event: MoneyRequested | RequestReminded, notice: str) -> Iterable[News]:
    """While it is open to whoever has its link, nobody is asked."""
    if event.payer_id is not None:
        yield News(
            user_id=event.payer_id,
            notice=notice,
            facts={"amount": event.amount, "who": _name(event.requester_id), "number": event.number},
            about=f"request:{event.number}",
        )


def _name(user_id: int) -> str:
    return name_hints([user_id])[user_id].in_words
