"""How the queue is narrowed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from feedback.models import Ticket
from feedback.rules.tickets import OPEN_STATES, TicketState
from feedback.selectors.desk import agents_by_name
from feedback.selectors.routing import IN_WORK
from feedback.selectors.sla import due_before
from wallet_project.kit import clock
from wallet_project.kit.admin import staff_id

_STATES = {
    None: ("待我们处理", IN_WORK),
    "waiting": ("等待顾客", Q(state=TicketState.WAITING)),
    "open": ("全部未结束", Q(state__in=OPEN_STATES)),
    "resolved": ("已解决", Q(state=TicketState.RESOLVED)),
    "over": ("已关闭", Q(state__in=[TicketState.CLOSED, TicketState.MERGED])),
    "whole": ("不含已并入的", ~Q(state=TicketState.MERGED)),
    "any": ("不限", Q()),
}


class StateFilter(admin.SimpleListFilter):
    """What waits for us, unless something else is asked for."""

    title, parameter_name = "状态", "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, name) for key, (name, _which) in _STATES.items() if key]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice, (key, (name, _which)) in zip(super().choices(changelist), _STATES.items(), strict=True):
            yield {**choice, "display": name, "selected": self.value() == key}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        _name, which = _STATES.get(self.value(), _STATES[None])
        return queryset.filter(which)


class DueFilter(admin.SimpleListFilter):
    title, parameter_name = "时限", "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "已超时"), ("soon", "一小时内到期或已超时")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        match self.value():
            case "late":
                return queryset.filter(due_before(clock.now()))
            case "soon":
                return queryset.filter(due_before(clock.now() + timedelta(hours=1)))
        return queryset


class OwnerFilter(admin.SimpleListFilter):
    title, parameter_name = "受理人", "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.who = staff_id(request)
        names = [(str(agent.user_id), agent.user.nickname) for agent in agents_by_name()]
        return [("me", "我"), ("nobody", "无人"), *(name for name in names if name[0] != str(self.who))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        match self.value():
            case None:
                return queryset
            case "me":
                return queryset.filter(assignee=self.who)
            case "nobody":
                return queryset.filter(assignee=None)
            case number:
                return queryset.filter(assignee=int(number) if number.isdecimal() else 0)
