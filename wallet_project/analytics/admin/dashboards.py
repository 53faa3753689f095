"""The pages of numbers: in a period, beside another one, of everybody or of an audience."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from wallet_project.analytics.admin.panels import filled_panels
from wallet_project.analytics.models import WatchedSegment
from wallet_project.analytics.rules.boards import BOARDS
from wallet_project.analytics.rules.panels import Board
from wallet_project.analytics.rules.periods import (
    MOST_DAYS,
    Against,
    Period,
    Span,
    compared_with,
    period_of,
)
from wallet_project.analytics.selectors.boards import Readings, codes_of, read
from wallet_project.analytics.services.exports import FORMATS, export_board
from wallet_project.kit import clock
from wallet_project.kit.admin import staff_id
from wallet_project.kit.errors import DomainError

_EXPORT = "analytics.export_figure"
_EARLIEST = date(2010, 1, 1)  # nothing was sold before
_DAY = UnfoldAdminTextInputWidget(attrs={"type": "date"})


class BoardForm(forms.Form):
    """What a page is about. `asked` is filled by `clean`: nothing chosen is the page's own."""

    span = forms.ChoiceField(
        label="时间", choices=Span.choices, required=False, widget=UnfoldAdminSelectWidget
    )
    first = forms.DateField(label="从", required=False, widget=_DAY)
    last = forms.DateField(label="到", required=False, widget=_DAY)
    against = forms.ChoiceField(
        label="对比", choices=Against.choices, required=False, widget=UnfoldAdminSelectWidget
    )
    cut = forms.ChoiceField(label="人群", required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, board: Board, **options: Any) -> None:
        super().__init__(*args, **options)
        self.board = board
        watched = WatchedSegment.objects.select_related("segment").order_by("segment__name")
        audiences: Any = self.fields["cut"]
        audiences.choices = [("", "所有人"), *((each.cut, str(each)) for each in watched)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        today = clock.business_day(clock.now())
        span = Span(given.get("span") or self.board.span)
        if span is Span.OWN:
            given["period"] = self._own(given.get("first"), given.get("last"), today)
        else:
            given["period"] = period_of(span, today=today)
        return given

    def _own(self, first: date | None, last: date | None, today: date) -> Period:
        if not first or not last:
            raise forms.ValidationError("请选择起止日期")
        if not _EARLIEST <= first <= last <= today:
            raise forms.ValidationError("起始日期不能晚于截止日期，截止日期不能晚于今天")
        period = Period(first=first, last=last)
        if period.days > MOST_DAYS:
            raise forms.ValidationError(f"最多查看 {MOST_DAYS} 天")
        return period

    @property
    def question(self) -> str:
        """The same page again, as an address."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


def show_board(request: HttpRequest, code: str) -> HttpResponse:
    """:raises Http404: there is no such page"""
    board = _board(request, code)
    form, readings = _asked(request, board)
    return TemplateResponse(
        request,
        "analytics/board.html",
        {
            **admin.site.each_context(request),
            "title": board.title,
            "board": board,
            "boards": [each for each in BOARDS.values() if request.user.has_perm(each.permission)],
            "form": form,
            "readings": readings,
            "panels": list(filled_panels(board, readings=readings, now=clock.now())),
            "formats": FORMATS if request.user.has_perm(_EXPORT) else {},
        },
    )


@require_POST
def take_board(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The same numbers as a file; that they were taken is in the audit trail."""
    board = _board(request, code)
    if not request.user.has_perm(_EXPORT) or kind not in FORMATS:
        raise PermissionDenied
    _form, readings = _asked(request, board)
    try:
        content = export_board(board=board, readings=readings, kind=kind, staff_id=staff_id(request))
    except DomainError as error:
        messages.error(request, str(error.message))
        return show_board(request, code)
    name = f"{board.code}-{readings.period.first}-{readings.period.last}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=FORMATS[kind], headers=headers)


def _board(request: HttpRequest, code: str) -> Board:
    if code not in BOARDS:
        raise Http404
    board = BOARDS[code]
    if not request.user.has_perm(board.permission):
        raise PermissionDenied
    return board


def _asked(request: HttpRequest, board: Board) -> tuple[BoardForm, Readings]:
    """What cannot be answered is said, and the page shows what it shows by itself."""
    by_itself = {"span": board.span.value, "against": board.against.value}
    form = BoardForm({**by_itself, **request.GET.dict()}, board=board)
    if not form.is_valid():
        for said in form.errors.values():
            messages.error(request, "；".join(map(str, said)))
        form = BoardForm(by_itself, board=board)
        form.full_clean()
    given = form.cleaned_data
    period = given["period"]
    before = compared_with(period, Against(given["against"] or board.against))
    return form, read(codes_of(board), period=period, before=before, cut=given["cut"], now=clock.now())
