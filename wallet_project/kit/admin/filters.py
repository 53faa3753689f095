"""Filters that many lists share."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from wallet_project.kit import clock


class MonthFilter(SimpleListFilter):
    """By the row's own column `month`, from that of the first row until now; Django would read them all."""

    title = "月份"
    parameter_name = "of_month"  # a column of the row may not be asked about in the address

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        first = model_admin.model._default_manager.order_by("pk").values_list("month", flat=True).first()
        months, month = [], clock.business_month(clock.now())
        while first and month >= first:
            months.append((month, month))
            month = clock.business_month(clock.borders_of(month)[0] - timedelta(days=1))
        return months

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(month=self.value()) if self.value() else queryset


class DayRangeFilter(RangeDateFilter):
    """From this Shanghai day to that one, both included. Needs `list_filter_submit`."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if first := self._day("from"):
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": first})
        if last := self._day("to"):
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": last + timedelta(days=1)})
        return queryset

    def _day(self, end: str) -> datetime | None:
        day = parse_date_str(self.used_parameters.get(f"{self.parameter_name}_{end}", ""))
        return clock.beginning_of(day) if day else None
