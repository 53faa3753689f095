"""When people are at work: hours, a year's holidays, and a warning while a year is missing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from feedback.admin.proposing import ProposalForm, hand_in
from feedback.models import BusinessCalendar, SpecialDays
from feedback.rules.calendars import WEEKDAYS, periods_in_text
from feedback.selectors.calendars import periods_of, years_to_enter
from feedback.services.calendars import propose_hours, propose_year
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, show_label, staff_id


class TimeInput(UnfoldAdminTextInputWidget):
    input_type = "time"


class HoursForm(ProposalForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="工作日",
        choices=list(enumerate(WEEKDAYS, start=1)),
        coerce=int,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    opens = forms.TimeField(label="上班时间", widget=TimeInput)
    closes = forms.TimeField(label="下班时间", help_text="24:00 请填 00:00", widget=TimeInput)
    keeps_holidays = forms.BooleanField(
        label="按国家节假日安排", required=False, widget=UnfoldBooleanSwitchWidget
    )


class YearForm(ProposalForm):
    year = forms.IntegerField(
        label="年度", min_value=2020, max_value=2099, widget=UnfoldAdminIntegerFieldWidget
    )
    text = forms.CharField(
        label="安排",
        max_length=4_000,
        help_text="每行一段，如“国庆节 2027-10-01 2027-10-07 休”；调休上班的日子写“国庆节 2027-10-09 班”",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
    )


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(ReadOnlyAdmin):
    list_display = ("name", "shown_hours")
    fields = ("name", "shown_hours")
    readonly_fields = fields
    ordering = ("id",)
    actions_detail = ("propose",)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("feedback.change_businesscalendar")

    @action(description="申请调整", url_path="propose", permissions=["propose"])
    def propose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        calendar = BusinessCalendar.objects.get(pk=object_id)
        now = {name: getattr(calendar, name) for name in ("weekdays", "opens", "closes", "keeps_holidays")}

        def ask(given: dict[str, Any]) -> None:
            hours = {
                **{name: given[name] for name in ("weekdays", "keeps_holidays")},
                **{name: given[name].isoformat("minutes") for name in ("opens", "closes")},
            }
            propose_hours(calendar=calendar, hours=hours, reason=given["reason"], maker_id=staff_id(request))

        return hand_in(
            request,
            self,
            form=HoursForm(request.POST or None, initial=now),
            title=f"申请调整{calendar.name}",
            explains="由另一位有审批权限的同事批准后生效，未完结的工单也按此重新计时。",
            propose=ask,
        )

    @admin.display(description="时间")
    def shown_hours(self, calendar: BusinessCalendar) -> str:
        return calendar.in_words


@admin.register(SpecialDays)
class SpecialDaysAdmin(ReadOnlyAdmin):
    list_display = ("year", "name", "first_day", "last_day", "shown_works")
    list_filter = ("year",)
    fields = list_display
    readonly_fields = fields
    ordering = ("-year", "first_day")
    actions_list = ("propose",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        for year in years_to_enter(clock.business_day(clock.now())):
            messages.warning(
                request, f"{year} 年的节假日安排还没有录入：在此之前，{year} 年只按周末休息计算时限。"
            )
        return super().changelist_view(request, extra_context)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("feedback.add_specialdays")

    @action(description="录入全年安排", url_path="propose", icon="edit_calendar", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        today = clock.business_day(clock.now())
        year = next(iter(years_to_enter(today)), today.year)

        def ask(given: dict[str, Any]) -> None:
            propose_year(
                year=given["year"],
                text=given["text"],
                reason=given["reason"],
                maker_id=staff_id(request),
            )

        return hand_in(
            request,
            self,
            form=YearForm(
                request.POST or None, initial={"year": year, "text": periods_in_text(periods_of(year))}
            ),
            title="录入全年节假日安排",
            explains="照国务院办公厅当年的通知录入，取代这一年原有的安排。由另一位同事核对批准后生效。",
            propose=ask,
        )

    @admin.display(description="安排", ordering="works")
    def shown_works(self, days: SpecialDays) -> Any:
        return show_label("上班", "warning") if days.works else show_label("休息", "success")
