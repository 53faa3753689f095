"""The desk: one queue with everything in sight, and from each of its rows to the whole ticket."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from feedback.admin.agents import agent_at
from feedback.admin.bulk import BULK_ACTS
from feedback.admin.filters import DueFilter, OwnerFilter, StateFilter
from feedback.admin.forms import AnswerForm, ViewForm
from feedback.admin.panels import STATE_COLOURS
from feedback.admin.rows import dress
from feedback.admin.ticket_acts import TicketActs
from feedback.admin.ticket_page import show_pulse, show_ticket
from feedback.models import Queue, Ticket, TicketContact
from feedback.rules.desk import VIEWS
from feedback.rules.tickets import OVER, Priority, Voice
from feedback.selectors.desk import agent_of, agents_by_name, as_in_queue, figures_of, views_of
from feedback.selectors.routing import IN_WORK
from feedback.selectors.sla import due_before
from feedback.selectors.tickets import find_tickets
from feedback.services.desk import forget_view, reply, save_view
from feedback.services.presence import be_there, look_at, start_taking, stop_taking
from feedback.services.routing import take_next
from feedback.services.tickets import say
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, Waits, staff_id
from wallet_project.kit.errors import DomainError

_QUEUE = "admin:feedback_ticket_changelist"


@admin.register(Ticket)
class TicketAdmin(TicketActs, ReadOnlyAdmin):
    change_list_template = "admin/feedback/queue.html"
    list_fullwidth = True
    list_display = ("number",)
    list_filter = (
        StateFilter,
        OwnerFilter,
        DueFilter,
        "queue",
        "kind",
        "priority",
        "channel",
        "opened_at",
        "resolved_at",
    )
    waits = Waits(
        words="等我处理的工单",
        permission="feedback.change_ticket",
        which=lambda request: IN_WORK & (Q(assignee=staff_id(request)) | Q(assignee=None)),
        late=due_before,
    )
    list_select_related = ("user", "assignee", "queue")
    search_fields = ("number",)
    actions = BULK_ACTS
    actions_detail = (*TicketActs.EVERYDAY, *TicketActs.SORTING)
    actions_list = ("write_down",)

    def get_urls(self) -> list[URLPattern]:
        doors = {
            "next": self.next,
            "presence": self.presence,
            "views": self.save_this_view,
            "views/<int:view_id>/forget": self.forget_this_view,
            "<int:object_id>/answer": self.answer,
            "<int:object_id>/pulse": self.pulse,
        }
        own = [
            path(route, self.admin_site.admin_view(door), name=f"feedback_ticket_{door.__name__}")
            for route, door in doors.items()
        ]
        return [*own, *super().get_urls()]

    def has_work_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        """On what is not over, and not on what one asked for oneself."""
        if not request.user.has_perm("feedback.change_ticket"):
            return False
        open_to_them = Ticket.objects.exclude(state__in=OVER).exclude(user__in=agent_at(request).own_user_ids)
        return object_id is None or open_to_them.filter(pk=object_id).exists()

    def has_label_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        """Also when it is over: what it was about is often known only then."""
        own = Ticket.objects.filter(pk=object_id or 0, user__in=agent_at(request).own_user_ids)
        return request.user.has_perm("feedback.change_ticket") and not own.exists()

    def has_identify_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        unknown = Ticket.objects.filter(pk=object_id or 0, user=None)
        return self.has_work_permission(request, object_id) and unknown.exists()

    def has_contact_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        known = TicketContact.objects.filter(pk=int(object_id or 0))
        may_see = request.user.has_perm("accounts.reveal_pii") and self.has_label_permission(
            request, object_id
        )
        return may_see and known.exists()

    # The queue

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return as_in_queue(super().get_queryset(request))

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """By the time that is left; what was promised none comes last, the most urgent first."""
        return (F("rings_at").asc(nulls_last=True), "priority", "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """By the words that were said in it, or its number."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=find_tickets(search_term).values("pk")), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        who = staff_id(request)
        be_there(user_id=who)
        page: Any = super().changelist_view(
            request,
            {
                "title": "工单",
                "views": _views(request, figures_of(who, at=clock.now())),
                "saved_views": [(view, _same(request, view.query)) for view in views_of(who)],
                "this_view": _query(request),
                "agent": agent_of(who),
                "agents": agents_by_name(),
                "queues": Queue.objects.order_by("pk"),
                "priorities": Priority.choices,
                "colours": STATE_COLOURS,
                "may_work": self.has_work_permission(request),
                **(extra_context or {}),
            },
        )
        if found := getattr(page, "context_data", {}).get("cl"):
            page.context_data["filters"] = [_menu(spec, found) for spec in found.filter_specs]
            page.context_data["pages"] = _pages(found)
            dress(found.result_list, at=clock.now())
        return page

    @method_decorator(require_POST)
    def next(self, request: HttpRequest) -> HttpResponse:
        """The most urgent one that nobody has."""
        self._require_work(request)
        ticket_id = take_next(agent_id=staff_id(request))
        if ticket_id is None:
            messages.info(request, "您的队列里没有待领取的工单")
            return redirect(_QUEUE)
        return self.back_to(ticket_id)

    @method_decorator(require_POST)
    def presence(self, request: HttpRequest) -> HttpResponse:
        self._require_work(request)
        change = stop_taking if request.POST.get("takes") == "off" else start_taking
        change(user_id=staff_id(request))
        return redirect(_QUEUE)

    @method_decorator(require_POST)
    def save_this_view(self, request: HttpRequest) -> HttpResponse:
        self._require_view(request)
        form = ViewForm(request.POST)
        if not form.is_valid():
            messages.error(request, "请给视图起一个名称，不超过 20 个字")
            return redirect(_QUEUE)
        query = urlencode(parse_qsl(form.cleaned_data["query"]))
        save_view(owner_id=staff_id(request), name=form.cleaned_data["name"], query=query)
        return redirect(f"{reverse(_QUEUE)}?{query}")

    @method_decorator(require_POST)
    def forget_this_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        self._require_view(request)
        forget_view(owner_id=staff_id(request), view_id=view_id)
        return redirect(_QUEUE)

    # One ticket

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied
        ticket = self._ticket(request, object_id)
        look_at(ticket_id=ticket.pk, user_id=staff_id(request), is_writing=False)
        return self._show(request, ticket)

    @method_decorator(require_POST)
    def answer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send what was written, or move on without words; what is refused comes back to be looked over."""
        ticket = self._ticket(request, object_id)
        self._require_work(request, object_id)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            messages.error(request, "没有发送：内容最多 4000 字")
            return self._show(request, ticket, draft=request.POST.dict())
        wish, who = form.cleaned_data, staff_id(request)
        words = {"body": wish["body"], "client_id": str(wish["client_id"])}
        try:
            if wish["is_note"]:
                say(ticket_id=ticket.pk, voice=Voice.NOTE, author_id=who, **words)
            else:
                reply(ticket_id=ticket.pk, agent_id=who, seen_id=wish["seen_id"], then=wish["then"], **words)
        except DomainError as error:
            messages.error(request, str(error.message))
            return self._show(request, ticket, draft=request.POST.dict())
        messages.success(request, "已记下" if wish["is_note"] else "已发送" if wish["body"] else "已更新")
        return self.back_to(ticket.pk)

    @method_decorator(require_POST)
    def pulse(self, request: HttpRequest, object_id: int) -> HttpResponse:
        ticket, who = self._ticket(request, object_id), staff_id(request)
        be_there(user_id=who)
        look_at(ticket_id=ticket.pk, user_id=who, is_writing=bool(request.POST.get("writing")))
        seen = request.POST.get("seen", "")
        return show_pulse(request, ticket, seen_id=int(seen) if seen.isdecimal() else 0)

    def _show(
        self, request: HttpRequest, ticket: Ticket, *, draft: dict[str, Any] | None = None
    ) -> HttpResponse:
        allowed = self.get_actions_detail(request, ticket.pk)
        offered = {
            name: shown
            for name in self.actions_detail
            for shown in self._get_actions_navigation([name], allowed, str(ticket.pk))
        }
        return show_ticket(
            request,
            ticket,
            may_work=self.has_work_permission(request, ticket.pk),
            draft=draft,
            opts=self.opts,
            original=ticket,
            actions_detail=[offered[name] for name in self.EVERYDAY if name in offered],
            sorting=[offered[name] for name in self.SORTING if name in offered],
        )

    def _ticket(self, request: HttpRequest, object_id: str | int) -> Ticket:
        """:raises Http404: no such ticket"""
        self._require_view(request)
        known = str(object_id)
        found = Ticket.objects.select_related(
            "user__personal_key", "assignee", "queue", "merged_into", "follows"
        )
        ticket = found.filter(pk=int(known)).first() if known.isdecimal() and len(known) < 19 else None
        if ticket is None:
            raise Http404
        return ticket

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _require_work(self, request: HttpRequest, object_id: int | None = None) -> None:
        if not self.has_work_permission(request, object_id):
            raise PermissionDenied


def _views(request: HttpRequest, figures: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "name": view.name,
            "query": view.query,
            "count": figures.get(view.counted),
            "is_open": _same(request, view.query),
        }
        for view in VIEWS
    ]


def _query(request: HttpRequest) -> str:
    """The filters that this page was asked for with; not which page of it, nor what was searched."""
    return urlencode([(key, value) for key, value in request.GET.items() if key not in {"p", "q", "e"}])


def _same(request: HttpRequest, query: str) -> bool:
    return sorted(parse_qsl(_query(request))) == sorted(parse_qsl(query))


def _menu(spec: Any, changelist: Any) -> dict[str, Any]:
    choices = list(spec.choices(changelist))
    chosen = next((choice["display"] for choice in choices[1:] if choice["selected"]), "")
    return {"title": spec.title, "choices": choices, "chosen": chosen}


def _pages(changelist: Any) -> dict[str, str]:
    """Where the page before and the page after are, where there are any."""
    number, last = changelist.page_num, changelist.paginator.num_pages
    around = {"上一页": number - 1, "下一页": number + 1}
    return {
        name: changelist.get_query_string({"p": page}) for name, page in around.items() if 1 <= page <= last
    }
