"""The admin's site: nobody is let in without a second factor."""

from typing import Any

from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.sites import UnfoldAdminSite

from wallet_project.kit import clock

# The pages of accounts.admin register with this site, so it must exist before they can be imported.


class StaffSite(UnfoldAdminSite):
    index_title = "今日工作台"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and getattr(request.user, "otp_device", None) is not None

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from wallet_project.analytics.admin.morning import morning_of
        from wallet_project.kit.admin import waiting_for
        from wallet_project.kit.circuits import open_circuits
        from wallet_project.pauses.selectors import open_pauses

        now = clock.now()
        morning = {
            "pauses": open_pauses(),
            "circuits": open_circuits(),
            "waiting": waiting_for(request, self, at=now),
            **morning_of(request, at=now),
        }
        return super().index(request, {**morning, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from accounts.admin.login import StaffLoginForm

        self.login_form = StaffLoginForm
        return super().login(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from accounts.admin.login import OwnPasswordForm

        request.current_app = self.name
        answer: Any = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
        return answer

    def extra_urls(self) -> list[URLPattern]:
        from accounts.admin.second_factor import second_factor

        return [path("second-factor/", second_factor, name="second_factor")]
