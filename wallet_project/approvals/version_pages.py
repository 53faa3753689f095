"""What counts now, what will, and what did: pages of versions that two people agreed to."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from unfold.widgets import UnfoldAdminTextInputWidget

from wallet_project.approvals.standing import Standing, with_standing
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, show_label

_COLOURS = {Standing.IN_FORCE: "success", Standing.COMING: "info"}


class LocalTimeInput(UnfoldAdminTextInputWidget):
    input_type = "datetime-local"


class StandingFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(standing.value, standing.label) for standing in Standing]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(standing=self.value()) if self.value() else queryset


class VersionAdmin(ReadOnlyAdmin):
    """`versions_of` names the columns that say of what a row is a version."""

    versions_of: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        names = get_user_model()._default_manager.values("nickname")
        versions = super().get_queryset(request)
        return with_standing(versions, of=self.versions_of, at=clock.now()).annotate(
            maker_name=Subquery(names.filter(pk=OuterRef("proposed_by"))),
            checker_name=Subquery(names.filter(pk=OuterRef("approved_by"))),
        )

    @admin.display(description="状态")
    def shown_standing(self, version: Any) -> Any:
        standing = Standing(version.standing)
        return show_label(str(standing.label), _COLOURS.get(standing))

    @admin.display(description="截止时间")
    def shown_end(self, version: Any) -> Any:
        return date_format(localtime(version.ends), "DATETIME_FORMAT") if version.ends else "—"

    @admin.display(description="申请人")
    def shown_maker(self, version: Any) -> str:
        return version.maker_name or "随系统提供"

    @admin.display(description="审批人")
    def shown_checker(self, version: Any) -> str:
        return version.checker_name or "随系统提供"
