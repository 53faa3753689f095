"""What a customer did and what was done about them: logins, money, freezes and proofs, what was said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices

from accounts.selectors.devices import login_records_of
from feedback.models import TicketMessage
from feedback.rules.tickets import Voice
from wallet.selectors.freezes import trail_of_wallet
from wallet.selectors.records import Wanted, records_of
from wallet_project.audit.selectors import written_about
from wallet_project.audit.words import actions_of, in_words
from wallet_project.kit.money import Fen

# Of all that is written about people, what changes what they can do; topics of the audit trail.
_TOPICS = ("顾客账户", "实名")
_WALLET_ACTS = ("wallet.wallet.status", "wallet.wallet.closed")
_EXCERPT = 60


class MomentKind(TextChoices):
    LOGIN = "LOGIN", "登录"
    MONEY = "MONEY", "资金"
    ACCOUNT = "ACCOUNT", "账户"
    WORDS = "WORDS", "沟通"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`amount`: fen that came in, negative went out. `row` is what the admin links to, if it has a page."""

    at: datetime
    kind: MomentKind
    title: str
    detail: str = ""
    amount: Fen | None = None
    row: Any = None


def timeline_of(user_id: int, *, before: datetime, limit: int, kind: str = "") -> list[Moment]:
    """Their latest moments before then, of one kind or of all, the newest first; five queries at most."""
    sources = [_SOURCES[MomentKind(kind)]] if kind else list(_SOURCES.values())
    moments = [moment for source in sources for moment in source(user_id, before, limit)]
    return sorted(moments, key=attrgetter("at"), reverse=True)[:limit]


def _logins(user_id: int, before: datetime, limit: int) -> Iterator[Moment]:
    for record in login_records_of(user_id).filter(at__lt=before).order_by("-pk")[:limit]:
        device = record.device_name or record.platform
        yield Moment(
            at=record.at,
            kind=MomentKind.LOGIN,
            title=record.get_outcome_display(),
            detail=" · ".join(filter(None, (device, "新设备" if record.is_new_device else "", record.ip))),
        )


def _money(user_id: int, before: datetime, limit: int) -> Iterator[Moment]:
    for record in records_of(user_id, Wanted(before=before))[:limit]:
        yield Moment(
            at=record.occurred_at,
            kind=MomentKind.MONEY,
            title=record.get_kind_display(),
            detail=record.title,
            amount=Fen(-record.amount if record.direction == "out" else record.amount),
            row=record,
        )


def _account(user_id: int, before: datetime, limit: int) -> Iterator[Moment]:
    subjects = [f"user:{user_id}", *filter(None, [trail_of_wallet(user_id)])]
    actions = [*_WALLET_ACTS, *(action for topic in _TOPICS for action in actions_of(topic))]
    for entry in written_about(subjects, actions=actions, before=before, limit=limit):
        reason = entry.facts.get("reason", "")
        yield Moment(at=entry.at, kind=MomentKind.ACCOUNT, title=in_words(entry.action), detail=str(reason))


def _words(user_id: int, before: datetime, limit: int) -> Iterator[Moment]:
    said = TicketMessage.objects.filter(ticket__user=user_id, at__lt=before).select_related("ticket")
    for message in said.exclude(voice=Voice.SYSTEM).order_by("-at", "-pk")[:limit]:
        yield Moment(
            at=message.at,
            kind=MomentKind.WORDS,
            title=message.get_voice_display(),
            detail=message.body[:_EXCERPT],
            row=message.ticket,
        )


_SOURCES: dict[MomentKind, Callable[[int, datetime, int], Iterator[Moment]]] = {
    MomentKind.LOGIN: _logins,
    MomentKind.MONEY: _money,
    MomentKind.ACCOUNT: _account,
    MomentKind.WORDS: _words,
}
