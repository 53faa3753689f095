"""
What may be proposed: each app's approvals.py registers what an approval does.

    @carries_out(
        "payments.case_refund",
        title="异常款退回",
        permission="payments.approve_case_refund",
        shows=lambda case_id, amount: {"支付异常": case_id, "金额（元）": yuan(amount)},
    )
    def refund(*, case_id: int, amount: int) -> str:
        ...
        return "退款单 F26…"

The function is called with the proposal's facts, inside the transaction that approves; what it returns is
kept as the outcome, and a DomainError it raises leaves the proposal open. `shows` turns the facts into what
the checker reads: Chinese labels, and a value or a pair of before and after. A proposal about a person
carries `user_id` among its facts, so that nobody decides about themselves. `also` names what the function
takes of the proposal beside its facts: what must bear both names says also=("maker_id", "checker_id").
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Shown = dict[str, Any]


def _as_they_are(**facts: Any) -> Shown:
    return facts


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    title: str
    permission: str
    carry_out: Callable[..., str | None]
    shows: Callable[..., Shown]
    also: tuple[str, ...]


_kinds: dict[str, Kind] = {}


def carries_out(
    name: str,
    *,
    title: str,
    permission: str,
    shows: Callable[..., Shown] = _as_they_are,
    also: tuple[str, ...] = (),
) -> Callable[[Callable[..., str | None]], Callable[..., str | None]]:
    """Decorates a function of an app's approvals.py; whoever has `permission` may have it done."""

    def register(function: Callable[..., str | None]) -> Callable[..., str | None]:
        _kinds[name] = Kind(
            name=name, title=title, permission=permission, carry_out=function, shows=shows, also=also
        )
        return function

    return register


def kind_named(name: str) -> Kind:
    """
    :raises LookupError: no app registers this kind
    """
    if name not in _kinds:
        raise LookupError(f"no approvals.py carries out {name}")
    return _kinds[name]


def title_of(name: str) -> str:
    """In words; a kind that has been retired keeps its name on old proposals."""
    kind = _kinds.get(name)
    return kind.title if kind else name


def shown_facts_of(name: str, facts: dict[str, Any]) -> Shown:
    """Chinese label → value, or a pair of before and after."""
    kind = _kinds.get(name)
    return kind.shows(**facts) if kind else facts


def registered_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)
