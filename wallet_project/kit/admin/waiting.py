"""What waits for whoever opens the admin: pages say which of their rows do, the home page counts them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class Waits:
    """
    For the attribute `waits` of a page: `which` of its rows wait for whoever has `permission`, and which of
    them are `late` by a moment. `shows` narrows the page's list to them.
    """

    words: str
    permission: str
    which: Q | Callable[[HttpRequest], Q]
    late: Callable[[datetime], Q] | None = None
    shows: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    words: str
    link: str
    count: int
    late: int


def waiting_for(request: HttpRequest, site: AdminSite, *, at: datetime) -> list[Waiting]:
    """What waits for this member of staff, late things first; a query for each page."""
    found = []
    for model, page in site._registry.items():
        waits: Waits | None = getattr(page, "waits", None)
        if waits and request.user.has_perm(waits.permission) and page.has_view_permission(request):
            which = waits.which if isinstance(waits.which, Q) else waits.which(request)
            late = waits.late(at) if waits.late else None
            counted = {"count": Count("pk"), **({"late": Count("pk", filter=late)} if late else {})}
            counts: dict[str, Any] = model._default_manager.filter(which).aggregate(**counted)
            list_page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            found.append(
                Waiting(
                    words=waits.words,
                    link=f"{list_page}?{urlencode(waits.shows)}" if waits.shows else list_page,
                    count=counts["count"],
                    late=counts.get("late", 0),
                )
            )
    waiting = [each for each in found if each.count]
    return sorted(waiting, key=lambda each: (-each.late, -each.count))
