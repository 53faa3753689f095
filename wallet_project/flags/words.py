"""To whom a feature is open, as staff read it."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string

from wallet_project.flags.services import Release


def segment_names() -> dict[int, str]:
    """Audiences by id, asked above."""
    names: dict[int, str] = import_string(settings.FLAG_SEGMENT_NAMES)()
    return names


def people_among(ids: Any) -> list[Any]:
    people: Any = get_user_model()
    return list(people.objects.filter(pk__in=ids).order_by("pk"))


def in_words(to: Release) -> str:
    """全部关闭, 全部开放, or who: 10% · 人群“新客” · 员工 · 指定 2 人."""
    if to.everyone is not None:
        return "全部开放" if to.everyone else "全部关闭"
    reached = [f"{to.percent}% 的顾客"] if to.percent else []
    if to.segment:
        reached.append(f"人群“{segment_names().get(to.segment, '已删除')}”")
    if to.staff:
        reached.append("员工")
    if to.people:
        reached.append(f"指定的 {len(to.people)} 人")
    return " · ".join(reached) or "无人"
