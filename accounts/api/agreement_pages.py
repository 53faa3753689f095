"""The pages on which people read an agreement: in the mini-program's web-view, or anywhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import AgreementVersion
from accounts.rules.agreement_texts import as_html
from accounts.selectors.agreements import (
    current_agreement,
    kind_of,
    published_version,
    published_versions,
    slug_of,
)
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound


@require_safe
def show_current(request: HttpRequest, kind: str) -> HttpResponse:
    """The text in force."""
    try:
        return _page(request, current_agreement(kind_of(kind), clock.now()))
    except NotFound:
        return render(request, "404.html", status=404)


@require_safe
def show_version(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """One version: announced, in force or outdated."""
    try:
        return _page(request, published_version(kind_of(kind), version))
    except NotFound:
        return render(request, "404.html", status=404)


def _page(request: HttpRequest, agreement: AgreementVersion) -> HttpResponse:
    others = published_versions().filter(kind=agreement.kind).exclude(pk=agreement.pk)
    facts = {
        "agreement": agreement,
        "text": as_html(agreement.body),
        "others": others.order_by("-version"),
        "slug": slug_of(agreement.kind),
        "is_announced": agreement.effective_at and agreement.effective_at > clock.now(),
    }
    return render(request, "accounts/agreement.html", facts)
