"""What differences, exceptions and risk cases have in common: somebody answers for a row, until a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import User
from wallet_project.audit.naming import NamingAdmin, People, named, people_among
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.words import in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import in_hours, row_act, show_due, show_table, staff_id

_SOON = timedelta(hours=4)
_TRAIL = 30
_COLLEAGUES = 20


class AssignForm(BaseDialogForm):
    """To whom."""

    assignee = forms.ModelChoiceField(
        label="处理人",
        queryset=User.objects.filter(is_staff=True, is_active=True).order_by("username"),
        widget=UnfoldAdminSelectWidget,
    )


class WorkFilter(admin.SimpleListFilter):
    """A filter that asks its page which rows are open."""

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.open_rows: Q = model_admin.open_rows
        self.who = staff_id(request)
        super().__init__(request, params, model, model_admin)


class ProgressFilter(WorkFilter):
    title, parameter_name = "进展", "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "未处理"), ("late", "已逾期"), ("no", "已结束")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(self.open_rows)
            case "late":
                return queryset.filter(self.open_rows, due_at__lt=clock.now())
            case "no":
                return queryset.exclude(self.open_rows)
        return queryset


class OwnerFilter(WorkFilter):
    title, parameter_name = "处理人", "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        busy = model_admin.model.objects.filter(self.open_rows, assignee_id__isnull=False)
        colleagues = User.objects.filter(pk__in=busy.values("assignee_id")).exclude(pk=self.who)
        names = [(str(each.pk), str(each)) for each in colleagues.order_by("username")[:_COLLEAGUES]]
        return [("me", "我"), ("nobody", "无人"), *names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case "me":
                return queryset.filter(assignee_id=self.who)
            case "nobody":
                return queryset.filter(assignee_id=None)
            case number:
                return queryset.filter(assignee_id=int(number) if number.isdecimal() else 0)


class WorkAdmin(NamingAdmin):
    """
    A queue. Its rows have `assignee_id`, `due_at`, `is_open`, `opened_at` and `ended_at`.

    `open_rows` says which rows are open, `people_in` which columns name somebody. Whoever
    `has_work_permission` takes a row, gives it away and writes down what they found.
    """

    open_rows: ClassVar[Q]
    people_in: ClassVar[tuple[str, ...]] = ("assignee_id",)

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        raise NotImplementedError

    def still_open(self, object_id: str | None) -> bool:
        """Whether the row of an open page is; True for a list."""
        return object_id is None or self.model.objects.filter(self.open_rows, pk=object_id).exists()

    def assign(self, object_id: str, assignee_id: int) -> None:
        raise NotImplementedError

    def write_down(self, object_id: str, text: str) -> None:
        raise NotImplementedError

    def trail_of(self, row: Any) -> str:
        """The subject under which the audit trail has it."""
        raise NotImplementedError

    def people_of(self, rows: Iterable[Any]) -> People:
        mentioned = {getattr(row, column) for row in rows for column in self.people_in} - {None}
        return User.objects.in_bulk(mentioned) if mentioned else {}

    @row_act("接手", permissions=["view", "work"], done="已由您处理", form=None)
    def take(self, request: HttpRequest, object_id: str) -> None:
        self.assign(object_id, staff_id(request))

    @row_act(
        "指派",
        permissions=["view", "work"],
        done="已指派",
        title="指派给同事",
        submit="指派",
        form=AssignForm,
    )
    def give(self, request: HttpRequest, form: AssignForm, object_id: str) -> None:
        self.assign(object_id, form.cleaned_data["assignee"].pk)

    @row_act("备注", permissions=["view", "work"], done="已保存", title="写下查到的情况", submit="保存")
    def write_note(self, request: HttpRequest, form: Any, object_id: str) -> None:
        self.write_down(object_id, form.cleaned_data["reason"])

    @admin.display(description="处理人")
    def shown_assignee(self, row: Any) -> str:
        if row.assignee_id:
            return self.name_of(row, row.assignee_id)
        return "无人接手" if row.is_open else "—"

    @admin.display(description="时限", ordering="due_at")
    def shown_due(self, row: Any) -> Any:
        """How much time is left, or by how much it is late; nothing once it is over."""
        return show_work_due(row, at=clock.now())

    @admin.display(description="已历时")
    def shown_age(self, row: Any) -> str:
        return in_hours((row.ended_at or clock.now()) - row.opened_at)

    @admin.display(description="处理过程")
    def shown_trail(self, row: Any) -> str:
        entries = list(latest_about(self.trail_of(row), limit=_TRAIL))
        people = people_among(entry.actor for entry in entries)
        rows = [
            [
                clock.in_words(entry.at),
                in_words(entry.action),
                entry.facts.get("reason") or entry.facts.get("comment", ""),
                named(entry.actor, people),
            ]
            for entry in entries
        ]
        return show_table(["时间", "操作", "说明", "操作者"], rows) if rows else "—"

    def name_of(self, row: Any, number: int | None) -> str:
        return str(row.people.get(number, "—"))


def show_work_due(row: Any, *, at: datetime) -> Any:
    return show_due(row.due_at, at=at, soon=_SOON) if row.is_open else "—"
