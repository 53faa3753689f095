"""Setting up the authenticator, looking after it, and the recovery codes that are shown once."""

from typing import Any

import django_otp
import segno
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.errors import SecondFactorPaused, SecondFactorRefused
from accounts.rules.one_time_codes import provisioning_uri
from accounts.selectors.staff import authenticator_being_set_up, authenticator_of, recovery_codes_left
from accounts.services.second_factors import (
    begin_set_up,
    cancel_set_up,
    confirm_set_up,
    prove_second_factor,
    renew_recovery_codes,
)
from wallet_project.kit.admin import staff_id

ISSUER = "钱包管理后台"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="动态码",
        max_length=24,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "autofocus": ""}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """
    For a member of staff who has logged in by password: set up the authenticator. For one who has shown
    their code: replace it, or make new recovery codes.
    """
    if not (request.user.is_authenticated and request.user.is_staff):
        return redirect("admin:login")
    has_one = authenticator_of(staff_id(request)) is not None
    if has_one and not admin.site.has_permission(request):
        return redirect("admin:login")
    if not has_one or authenticator_being_set_up(staff_id(request)):
        return _set_up(request)
    return _look_after(request)


def _set_up(request: HttpRequest) -> HttpResponse:
    if request.POST.get("wish") == "cancel":
        cancel_set_up(staff_id=staff_id(request))
        return redirect("admin:second_factor")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            authenticator, codes = confirm_set_up(staff_id=staff_id(request), code=form.cleaned_data["code"])
        except (SecondFactorRefused, SecondFactorPaused) as error:
            form.add_error("code", str(error.message))
        else:
            django_otp.login(request, authenticator)
            request.session.cycle_key()
            return _show_codes(request, codes)
    secret = begin_set_up(staff_id=staff_id(request))
    uri = provisioning_uri(secret_base32=secret, account=request.user.get_username(), issuer=ISSUER)
    return _page(
        request,
        "set_up",
        form=form,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        qr_code=segno.make(uri, error="m").svg_inline(scale=5, border=2, light="#fff"),
        replaces=admin.site.has_permission(request),
    )


def _look_after(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            prove_second_factor(staff_id=staff_id(request), code=form.cleaned_data["code"])
        except (SecondFactorRefused, SecondFactorPaused) as error:
            form.add_error("code", str(error.message))
        else:
            if request.POST.get("wish") == "renew":
                return _show_codes(request, renew_recovery_codes(staff_id=staff_id(request)))
            begin_set_up(staff_id=staff_id(request))
            messages.info(request, "新的验证器确认之前，原来的继续有效。")
            return redirect("admin:second_factor")
    authenticator = authenticator_of(staff_id(request))
    return _page(
        request,
        "look_after",
        form=form,
        authenticator=authenticator,
        codes_left=authenticator and recovery_codes_left(authenticator),
    )


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _page(request, "codes", codes=codes)


def _page(request: HttpRequest, step: str, **facts: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "双重验证", "step": step, **facts}
    return TemplateResponse(request, "admin/second_factor.html", context)
