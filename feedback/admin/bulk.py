"""What is done to several tickets at once: each for itself, and what could not be done is told."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from feedback.admin.agents import agent_at
from feedback.models import Queue, Ticket
from feedback.rules.tickets import Priority, TicketState
from feedback.selectors.desk import agents_by_name
from feedback.services.routing import assign
from feedback.services.tickets import move_ticket, reclassify
from wallet_project.kit.admin import staff_id
from wallet_project.kit.errors import DomainError


def _to_each(
    description: str, *, among: Callable[[], Collection[int]] = frozenset
) -> Callable[[Callable[..., Any]], Any]:
    """`act(ticket_id, who, value)`; `value` is what was chosen beside the button, `among` these."""

    def offer(act: Callable[..., Any]) -> Any:
        @admin.action(description=description, permissions=["work"])
        def carry_out(page: Any, request: HttpRequest, tickets: QuerySet[Ticket]) -> None:
            who, value, done = staff_id(request), request.POST.get("value", ""), 0
            if value and value not in map(str, among()):
                return
            own = agent_at(request).own_user_ids
            for ticket in tickets.order_by("pk"):
                try:
                    if ticket.user_id in own:
                        messages.warning(request, f"{ticket}：这是您自己的工单，请交给同事")
                        continue
                    act(ticket.pk, who, int(value) if value else None)
                    done += 1
                except DomainError as error:
                    messages.warning(request, f"{ticket}：{error.message}")
            if done:
                messages.success(request, f"{description}：{done} 张工单")

        carry_out.__name__ = act.__name__
        return carry_out

    return offer


@_to_each("接手")
def take_all(ticket_id: int, who: int, _value: None) -> None:
    assign(ticket_id=ticket_id, assignee_id=who, by_id=who)


@_to_each("指派", among=lambda: [agent.user_id for agent in agents_by_name()])
def give_all(ticket_id: int, who: int, agent: int | None) -> None:
    assign(ticket_id=ticket_id, assignee_id=agent, by_id=who)


@_to_each("优先级已改", among=lambda: Priority.values)
def reprioritise_all(ticket_id: int, who: int, priority: int | None) -> None:
    reclassify(ticket_id=ticket_id, by_id=who, priority=priority)


@_to_each("已转队列", among=lambda: Queue.objects.values_list("pk", flat=True))
def requeue_all(ticket_id: int, who: int, queue: int | None) -> None:
    reclassify(ticket_id=ticket_id, by_id=who, queue_id=queue)


@_to_each("已解决")
def resolve_all(ticket_id: int, who: int, _value: None) -> None:
    move_ticket(ticket_id=ticket_id, to=TicketState.RESOLVED, by_id=who)


BULK_ACTS = (take_all, give_all, reprioritise_all, requeue_all, resolve_all)
