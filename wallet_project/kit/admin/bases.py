"""The one base of every admin page, so that the theme can change in one place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from wallet_project.kit.admin.forms import YuanField
from wallet_project.kit.admin.waiting import Waits
from wallet_project.kit.context import viewer_may
from wallet_project.kit.errors import DomainError
from wallet_project.kit.money import yuan


class WalletAdmin(ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    waits: Waits | None = None

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[str], str]]:
        """What is typed in yuan is read in yuan, too, by whoever may only look."""
        return {name: _in_yuan for name, field in self.form.base_fields.items() if type(field) is YuanField}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """
        A list may be narrowed by its own filters only. Django lets any column of the row's own be asked about
        in the address, and so a password's hash be guessed letter by letter.
        """
        column = lookup.partition("__")[0]
        offered = {each if isinstance(each, str) else each[0] for each in _filters_of(self, request)}
        if column in {field.name for field in self.opts.get_fields()}:
            return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """
        Where all that is searched for must be whole ("=number"), each column is looked up along its index.
        Django asks for all of them in one condition, in capitals and over joins, and so reads the table.
        """
        columns = [name.removeprefix("=") for name in self.get_search_fields(request) if name.startswith("=")]
        term = search_term.strip()
        if not term or len(columns) < len(self.get_search_fields(request)):
            return super().get_search_results(request, queryset, search_term)
        found = [rows for column in columns if (rows := _rows_with(self.model, column, term)) is not None]
        return (queryset.filter(pk__in=found[0].union(*found[1:])) if found else queryset.none()), False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """:raises Http404: for what is no number of a row; the permissions of acts look rows up by it"""
        try:
            self.opts.pk.to_python(object_id)
        except ValidationError as error:
            raise Http404 from error
        answer: HttpResponse = super().change_view(request, object_id, *args, **options)
        return answer

    def back_to(self, object_id: str | int) -> HttpResponse:
        """The page of the row that something was done to."""
        return redirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
        )

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """One by one, so that the trail, which follows this log, hears of each."""
        return [super(WalletAdmin, self).log_deletions(request, [row]) for row in queryset]


def _rows_with(model: type[models.Model], column: str, term: str) -> models.QuerySet[Any] | None:
    """Keys of the rows that have it, as typed or in capitals as our numbers are; None: it cannot be there."""
    field: Any = get_fields_from_path(model, column)[-1]
    try:
        values = {field.clean(each, None) for each in (term, term.upper())}
    except ValidationError:
        return None
    return model._default_manager.filter(**{f"{column}__in": values}).order_by().values("pk")


def _filters_of(page: ModelAdmin, request: HttpRequest) -> list[Any]:
    """Names of columns, alone or with the filter that shows them; filters of another kind name none."""
    return [each for each in page.get_list_filter(request) if isinstance(each, str | tuple)]


class ReadOnlyAdmin(WalletAdmin):
    """To look at and search, never to change: money and what WeChat said."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Without Django's history, which knows only its own forms: these rows' is the audit trail."""
        context = {"show_history": False, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReasonForm(BaseDialogForm):
    """The dialog of an act that must be explained."""

    reason = forms.CharField(label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)


@contextmanager
def told(request: HttpRequest, said: str) -> Iterator[None]:
    """Around one act: whoever asked for it is told that it is done, or why it is not."""
    try:
        yield
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said)


def show_once(request: HttpRequest, shown: dict[str, str]) -> HttpResponse:
    """In place of the dialog's form: label → text, which no cache and no history keeps."""
    answer = TemplateResponse(request, "admin/shown_once.html", {"shown": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def staff_id(request: HttpRequest) -> int:
    """Who sits at the page; behind the admin's own login."""
    known: Any = request.user.pk
    return known


def _in_yuan(shown: str) -> str:
    return f"{yuan(int(shown))} 元" if shown.isdigit() else shown


def show_yuan(amount: int | None) -> Any:
    """An amount of fen as people read it: yuan; in tables to the right (admin.css)."""
    return "—" if amount is None else format_html('<span class="yuan">{}</span>', yuan(amount))


def show_label(text: str, colour: str | None = None) -> Any:
    """A state as a coloured label: info, success, warning, danger, or grey."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def show_table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows inside a page; a text of several lines keeps them."""
    shown = [[_in_lines(cell) for cell in row] for row in rows]
    return render_to_string("unfold/components/table.html", {"table": {"headers": headers, "rows": shown}})


def _in_lines(cell: Any) -> Any:
    """What does not fit on one line, or has several."""
    if type(cell) is not str or (len(cell) <= 60 and "\n" not in cell):
        return cell
    return format_html('<div class="in-lines">{}</div>', cell)


def link_to(row: models.Model | None, text: str = "") -> Any:
    """A link to a row's own admin page, under its name or under `text`; no link for whom it is closed to."""
    if row is None:
        return "—"
    if not viewer_may(f"{row._meta.app_label}.view_{row._meta.model_name}"):
        return text or str(row)
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', address, text or row)
