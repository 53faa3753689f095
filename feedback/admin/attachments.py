"""Pictures of a conversation, on the pages of the staff."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from feedback.errors import PictureGone
from feedback.models import Attachment
from feedback.services.attachments import open_picture
from wallet_project.audit.services import record_audit
from wallet_project.kit.api.downloads import picture_file
from wallet_project.kit.errors import NotFound


def show_picture(request: HttpRequest, token: str) -> HttpResponse:
    """One picture, for whoever may read tickets; that it was looked at is noted."""
    if not request.user.has_perm("feedback.view_ticket"):
        raise PermissionDenied
    try:
        content = open_picture(token)
    except (NotFound, PictureGone) as error:
        raise Http404 from error
    record_audit(action="feedback.picture.seen", subject=f"picture:{token}", facts={})
    return picture_file(content, name=token)


def show_pictures(attachments: Iterable[Attachment]) -> Any:
    """Small, under what was said; each opens in its full size. Empty where there are none."""
    shown = format_html_join(
        "",
        '<a href="{0}" download><img src="{0}" width="{1}" height="{2}" alt="图片" loading="lazy"></a>',
        ((reverse("ticket_picture", args=[each.token]), each.width, each.height) for each in attachments),
    )
    return format_html('<div class="said-pictures">{}</div>', shown) if shown else ""
